"""The same run on a Dask cluster of this machine's own, if the plugin for it is installed."""

from __future__ import annotations

from functools import partial
from importlib.util import find_spec

from benchmarks.demo_data import SITE, Bench, digests
from benchmarks.processes import Contender, contest
from benchmarks.results import Check, Column, Goal, Section, Table

__all__ = ["cluster", "is_installed"]

TIMES_LOCAL = 1.25


def is_installed() -> bool:
    """Return whether there is something to measure."""
    return bool(find_spec("anonkit_dask") and find_spec("distributed"))


def cluster(bench: Bench) -> Section:
    """Measure the local executor and Dask, with as many workers."""
    rows = bench.sizes.cluster_rows
    data = bench.demo(rows)
    local_output, dask_output = bench.output("local"), bench.output("dask")
    local, dask = contest(
        [
            Contender("local", partial(bench.run, data, local_output, "--site", SITE)),
            Contender(
                "Dask, local cluster",
                partial(bench.run, data, dask_output, "--site", SITE, "--set", "run.executor=dask"),
            ),
        ],
        bench.sizes.slow_rounds,
    )
    check = Check("Dask writes the same bytes as the local run", digests(local_output) == digests(dask_output))
    bench.clear_outputs()
    columns = (
        Column("executor"),
        Column("wall, s", ".1f"),
        Column("CPU, s", ".1f"),
        Column("times local", ".2f"),
        Column("peak, largest process, MB", ".0f"),
    )
    table = Table(
        f"{rows:,} rows, one site, {bench.workers} workers",
        columns,
        tuple((one.name, one.wall, one.cpu, one.wall_ratio(local), one.largest / 1e6) for one in (local, dask)),
    )
    goal = Goal(
        f"Dask, {bench.workers} local workers: times the local executor", dask.wall_ratio(local), TIMES_LOCAL, "×"
    )
    return Section("Dask", (table,), (check,), (goal,))
