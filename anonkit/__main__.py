"""The program, as it is installed and as `python -m anonkit`.

Where workers start from nothing they import this module again, so nothing else is imported before it is needed.
"""

from __future__ import annotations

import sys

__all__ = ["main"]


def main() -> int:
    """Run the program with the arguments of the process; return its exit status (see `anonkit.cli.main`)."""
    try:
        from anonkit.cli import main as program

        return program()
    except KeyboardInterrupt:  # before the command line can report it
        print("anonkit: interrupted", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
