"""The cost of reading each format, beside DuckDB or pyarrow alone on the same files.

    python -m benchmarks.formats FOLDER --rows 200000
    python -m benchmarks.formats FOLDER --rows 200000 --growth 10

Files that FOLDER does not have are made by `anonkit demo`. Each reading is a process of its own. With `--growth` the
table has the memory for one file of so many rows, and for one of ten times as many; these are made and removed.
"""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from benchmarks.document import table_as_markdown
from benchmarks.format_growth import GROWING
from benchmarks.format_reading import ALONE
from benchmarks.processes import Contender, Series, anonkit, contest, measured, script
from benchmarks.results import Column, Table, Value

__all__ = ["FORMATS", "format_table", "growth_table"]

FORMATS = ("parquet", "csv", "tsv", "json", "jsonl", "long", "ads", "xml", "sacct", "swf", "duckdb", "sqlite")


def format_table(folder: Path, rows: int, formats: tuple[str, ...] = FORMATS, rounds: int = 3) -> Table:
    """Return the costs of reading each format, made in `folder` if need be."""
    columns = (
        Column("format"),
        Column("files, MB", ".0f"),
        Column("CPU, s", ".1f"),
        Column("MB/s", ".0f"),
        Column("peak, MB", ".0f"),
        Column("alone"),
        Column("its CPU, s", ".1f"),
        Column("its peak, MB", ".0f"),
    )
    found = tuple(row for form in formats for row in _row(folder / form, form, rows, rounds))
    return Table(f"{rows:,} rows, all columns, one thread", columns, found)


def _row(folder: Path, form: str, rows: int, rounds: int) -> Iterator[tuple[Value, ...]]:
    if not folder.exists():
        measured(anonkit("demo", "--rows", rows, "--format", form, folder), folder.parent, touched=1)
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6
    tools = ("anonkit", *(ALONE[one] for one in (form,) if one in ALONE))
    ours, *theirs = contest([_contender(tool, form, folder) for tool in tools], rounds)
    yield (form, size, ours.cpu, size / ours.cpu, ours.peak / 1e6, *(_alone(theirs[0]) if theirs else ("", None, None)))


def _contender(tool: str, form: str, folder: Path) -> Contender:
    return Contender(tool, partial(measured, script("format_reading", tool, form, folder), folder.parent, touched=1))


def growth_table(folder: Path, rows: int, times: int, formats: tuple[str, ...] = GROWING) -> Table:
    """Return the memory for reading one file of each format with `rows` rows and one with `times` as many."""
    titles = [f"{count:,} rows, {what}" for count in (rows, rows * times) for what in ("MB", "peak, MB")]
    columns = (Column("format"), *(Column(title, ".0f") for title in titles))
    found = tuple(
        (form, *_grown(folder / "grown", form, rows), *_grown(folder / "grown", form, rows * times)) for form in formats
    )
    return Table(f"memory for {times} times as many rows, one thread", columns, found)


def _grown(folder: Path, form: str, rows: int) -> tuple[Value, Value]:
    folder = folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"jobs.{form}"
    try:
        measured(script("format_growth", form, path, rows), folder.parent, touched=1)
        usage = measured(script("format_reading", "anonkit", form, folder), folder.parent, touched=1)
        sys.stderr.write(f"  {form}, {rows:,} rows: {usage.cpu:.1f} s of CPU, {usage.peak / 1e6:.0f} MB\n")
        return path.stat().st_size / 1e6, usage.peak / 1e6
    finally:
        path.unlink(missing_ok=True)


def _alone(costs: Series) -> tuple[Value, ...]:
    return costs.name, costs.cpu, costs.peak / 1e6


def main() -> None:
    """Print the table."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--formats", default="", help="some of the formats, with commas between them")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--growth", type=int, help="how many times as many rows to read for the memory")
    given = parser.parse_args()
    formats = tuple(given.formats.split(",")) if given.formats else None
    if given.growth:
        table = growth_table(given.folder, given.rows, given.growth, formats or GROWING)
    else:
        table = format_table(given.folder, given.rows, formats or FORMATS, given.rounds)
    sys.stdout.write(table_as_markdown(table) + "\n")


if __name__ == "__main__":
    main()
