"""Messages on standard error."""

from __future__ import annotations

from collections.abc import Iterable

import click

from anonkit.errors import AnonkitError, ConfigError
from anonkit.printable import printable

__all__ = ["lines_of", "say", "warn_loudly"]


def say(*lines: str) -> None:
    """Write a message to stderr, its first line under the name of the program."""
    for position, line in enumerate(lines):
        click.echo(f"{'  ' if position else 'anonkit: '}{printable(line)}", err=True)


def warn_loudly(line: str) -> None:
    """Write a warning to stderr, in bold red."""
    click.secho(f"anonkit: WARNING: {printable(line)}", err=True, fg="red", bold=True)


def lines_of(error: AnonkitError) -> Iterable[str]:
    """Return the lines of an error's message: the number of mistakes, then one for each."""
    if isinstance(error, ConfigError) and len(error.mistakes) > 1:
        return (f"{len(error.mistakes)} mistakes in the configuration", *error.mistakes)
    return str(error).splitlines() or [type(error).__name__]
