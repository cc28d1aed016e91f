"""`anonkit reveal`."""

from __future__ import annotations

from pathlib import Path

import click

from anonkit.cli.settings import MappingCommand
from anonkit.cli.vault import Vault
from anonkit.config import Overrides
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
@click.pass_context
def command(
    ctx: click.Context, file: str | None, overrides: Overrides, tokens: tuple[str, ...], manifest: Path | None
) -> None:
    """Print the identities of tokens.

    Each line has the token, the kind of identity and the identity, with tabs between them; for null the identity is
    empty. The access log beside the mapping notes each use.
    """
    vault = Vault.from_context(ctx, file, overrides)
    path = vault.path
    from anonkit.mapping import reveal

    for revealed in reveal(path, tokens, keys=vault.keys, log=vault.log(path), manifest=manifest):
        click.echo("\t".join(printable(cell) for cell in (revealed.token, revealed.kind, revealed.identity or "")))
