"""What it costs to start: the CPU time of commands that have next to nothing to do."""

from __future__ import annotations

import sys
from functools import partial

from benchmarks.demo_data import SITE, Bench
from benchmarks.processes import Command, Contender, anonkit, contest
from benchmarks.results import Column, Goal, Section, Table

__all__ = ["start_up"]

HELP_SECONDS = 0.2


def start_up(bench: Bench) -> Section:
    """Measure help, and a run over a handful of rows."""
    rows = bench.sizes.start_rows
    data = bench.demo(rows)
    commands = {
        "`python -c pass`": Command((sys.executable, "-c", "pass")),
        "`anonkit --help`": anonkit("--help"),
        "`anonkit run --help`": anonkit("run", "--help"),
    }
    runs = [Contender(name, partial(bench.measured, command)) for name, command in commands.items()]
    runs += [
        Contender(
            f"`anonkit run`, {rows} rows, {count} worker{'s' * (count > 1)}",
            partial(bench.run, data, bench.output("start"), "--site", SITE, workers=count),
        )
        for count in (1, 2)
    ]
    found = contest(runs, bench.sizes.start_rounds)
    bench.clear_outputs()
    columns = (Column(""), Column("CPU, s", ".3f"), Column("wall, s", ".3f"), Column("peak, MB", ".0f"))
    table = Table("Start-up", columns, tuple((one.name, one.cpu, one.wall, one.largest / 1e6) for one in found))
    help_ = found[1]
    return Section("Start-up", (table,), goals=(Goal("CPU time of `anonkit --help`", help_.cpu, HELP_SECONDS, "s"),))
