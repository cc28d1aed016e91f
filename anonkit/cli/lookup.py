"""`anonkit lookup`."""

from __future__ import annotations

import sys

import click

from anonkit.cli.json_output import json_option, print_json
from anonkit.cli.settings import MappingCommand
from anonkit.cli.vault import Vault
from anonkit.config import Overrides
from anonkit.errors import InputError
from anonkit.printable import printable

__all__ = ["command"]


@click.command(cls=MappingCommand, name="lookup")
@json_option
@click.pass_context
def command(ctx: click.Context, file: str | None, overrides: Overrides, as_json: bool) -> None:
    """Print the tokens of people and other identities.

    Names are read from standard input, one in each line, so that they are in no list of processes and no history of
    commands. Each line of the answer has the number of the name's line, the token, the kind of identity and the
    identity, with tabs between them. The access log beside the mapping notes each use, with tokens alone. Exit status
    1: the mapping lacks a name.

    \b
    Examples:
      anonkit lookup --mapping mapping.json < names.txt
    """
    vault = Vault.from_context(ctx, file, overrides)
    _ = vault.path
    from anonkit.mapping.lookup import lookup

    names = [line.strip() for line in sys.stdin.read().splitlines()]
    asked = {number: name for number, name in enumerate(names, 1) if name}
    found = dict(zip(asked, lookup(list(asked.values()), vault.config), strict=True))
    rows = [(number, match) for number, several in found.items() for match in several]
    if as_json:
        entries = [
            {"line": n, "token": match.token, "kind": match.kind, "identity": match.identity} for n, match in rows
        ]
        print_json(entries)
    else:
        for number, match in rows:
            click.echo("\t".join((str(number), match.token, match.kind, printable(match.identity or ""))))
    if missing := [str(number) for number, several in found.items() if not several]:
        raise InputError(f"the mapping has no identity of the name in line {', '.join(missing)} of standard input")
