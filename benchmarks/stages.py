"""Where the time of a run goes: its stages, in one process."""

from __future__ import annotations

import json
import shutil
import statistics
from functools import partial
from pathlib import Path

from benchmarks.demo_data import Bench
from benchmarks.processes import Contender, Usage, contest, measured, script
from benchmarks.results import Column, Section, Table

__all__ = ["stages"]


def stages(bench: Bench) -> Section:
    """Measure the stages of the day with one site."""
    data = bench.demo(bench.sizes.day)
    (series,) = contest([Contender("stages", partial(_run, bench, data))], bench.sizes.rounds)
    bench.clear_outputs()
    told: list[dict[str, float]] = [json.loads(usage.output) for usage in series.usages]
    seconds = {name: statistics.median(one.get(name, 0.0) for one in told) for name in told[0]}
    total = sum(seconds.values())
    rows = tuple(
        (name, cpu, cpu / total, 1e6 * cpu / bench.sizes.day)
        for name, cpu in sorted(seconds.items(), key=lambda item: -item[1])
    )
    columns = (Column("stage"), Column("CPU, s", ".2f"), Column("share", ".1%"), Column("µs a row", ".2f"))
    all_rows = (*rows, ("all", total, 1.0, 1e6 * total / bench.sizes.day))
    note = (
        "One process, one site; each stage without the stages inside it, and without the start of the program. What "
        "cuts text into pieces for all surveys is counted with the first of them that reads text."
    )
    return Section("Stages", (Table(f"{bench.sizes.day:,} rows by stage", columns, all_rows, note),))


def _run(bench: Bench, data: Path) -> Usage:
    output = bench.output("stages")
    shutil.rmtree(output, ignore_errors=True)
    return measured(script("stage_times", data, output), bench.folder)
