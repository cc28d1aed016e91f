"""Runs with as many identities as rows, of one kind at a time: `python -m benchmarks.many_identities`."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import attrs

from benchmarks.demo_data import Bench
from benchmarks.document import markdown
from benchmarks.machine import machine
from benchmarks.processes import Contender, Series, contest, script
from benchmarks.results import Column, Goal, Report, Section, Table
from benchmarks.sizes import TINY

__all__ = ["main", "many_identities"]

KINDS = ("user", "address", "host", "certificate")
ROWS, SECONDS, MEGABYTES = 20_000, 15.0, 600.0


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print a table; return 1 when a run takes longer, or more memory, than is asked."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.many_identities", description=__doc__)
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--workers", type=int, default=2)
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="anonkit-benchmarks-") as temporary:
        section = many_identities(
            Bench(Path(temporary).resolve(), attrs.evolve(TINY, touched=1024), given.workers), given.rows
        )
    print(markdown(Report(machine(), (section,))))
    return 0 if all(goal.met for goal in section.goals) else 1


def many_identities(bench: Bench, rows: int) -> Section:
    """Measure a run over distinct users, addresses, hosts and certificates, in turn."""
    found = contest([_contender(bench, kind, rows) for kind in KINDS], bench.sizes.rounds)
    bench.clear_outputs()
    columns = (Column("distinct"), Column("wall, s", ".1f"), Column("CPU, s", ".1f"), Column("peak, MB", ".0f"))
    table = Table(
        f"{rows:,} rows, {bench.workers} workers",
        columns,
        tuple((one.name, one.wall, one.cpu, one.largest / 1e6) for one in found),
        "The peak is that of the largest process.",
    )
    return Section("As many identities as rows", (table,), goals=tuple(goal for one in found for goal in _goals(one)))


def _contender(bench: Bench, kind: str, rows: int) -> Contender:
    data = bench.made(f"distinct-{kind}-{rows}", lambda path: script("distinct_names", kind, rows, path))
    # Certificates are in a column that no row record shows.
    flags = ("--set", "run.learn=input", *(("--enable", "host") if kind == "host" else ()))
    return Contender(
        f"{kind}s" if kind != "address" else "addresses", partial(bench.run, data, bench.output(kind), *flags)
    )


def _goals(one: Series) -> tuple[Goal, Goal]:
    return (
        Goal(f"{one.name}: time", one.wall, SECONDS, "s"),
        Goal(f"{one.name}: memory", one.largest / 1e6, MEGABYTES, "MB"),
    )


if __name__ == "__main__":
    sys.exit(main())
