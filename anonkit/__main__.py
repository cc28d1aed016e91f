"""The program, as it is installed and as `python -m anonkit`: has workers made ready, then runs the command line.

The process that workers fork off needs as long for its imports as this one. So it starts before anything else, and what
workers import again with the program, this module, is next to nothing.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

__all__ = ["main"]


def main() -> int:
    """Run the program with the arguments of the process; return its exit status (see `anonkit.cli.main`)."""
    try:
        if _reads_rows(sys.argv[1:]):
            from anonkit.executors import prepare_workers

            # Long before it is known what they will do.
            prepare_workers(0)
        from anonkit.cli import main as program

        return program()
    except KeyboardInterrupt:  # before the command line is there to tell of it
        print("anonkit: interrupted", file=sys.stderr)
        return 130


def _reads_rows(arguments: Sequence[str]) -> bool:
    """Return whether this looks like a run with more than one worker. It may still turn out to be none."""
    command = " ".join(arguments).replace("=", " ")
    others = ("--help", "--dry-run", "--workers 1")
    return arguments[:1] == ["run"] and not any(f"{other} " in f"{command} " for other in others)


if __name__ == "__main__":
    sys.exit(main())
