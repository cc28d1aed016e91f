"""Run the benchmarks: `python -m benchmarks --document docs/performance.md`."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks.cluster import cluster, is_installed
from benchmarks.demo_data import Bench
from benchmarks.document import insert, markdown
from benchmarks.garbling import garbling
from benchmarks.machine import machine
from benchmarks.packages import packages
from benchmarks.results import Report, Section, load, save
from benchmarks.scaling import growth, small_files, workers
from benchmarks.sizes import FULL, QUICK, TINY
from benchmarks.start_up import start_up
from benchmarks.whole_run import whole_run

__all__ = ["SECTIONS", "main"]

SECTIONS: dict[str, Callable[[Bench], Section]] = {
    "whole-run": whole_run,
    "garbling": garbling,
    "packages": packages,
    "workers": workers,
    "growth": growth,
    "small-files": small_files,
    "start-up": start_up,
    "cluster": cluster,
}
SIZES = {"full": FULL, "quick": QUICK, "tiny": TINY}


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure what is wanted, print it as Markdown; return 1 when outputs do not agree that should."""
    given = _parser().parse_args(arguments)
    report = load(given.from_json) if given.from_json else _measure(given)
    if given.json:
        save(report, given.json)
    if given.document:
        insert(report, given.document)
    else:
        print(markdown(report))
    failed = [check.what for check in report.checks if not check.holds]
    for what in failed:
        print(f"does not hold: {what}", file=sys.stderr)
    return 1 if failed else 0


def _measure(given: argparse.Namespace) -> Report:
    sizes = SIZES[given.size]
    if given.large:
        sizes = sizes.with_large()
    if given.pandas:
        sizes = sizes.with_pandas()
    if given.rounds:
        sizes = sizes.with_rounds(given.rounds)
    asked = f"{given.size} sizes, {sizes.rounds} repetitions, {sizes.slow_rounds} of what is slow"
    about = (*machine(), ("extent", asked))
    names = given.only or [name for name in SECTIONS if name != "cluster" or is_installed()]
    with tempfile.TemporaryDirectory(prefix="anonkit-benchmarks-") as temporary:
        folder = (given.folder or Path(temporary)).resolve()
        folder.mkdir(parents=True, exist_ok=True)
        bench = Bench(folder, sizes, sizes.workers)
        sections = []
        for name in names:
            print(name, file=sys.stderr)
            sections.append(SECTIONS[name](bench))
    return Report(about, tuple(sections))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description="Measure anonkit side by side with others."
    )
    size = parser.add_mutually_exclusive_group()
    size.add_argument("--quick", dest="size", action="store_const", const="quick", help="small sizes, one repetition")
    size.add_argument("--tiny", dest="size", action="store_const", const="tiny", help="only whether it works")
    parser.add_argument("--large", action="store_true", help="measure growth up to 10,000,000 rows")
    parser.add_argument("--pandas", action="store_true", help="have pandas do two million rows too: hours, and 17 GB")
    parser.add_argument("--rounds", type=int, metavar="N", help="repetitions; half as many of what takes minutes")
    parser.add_argument("--only", action="append", choices=SECTIONS, help="measure this; may be given more than once")
    parser.add_argument("--document", type=Path, metavar="FILE", help="put the figures into this document")
    parser.add_argument("--json", type=Path, metavar="FILE", help="keep the figures as JSON")
    parser.add_argument("--from-json", type=Path, metavar="FILE", help="measure nothing, take the figures from here")
    parser.add_argument("--folder", type=Path, metavar="DIR", help="work here and keep the data sets for the next time")
    parser.set_defaults(size="full")
    return parser


if __name__ == "__main__":
    sys.exit(main())
