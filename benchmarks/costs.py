"""The table that compares what the runs of several contenders cost."""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks.processes import Series
from benchmarks.results import Column, Table

__all__ = ["cost_table"]


def cost_table(title: str, series: Sequence[Series], base: Series, ratio: str = ".2f") -> Table:
    """Return the costs of each series and their ratio to `base`; `ratio` is the format of the wall time's ratio."""
    columns = (
        Column(""),
        Column("wall, s", ".2f"),
        Column("CPU, s", ".2f"),
        Column(f"wall, times {base.name}", ratio),
        Column("CPU, times it", ratio),
        Column("peak, MB", ".0f"),
        Column("largest worker, MB", ".0f"),
        Column("runs", "d"),
    )
    rows = tuple(
        (
            costs.name,
            costs.wall,
            costs.cpu,
            costs.wall_ratio(base),
            costs.cpu_ratio(base),
            costs.peak / 1e6,
            costs.worker_peak / 1e6 or None,
            len(costs.usages),
        )
        for costs in series
    )
    return Table(title, columns, rows)
