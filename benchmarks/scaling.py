"""What more workers, more rows and smaller files cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

from benchmarks.demo_data import SITE, Bench, digests
from benchmarks.processes import Contender, Series, contest
from benchmarks.results import Check, Column, Goal, Section, Table

__all__ = ["growth", "small_files", "workers"]

SPEED_UP, GROWTH, PEAK, SMALL_FILES = 1.8, 1.10, 500.0, 2.0
THREE_YEARS = 220_000_000


def workers(bench: Bench) -> Section:
    """Measure the day, and more rows than make start-up matter, with one worker and with two."""
    day, many = bench.sizes.day, bench.sizes.cut_rows
    small = _one_and_two(bench, bench.demo(day), bench.sizes.rounds)
    large = _one_and_two(bench, bench.demo(many, bench.sizes.few_files), bench.sizes.slow_rounds)
    check = Check("1 and 2 workers write the same bytes", digests(_output(bench, 1)) == digests(_output(bench, 2)))
    bench.clear_outputs()
    one, two = large
    return Section(
        "Workers",
        (_workers_table(f"{day:,} rows, one site", small), _workers_table(f"{many:,} rows, one site", large)),
        (check,),
        (Goal(f"two workers, {many:,} rows: times as fast as one", one.wall_ratio(two), SPEED_UP, "×", at_most=False),),
    )


def _one_and_two(bench: Bench, data: Path, rounds: int) -> list[Series]:
    contenders = [
        Contender(
            f"{count} worker{'s' * (count > 1)}",
            partial(bench.run, data, _output(bench, count), *_SITE, workers=count),
        )
        for count in (1, 2)
    ]
    return contest(contenders, rounds)


def _workers_table(title: str, series: Sequence[Series]) -> Table:
    columns = (
        Column(""),
        Column("wall, s", ".2f"),
        Column("CPU, s", ".2f"),
        Column("times as fast", ".2f"),
        Column("peak, MB", ".0f"),
        Column("largest worker, MB", ".0f"),
    )
    rows = tuple(
        (one.name, one.wall, one.cpu, series[0].wall_ratio(one), _mb(one.peak), _mb(one.worker_peak)) for one in series
    )
    return Table(title, columns, rows)


def growth(bench: Bench) -> Section:
    """Measure sets of growing size, and say what follows for three years of jobs."""
    counts = [*bench.sizes.growth, *([bench.sizes.large] if bench.sizes.large else [])]
    found = dict(
        zip(counts, contest([_run_of(bench, count) for count in counts], bench.sizes.slow_rounds), strict=True)
    )
    bench.clear_outputs()
    columns = (
        Column("rows", ",d"),
        Column("wall, s", ".1f"),
        Column("µs a row", ".2f"),
        Column("CPU, µs a row", ".2f"),
        Column("peak, MB", ".0f"),
        Column("largest worker, MB", ".0f"),
        Column("runs", "d"),
    )
    rows = tuple(
        (
            count,
            series.wall,
            _per_row(series, count),
            1e6 * series.cpu / count,
            _mb(series.peak),
            _mb(series.worker_peak),
            len(series.usages),
        )
        for count, series in found.items()
    )
    least, most = counts[0], counts[-1]
    times = _per_row(found[most], most) / _per_row(found[least], least)
    memory = found[most].largest / found[least].largest
    return Section(
        "Growth",
        (
            Table(f"{bench.workers} workers, one site", columns, rows),
            _three_years(found),
        ),
        goals=(
            Goal(f"time per row, {most:,} rows against {least:,}", times, GROWTH, "×"),
            Goal(f"peak memory per process, {most:,} rows against {least:,}", memory, GROWTH, "×"),
            Goal("peak memory of the largest process", found[most].largest / 1e6, PEAK, "MB"),
        ),
    )


def small_files(bench: Bench) -> Section:
    """Measure the same rows in few files and in many."""
    few, many, total = bench.sizes.few_files, bench.sizes.many_files, bench.sizes.cut_rows
    folders = {few: bench.demo(total, few), many: bench.recut(total, few, many)}
    in_few, in_many = contest(
        [
            Contender(f"{count:,} files", partial(bench.run, data, _output(bench, count), *_SITE))
            for count, data in folders.items()
        ],
        bench.sizes.slow_rounds,
    )
    check = Check(
        f"the same rows in {few:,} and {many:,} files give the same bytes",
        digests(_output(bench, few)) == digests(_output(bench, many)),
    )
    bench.clear_outputs()
    columns = (
        Column(""),
        Column("wall, s", ".1f"),
        Column("CPU, s", ".1f"),
        Column(f"times {in_few.name}", ".2f"),
        Column("peak, MB", ".0f"),
        Column("largest worker, MB", ".0f"),
    )
    rows = tuple(
        (series.name, series.wall, series.cpu, series.wall_ratio(in_few), _mb(series.peak), _mb(series.worker_peak))
        for series in (in_few, in_many)
    )
    return Section(
        "Small files",
        (Table(f"{total:,} rows, one site, {bench.workers} workers", columns, rows),),
        (check,),
        (Goal(f"{many:,} files: times {few} files", in_many.wall_ratio(in_few), SMALL_FILES, "×"),),
    )


_SITE = ("--site", SITE)


def _output(bench: Bench, count: int) -> Path:
    return bench.output(str(count))


def _run_of(bench: Bench, count: int) -> Contender:
    data = bench.demo(count)
    rounds = 1 if count == bench.sizes.large else None
    return Contender(f"{count:,} rows", partial(bench.run, data, _output(bench, count), *_SITE), rounds)


def _per_row(series: Series, count: int) -> float:
    """Return microseconds."""
    return 1e6 * series.wall / count


def _three_years(found: Mapping[int, Series]) -> Table:
    count, series = list(found.items())[-1]
    columns = (Column("rows", ",d"), Column("hours", ".1f"), Column("peak of the largest process, MB", ".0f"))
    hours = _per_row(series, count) * THREE_YEARS / 1e6 / 3600
    note = f"Not measured: the time per row and the peak of {count:,} rows, taken to hold."
    return Table("Three years of jobs, extrapolated", columns, ((THREE_YEARS, hours, series.largest / 1e6),), note)


def _mb(size: int) -> float | None:
    return size / 1e6 if size else None
