"""The cost of reading each format, beside DuckDB or pyarrow alone on the same files.

    python -m benchmarks.formats FOLDER --rows 200000

Files that FOLDER does not have are made by `anonkit demo`. Each reading is a process of its own.
"""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from benchmarks.document import table_as_markdown
from benchmarks.format_reading import ALONE
from benchmarks.processes import Contender, Series, anonkit, contest, measured, script
from benchmarks.results import Column, Table, Value

__all__ = ["FORMATS", "format_table"]

FORMATS = ("parquet", "csv", "tsv", "json", "jsonl", "long", "xml", "sacct", "swf", "duckdb", "sqlite")


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


def _alone(costs: Series) -> tuple[Value, ...]:
    return costs.name, costs.cpu, costs.peak / 1e6


def main() -> None:
    """Print the table."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--formats", default=",".join(FORMATS))
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    table = format_table(given.folder, given.rows, tuple(given.formats.split(",")), given.rounds)
    sys.stdout.write(table_as_markdown(table) + "\n")


if __name__ == "__main__":
    main()
