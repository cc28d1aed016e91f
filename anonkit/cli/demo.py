"""`anonkit demo`."""

from __future__ import annotations

import shlex
from pathlib import Path

import click

from anonkit.cli.json_output import json_option, print_json
from anonkit.errors import OutputError, nearest
from anonkit.printable import printable
from anonkit.tables import count, size

__all__ = ["command"]


_FORMATS = (
    "parquet", "csv", "tsv", "json", "jsonl", "long", "history", "ads", "xml", "sacct", "swf", "duckdb", "sqlite",
)  # fmt: skip
_TABLES = ("parquet", "duckdb", "sqlite")


def _known_format(ctx: click.Context, parameter: click.Parameter, value: str) -> str:
    form, _, compression = value.partition(".")
    if form not in _FORMATS or compression not in ("", "gz", "bz2", "xz", "zst") or (compression and form in _TABLES):
        raise click.BadParameter(f"no format {value!r}{nearest(value, _FORMATS)}; choose one of {', '.join(_FORMATS)}")
    return value


@click.command(name="demo")
@click.argument("output", metavar="OUT", type=click.Path(path_type=Path))
@click.option("--rows", type=click.IntRange(min=1), default=200_000, show_default=True, help="Number of jobs.")
@click.option("--seed", type=int, default=0, show_default=True, help="The same seed gives the same data.")
@click.option("--files", type=click.IntRange(min=1), default=6, show_default=True, help="Number of files.")
@click.option(
    "--attributes",
    type=click.Choice(["usual", "all"]),
    default="usual",
    show_default=True,
    help="Columns of the records; all: some of every class of `anonkit catalogue`, also secrets.",
)
@click.option(
    "--format",
    "form",
    metavar="FORMAT",
    default="parquet",
    show_default=True,
    callback=_known_format,
    shell_complete=lambda ctx, parameter, incomplete: [form for form in _FORMATS if form.startswith(incomplete)],
    help=f"Format of the files: {', '.join(_FORMATS)}; csv.gz and the like compress it by gz, bz2, xz, zst.",
)
@json_option
def command(output: Path, rows: int, seed: int, files: int, attributes: str, form: str, as_json: bool) -> None:
    """Write made-up job records to try things on.

    OUT is the folder for the files. The jobs are shaped like those of a real computing centre; all people in
    them are invented.

    \b
    Examples:
      anonkit demo data
      anonkit demo data --rows 20000 --format csv.gz
    """
    from anonkit.demo import write_demo

    try:
        paths = write_demo(output, rows=rows, seed=seed, files=files, all_attributes=attributes == "all", form=form)
    except FileExistsError as error:
        raise OutputError(str(error)) from None
    except OSError as error:
        advice = "check free space and permissions, or name another folder"
        raise OutputError(f"{output}: cannot be written to ({error.strerror}); {advice}") from None
    if as_json:
        print_json({"rows": rows, "files": [{"path": str(path), "size": path.stat().st_size} for path in paths]})
        return
    for path in paths:
        click.echo(f"{printable(str(path))}  {size(path.stat().st_size)}")
    click.echo(f"\n{count(rows)} rows. To anonymize them:\n")
    click.echo(f"  anonkit run --data-dir {printable(shlex.quote(str(output)))} --output-dir ./Output")
