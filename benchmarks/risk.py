"""The risk of a data set, and settings that pass, beside peers: `python -m benchmarks.risk --peers PYTHON`.

PYTHON is an interpreter of an environment with pycanon, anjana and pyarrow; without it anonkit is measured alone.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from benchmarks.document import insert_text, markdown, table_as_markdown
from benchmarks.machine import machine
from benchmarks.processes import ROOT, Command, Contender, anonkit, contest, measured, script
from benchmarks.results import Column, Goal, Report, Section, Table
from benchmarks.risk_data import COLUMNS

__all__ = ["main"]

PEER_ROWS = (1_000, 10_000)
ROWS = (2_000_000, 20_000_000)
_TOUCHED = 512
SECONDS, GIGABYTES = 60.0, 3.0
_ALL = "k, l, t, classes of all subsets, users singled out"
_SETTINGS = "settings with which 11 users are alike"


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print a table or put it into a document; return 1 when the largest takes more than is asked."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.risk", description=__doc__)
    parser.add_argument("--rows", type=int, nargs="*", default=ROWS, help="of the data sets for anonkit alone")
    parser.add_argument("--peer-rows", type=int, nargs="*", default=PEER_ROWS, help="of those for all")
    parser.add_argument("--peers", type=Path, metavar="PYTHON", help="the interpreter of the peers' environment")
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--folder", type=Path, metavar="DIR", help="work here; otherwise in a temporary folder")
    parser.add_argument("--document", type=Path, metavar="FILE", help="put the table into this document")
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="anonkit-benchmarks-", dir=given.folder) as temporary:
        section = _measured(given, Path(temporary).resolve())
    report = Report(machine(), (section,))
    if given.document:
        machine_line = "; ".join(f"{name}: {value}" for name, value in report.machine)
        insert_text(f"{table_as_markdown(section.tables[0])}\n\n{machine_line}.\n", given.document)
    else:
        print(markdown(report))
    return 0 if all(goal.met for goal in section.goals) else 1


def _measured(given: argparse.Namespace, folder: Path) -> Section:
    rows = sorted({*given.peer_rows, *given.rows})
    contenders = [
        labelled for count in rows for labelled in _contenders(folder, count, given.peers, count in given.peer_rows)
    ]
    found = contest([contender for _, contender in contenders], given.rounds)
    columns = (
        *(Column("by"), Column("computed"), Column("rows", ",")),
        *(Column("wall, s", ".1f"), Column("CPU, s", ".1f"), Column("memory, GB", ".2f")),
    )
    table = Table(
        "The risk of 1,000 users in five columns",
        columns,
        tuple(
            (usage.name, what, count, usage.wall, usage.cpu, usage.largest / 1e9)
            for ((what, count), _), usage in zip(contenders, found, strict=True)
        ),
    )
    largest = found[-1]
    goals = (
        Goal(f"{rows[-1]:,} rows: time", largest.wall, SECONDS, "s"),
        Goal(f"{rows[-1]:,} rows: memory", largest.largest / 1e9, GIGABYTES, "GB"),
    )
    return Section("What risk costs", (table,), goals=goals)


def _contenders(
    folder: Path, rows: int, peers: Path | None, with_peers: bool
) -> Iterator[tuple[tuple[str, int], Contender]]:
    """Yield what is computed of how many rows, and the contender; a file of that many rows is made."""
    file = folder / f"{rows}.parquet"
    measured(script("risk_data", rows, file), folder, touched=1)
    columns = ("--columns", ",".join(COLUMNS))
    calls = [("anonkit risk", _ALL, anonkit("risk", file, *columns, "--sensitive", "ExitCode"))]
    if with_peers:
        if peers:
            calls.append(("pyCANON", "k, l, t", _peer(peers, "pyCANON", file)))
        calls.append(("anonkit risk --suggest", _SETTINGS, anonkit("risk", file, *columns, "--suggest")))
        if peers:
            calls.append(("ANJANA", "columns made coarser until 11 rows are alike", _peer(peers, "ANJANA", file)))
    for name, what, command in calls:
        yield (what, rows), Contender(name, partial(measured, command, folder, touched=_TOUCHED))


def _peer(python: Path, tool: str, file: Path) -> Command:
    return Command((str(python), "-m", "benchmarks.risk_peers", tool, str(file)), {"PYTHONPATH": str(ROOT)})


if __name__ == "__main__":
    sys.exit(main())
