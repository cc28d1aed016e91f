"""Garbling alone: anonkit's way, one regular expression, and Polars, with more and more names to look for."""

from __future__ import annotations

import json
import statistics
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.demo_data import Bench
from benchmarks.processes import Contender, Series, Usage, contest, measured, script
from benchmarks.results import Column, Goal, Section, Table

__all__ = ["garbling"]

WAYS = {
    "anonkit": "anonkit",
    "anonkit throughout": "anonkit, if nothing repeated itself",
    "re": "one-pass `re`",
    "re, one letter case": "one-pass `re`, lower-case names only",
    "Polars": "Polars `replace_many`",
}
LEAST = {45: 110.0, 10_000: 70.0}
"""MB/s asked for, by number of names."""


def garbling(bench: Bench) -> Section:
    """Measure every way with every number of names."""
    found = {count: _of(bench, count) for count in bench.sizes.identities}
    speeds = {count: _speed(series[0]) for count, (_, series) in found.items()}
    rows = tuple(
        (
            f"{count:,}",
            one.name,
            _speed(one),
            statistics.median(_told(one, "wall")),
            statistics.median(_told(one, "set-up")),
            _told(one, "bytes")[0] / 1e6,
            1000 * facts["places"] / facts["bytes"],
        )
        for count, (facts, series) in found.items()
        for one in series
    )
    columns = (
        Column("names"),
        Column(""),
        Column("MB per s of CPU", ".3g"),
        Column("wall, s", ".2f"),
        Column("set-up, s", ".3f"),
        Column("text, MB", ".2f"),
        Column("places per kB", ".1f"),
    )
    note = (
        "One thread; Environment and Cmd of demo jobs, in memory. Nine rows in ten are those of one account, as in the "
        "demo; *places* are those that anonkit replaces. It looks at distinct segments of text once; *if nothing "
        "repeated itself* is what it does with every byte. Regular expressions get less text the more names there are. "
        "They and Polars know one spelling of each name and no rule for where it may sit."
    )
    goals = tuple(
        Goal(f"garbling, {count:,} names, one core", speeds[count], least, "MB/s", at_most=False)
        for count, least in LEAST.items()
        if count in speeds
    )
    return Section("Garbling", (Table("Garbling alone", columns, rows, note),), goals=goals)


def _of(bench: Bench, count: int) -> tuple[dict[str, int], list[Series]]:
    rows = bench.sizes.text_rows
    folder = bench.made(f"text-{count}-{rows}", lambda path: script("garbling_text", path, count, rows))
    facts: dict[str, int] = json.loads((folder / "facts.json").read_text())
    contenders = [
        Contender(title, partial(_garble, bench, way, folder, _limit(bench, way, count))) for way, title in WAYS.items()
    ]
    return facts, contest(contenders, bench.sizes.rounds)


def _limit(bench: Bench, way: str, count: int) -> int:
    return bench.sizes.re_work // count if way.startswith("re") else 1 << 40


def _garble(bench: Bench, way: str, folder: Path, limit: int) -> Usage:
    return measured(script("garblers", way, folder, limit, POLARS_MAX_THREADS="1"), bench.folder)


def _told(series: Series, key: str) -> list[float]:
    told: list[dict[str, Any]] = [json.loads(usage.output) for usage in series.usages]
    return [float(one[key]) for one in told]


def _speed(series: Series) -> float:
    """Return the median of the megabytes that a second of CPU time garbles."""
    bytes_, seconds = _told(series, "bytes"), _told(series, "cpu")
    return statistics.median(size / 1e6 / max(cpu, 1e-9) for size, cpu in zip(bytes_, seconds, strict=True))
