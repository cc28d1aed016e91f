"""Where the time of a run goes: its packages, in one process."""

from __future__ import annotations

import json
import shutil
import statistics
from functools import partial
from pathlib import Path

from benchmarks.demo_data import Bench
from benchmarks.processes import Contender, Usage, contest, script
from benchmarks.results import Column, Section, Table

__all__ = ["packages"]


def packages(bench: Bench) -> Section:
    """Measure the packages at work on the larger set with one site."""
    count = bench.sizes.whole[-1]
    data = bench.demo(count)
    (series,) = contest([Contender("packages", partial(_run, bench, data))], bench.sizes.slow_rounds)
    bench.clear_outputs()
    found: list[dict[str, float]] = [json.loads(usage.output) for usage in series.usages]
    names = sorted({name for one in found for name in one})
    seconds = {name: statistics.median(one.get(name, 0.0) for one in found) for name in names}
    total = sum(seconds.values())
    rows = tuple(
        (name, cpu, cpu / total, 1e6 * cpu / count) for name, cpu in sorted(seconds.items(), key=lambda item: -item[1])
    )
    columns = (Column("package"), Column("CPU, s", ".2f"), Column("share", ".1%"), Column("µs a row", ".2f"))
    all_rows = (*rows, ("all", total, 1.0, 1e6 * total / count))
    note = (
        "One process, one site, without the start of the program. A sample every two milliseconds counts for the "
        "innermost function of anonkit that runs; what libraries do for a function is the function's."
    )
    return Section("Packages", (Table(f"{count:,} rows by package", columns, all_rows, note),))


def _run(bench: Bench, data: Path) -> Usage:
    output = bench.output("packages")
    shutil.rmtree(output, ignore_errors=True)
    return bench.measured(script("sampling", data, output))
