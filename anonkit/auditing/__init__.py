"""The audit: proof on the written bytes that nobody can be found in them.

It shares nothing with the code that replaces: no module here imports `anonkit.text` (import-linter checks it), so that
one mistake cannot hide in both.
"""
