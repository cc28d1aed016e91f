"""`anonkit reveal`."""

from __future__ import annotations

from pathlib import Path

import attrs
import click

from anonkit.cli.json_output import json_option, print_json
from anonkit.cli.vault import MappingCommand, Vault
from anonkit.printable import printable

__all__ = ["command"]


@click.command(cls=MappingCommand, name="reveal")
@click.argument("tokens", metavar="TOKEN…", nargs=-1, required=True)
@click.option(
    "--manifest",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="The manifest.json beside the output with the tokens: check that the mapping is of that run.",
)
@json_option
def command(vault: Vault, tokens: tuple[str, ...], manifest: Path | None, as_json: bool) -> None:
    """Print the identities of tokens.

    Each line has the token, the kind of identity and the identity, with tabs between them; for null the identity is
    empty. The access log beside the mapping notes each use.

    \b
    Examples:
      anonkit reveal UR7 EX_2 --mapping mapping.json
      anonkit reveal UR7 --mapping m.json --manifest Output/manifest.json
    """
    path = vault.path
    from anonkit.mapping import reveal

    found = reveal(path, tokens, keys=vault.keys, log=vault.log(path), manifest=manifest)
    if as_json:
        print_json([attrs.asdict(revealed) for revealed in found])
        return
    for revealed in found:
        click.echo("\t".join(printable(cell) for cell in (revealed.token, revealed.kind, revealed.identity or "")))
