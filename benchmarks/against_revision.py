"""This tree and another checkout of it on the same data, in turn: `python -m benchmarks.against_revision CHECKOUT`.

Both run with the installed libraries, each with its own code. Their outputs must be the same bytes, the manifest apart.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import attrs

from benchmarks.costs import cost_table
from benchmarks.demo_data import MANIFEST, SITE, Bench
from benchmarks.document import markdown
from benchmarks.machine import machine
from benchmarks.processes import ROOT, Contender, Usage, anonkit, contest
from benchmarks.results import Check, Goal, Report, Section
from benchmarks.sizes import FULL, TINY

__all__ = ["main"]

HERE, THERE = "this tree", "the other checkout"


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print a table; return 1 when outputs differ, or this tree takes longer than is allowed."""
    given = _parser().parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="anonkit-benchmarks-") as temporary:
        folder = (given.folder or Path(temporary)).resolve()
        folder.mkdir(parents=True, exist_ok=True)
        section = _compared(Bench(folder, FULL if given.rows >= FULL.day else TINY, given.workers), given)
    print(markdown(Report(machine(), (section,))))
    return 0 if all(check.holds for check in section.checks) and all(goal.met for goal in section.goals) else 1


def _compared(bench: Bench, given: argparse.Namespace) -> Section:
    data = bench.never_repeating(given.rows) if given.unique else bench.demo(given.rows)
    trees = {HERE: ROOT, THERE: given.checkout.resolve()}
    flags = given.flags or ["--site", SITE]
    here, there = contest(
        [Contender(name, partial(_run, bench, tree, data, name, flags)) for name, tree in trees.items()], given.rounds
    )
    same = _files(bench.output(HERE)) == _files(bench.output(THERE))
    bench.clear_outputs()
    return Section(
        f"{given.rows:,} rows, {given.workers} workers",
        (cost_table(f"`{' '.join(flags)}`", (here, there), there, ".3f"),),
        (Check("both write the same bytes, apart from the manifest", same),),
        (Goal(f"wall time, times {THERE}", here.wall_ratio(there), given.limit, "×"),),
    )


def _run(bench: Bench, tree: Path, data: Path, name: str, flags: Sequence[str]) -> Usage:
    output = bench.output(name)
    shutil.rmtree(output, ignore_errors=True)
    command = anonkit("run", "--data-dir", data, "--output-dir", output, "--workers", bench.workers, *flags)
    return bench.measured(attrs.evolve(command, variables={"PYTHONPATH": f"{tree}:{tree / 'plugins'}"}))


def _files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.name != MANIFEST}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.against_revision", description=__doc__)
    parser.add_argument("checkout", type=Path, help="folder of the other checkout")
    parser.add_argument("--rows", type=int, default=2_000_000, help="rows of demo data")
    parser.add_argument("--unique", action="store_true", help="text that never repeats itself")
    parser.add_argument("--rounds", type=int, default=5, help="runs of each")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--limit", type=float, default=1.07, help="times as long as the other, at most")
    parser.add_argument("--folder", type=Path, metavar="DIR", help="work here and keep the data sets for the next time")
    parser.add_argument("flags", nargs="*", help="flags of `anonkit run`, after --")
    return parser


if __name__ == "__main__":
    sys.exit(main())
