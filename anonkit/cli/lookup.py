"""`anonkit lookup`."""

from __future__ import annotations

import sys

import attrs
import click

from anonkit.cli.json_output import json_option, print_json
from anonkit.cli.vault import MappingCommand, Vault
from anonkit.errors import InputError
from anonkit.printable import printable

__all__ = ["command"]


@click.command(cls=MappingCommand, name="lookup")
@json_option
def command(vault: Vault, as_json: bool) -> None:
    """Print the tokens of people and other identities.

    Names are read from standard input, one in each line, so that they do not show in the list of processes or in the
    shell's history. Each line of the answer has the number of the name's line, the token, the kind of identity and the
    identity, with tabs between them. The access log beside the mapping notes each use, with tokens alone. Exit status
    1: the mapping lacks a name.

    \b
    Examples:
      anonkit lookup --mapping mapping.json < names.txt
    """
    vault.check_path()
    from anonkit.mapping.lookup import lookup

    lines = enumerate(sys.stdin.read().splitlines(), 1)
    names = {number: name for number, line in lines if (name := line.strip())}
    if not names:
        raise InputError("standard input has no name; give a file with a name in each line: `< names.txt`")
    found = dict(zip(names, lookup(list(names.values()), vault.config), strict=True))
    entries = [{"line": number, **attrs.asdict(match)} for number, several in found.items() for match in several]
    if as_json:
        print_json(entries)
    else:
        for entry in entries:
            click.echo("\t".join(printable(str(cell or "")) for cell in entry.values()))
    if missing := [str(number) for number, several in found.items() if not several]:
        raise InputError(f"the mapping has no identity of the name in line {', '.join(missing)} of standard input")
