"""`anonkit restore`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from anonkit.cli.messages import say
from anonkit.cli.vault import MappingCommand, Vault
from anonkit.tables import count

__all__ = ["command"]


@click.command(cls=MappingCommand, name="restore")
@click.argument("output_of_run", metavar="FILE", type=click.Path(path_type=Path))
@click.option(
    "--output",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Write to this file, readable by you alone, instead of to standard output.",
)
@click.option("--force", is_flag=True, help="Replace an existing file.")
def command(vault: Vault, output_of_run: Path, output: Path | None, force: bool) -> None:
    """Write an output with originals in place of tokens.

    FILE is text, JSON or HTML, compressed or not. The mapping must be that of the run, which the manifest.json beside
    the file names. The access log beside the mapping notes each use.

    \b
    Examples:
      anonkit restore Output/summary.json --mapping m.json --output s.json
    """
    path = vault.path
    from anonkit.mapping import restore

    target = sys.stdout.buffer if output is None else output
    done = restore(path, output_of_run, target, keys=vault.keys, log=vault.log(path), force=force)
    restored = f"{count(done.places)} places restored, of {count(done.tokens)} tokens"
    say(f"{restored}: ORIGINALS, for internal use only")
