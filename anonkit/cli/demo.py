"""`anonkit demo`."""

from __future__ import annotations

import shlex
from pathlib import Path

import click

from anonkit.cli.tables import count, size
from anonkit.printable import printable

__all__ = ["command"]


@click.command(name="demo")
@click.argument("output", metavar="OUT", type=click.Path(path_type=Path))
@click.option("--rows", type=click.IntRange(min=1), default=200_000, show_default=True, help="Number of jobs.")
@click.option("--seed", type=int, default=0, show_default=True, help="The same seed gives the same data.")
@click.option("--files", type=click.IntRange(min=1), default=6, show_default=True, help="Number of parquet files.")
@click.option(
    "--attributes",
    type=click.Choice(["usual", "all"]),
    default="usual",
    show_default=True,
    help="Columns of the records; all: some of every class of `anonkit catalogue`, also secrets.",
)
def command(output: Path, rows: int, seed: int, files: int, attributes: str) -> None:
    """Write made-up job records to try things on.

    OUT is the folder for the parquet files. The jobs are shaped like those of a real computing centre; all people in
    them are invented.
    """
    from anonkit.demo import write_demo

    for path in write_demo(output, rows=rows, seed=seed, files=files, all_attributes=attributes == "all"):
        click.echo(f"{printable(str(path))}  {size(path.stat().st_size)}")
    click.echo(f"\n{count(rows)} rows. To anonymize them:\n")
    click.echo(f"  anonkit run --data-dir {printable(shlex.quote(str(output)))} --output-dir ./Output")
