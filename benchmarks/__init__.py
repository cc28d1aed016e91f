"""What anonkit costs, side by side with what else could be done: `python -m benchmarks`, or `make bench`.

Each module measures one thing and returns a `results.Section`. Modules with a `main` are scripts: they are what is
measured, always in a process of their own. `__main__` puts the sections together and writes the document.
"""
