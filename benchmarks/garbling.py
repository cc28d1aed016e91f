"""Garbling alone: anonkit's way, one regular expression, and Polars, with more and more names to look for."""

from __future__ import annotations

import json
import statistics
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.demo_data import Bench
from benchmarks.processes import Contender, Series, Usage, contest, script
from benchmarks.results import Column, Goal, Section, Table

__all__ = ["garbling"]

WAYS = {
    "anonkit": "anonkit",
    "re": "one-pass `re`",
    "re, one letter case": "one-pass `re`, lower-case names only",
    "Polars": "Polars `replace_many`",
}
REPEATING, UNIQUE = "repeating", "unique"
LEAST = {45: 110.0, 10_000: 70.0}
"""MB/s asked for, by number of names."""


def garbling(bench: Bench) -> Section:
    """Measure every way with every number of names, and those that are quick on text that never repeats itself too."""
    quick = [way for way in WAYS if not way.startswith("re")]
    found = {(count, REPEATING): _found(bench, count, REPEATING, list(WAYS)) for count in bench.sizes.identities}
    found |= {(count, UNIQUE): _found(bench, count, UNIQUE, quick) for count in bench.sizes.identities}
    speeds = {count: _speed(series[0]) for (count, text), (_, series) in found.items() if text == REPEATING}
    rows = tuple(
        (
            f"{count:,}",
            text,
            one.name,
            _speed(one),
            statistics.median(_printed(one, "wall")),
            statistics.median(_printed(one, "set-up")),
            _printed(one, "bytes")[0] / 1e6,
            1000 * facts["places"] / facts["bytes"],
        )
        for (count, text), (facts, series) in found.items()
        for one in series
    )
    columns = (
        Column("names"),
        Column("text"),
        Column(""),
        Column("MB per s of CPU", ".3g"),
        Column("wall, s", ".2f"),
        Column("set-up, s", ".3f"),
        Column("text, MB", ".2f"),
        Column("places per kB", ".1f"),
    )
    note = (
        "One thread; Environment and Cmd of demo jobs, in memory. Nine rows in ten are those of one account, as in the "
        "demo; *places* are those that anonkit replaces. It looks at distinct parts of a text once; in *unique* text "
        "each command and each value of a variable ends in the number of its row. Regular expressions get less text "
        "the more names there are. They and Polars know one spelling of each name and no rule for where it may be."
    )
    goals = tuple(
        Goal(f"garbling, {count:,} names, one core", speeds[count], least, "MB/s", at_most=False)
        for count, least in LEAST.items()
        if count in speeds
    )
    return Section("Garbling", (Table("Garbling alone", columns, rows, note),), goals=goals)


def _found(bench: Bench, count: int, text: str, ways: Sequence[str]) -> tuple[dict[str, int], list[Series]]:
    rows = bench.sizes.text_rows
    folder = bench.made(f"text-{count}-{rows}-{text}", lambda path: script("garbling_text", path, count, rows, text))
    facts: dict[str, int] = json.loads((folder / "facts.json").read_text())
    contenders = [Contender(WAYS[way], partial(_garble, bench, way, folder, _limit(bench, way, count))) for way in ways]
    return facts, contest(contenders, bench.sizes.rounds)


def _limit(bench: Bench, way: str, count: int) -> int:
    return bench.sizes.re_work // count if way.startswith("re") else 1 << 40


def _garble(bench: Bench, way: str, folder: Path, limit: int) -> Usage:
    return bench.measured(script("garblers", way, folder, limit, POLARS_MAX_THREADS="1"))


def _printed(series: Series, key: str) -> list[float]:
    printed: list[dict[str, Any]] = [json.loads(usage.output) for usage in series.usages]
    return [float(one[key]) for one in printed]


def _speed(series: Series) -> float:
    """Return the median of the megabytes that a second of CPU time garbles."""
    bytes_, seconds = _printed(series, "bytes"), _printed(series, "cpu")
    return statistics.median(size / 1e6 / max(cpu, 1e-9) for size, cpu in zip(bytes_, seconds, strict=True))
