"""`anonkit reveal`."""

from __future__ import annotations

from pathlib import Path

import click

from anonkit.cli.messages import printable

__all__ = ["command"]


@click.command(name="reveal")
@click.argument("tokens", metavar="TOKEN…", nargs=-1, required=True)
@click.option(
    "--mapping", metavar="FILE", type=click.Path(path_type=Path), required=True, help="The mapping that a run wrote."
)
def command(tokens: tuple[str, ...], mapping: Path) -> None:
    """Tell who is behind a token.

    Each line has the token, the kind of identity and the identity, with tabs between them; an identity that is null is
    left empty.
    """
    from anonkit.mapping import reveal

    for one in reveal(mapping, tokens):
        click.echo("\t".join(printable(cell) for cell in (one.token, one.kind, one.identity or "")))
