"""The whole run: `anonkit run` on a day of jobs, against the least work and against plain pandas."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from benchmarks.demo_data import COLUMNS, SITE, Bench, sizes
from benchmarks.processes import Contender, Series, Usage, contest, measured, script
from benchmarks.results import Check, Column, Goal, Section, Table

__all__ = ["whole_run"]

AUDIT_SHARE = 0.35
UNAUDITED = "anonkit without its audit"
TIMES_FLOOR, TIMES_PANDAS, TIMES_FLOOR_ALL_SITES = 3.0, 30.0, 3.5


def whole_run(bench: Bench) -> Section:
    """Measure the day with one site, with every site, and with users that only a mapping knows."""
    data = bench.demo(bench.sizes.day)
    one_site = _one_site(bench, data)
    checks = _agreement(bench)
    bench.clear_outputs()
    all_sites = _all_sites(bench, data)
    bench.clear_outputs()
    more_names = _more_names(bench, data)
    bench.clear_outputs()
    (ours, unaudited, *floors, pandas), (_, unaudited_all, *floors_all) = one_site, all_sites
    floor, floor_all = (min(found, key=_wall) for found in (floors, floors_all))
    rows = f"{bench.sizes.day:,} rows, default reporters"
    return Section(
        "The whole run",
        (
            _table(f"{rows}, one site", one_site, floor),
            _table(f"{rows}, `--all-sites`", all_sites, floor_all),
            _table(f"{rows}, one site, and users to look for that only a mapping knows", more_names, more_names[0]),
        ),
        checks,
        (
            Goal("the day without its audit: times the floor", unaudited.wall_ratio(floor), TIMES_FLOOR, "×"),
            Goal("the day: faster than pandas", pandas.wall_ratio(ours), TIMES_PANDAS, "×", at_most=False),
            Goal("the day: share of the audit", 1 - unaudited.wall_ratio(ours), AUDIT_SHARE, "of the wall time"),
            Goal(
                "the day without its audit, all sites: times the floor",
                unaudited_all.wall_ratio(floor_all),
                TIMES_FLOOR_ALL_SITES,
                "×",
            ),
        ),
    )


def _wall(series: Series) -> float:
    return series.wall


def _one_site(bench: Bench, data: Path) -> list[Series]:
    output = bench.output("one site")
    ours = Contender("anonkit", partial(bench.run, data, output, "--site", SITE))
    pandas = Contender("pandas, row by row", partial(_pandas, bench, data), bench.sizes.slow_rounds)
    alone = Contender(UNAUDITED, partial(bench.run, data, output, "--site", SITE, "--no-audit"))
    return contest([ours, alone, *_floors(bench, data, output), pandas], bench.sizes.rounds)


def _all_sites(bench: Bench, data: Path) -> list[Series]:
    output = bench.output("all sites")
    ours = Contender("anonkit", partial(bench.run, data, output, "--all-sites"))
    alone = Contender(UNAUDITED, partial(bench.run, data, output, "--all-sites", "--no-audit"))
    return contest([ours, alone, *_floors(bench, data, output)], bench.sizes.rounds)


def _more_names(bench: Bench, data: Path) -> list[Series]:
    plain = Contender("anonkit", partial(bench.run, data, bench.output("one site"), "--site", SITE))
    more = [
        Contender(f"anonkit, {count:,} users more", partial(_with_names, bench, data, count))
        for count in bench.sizes.identities[1:]
    ]
    return contest([plain, *more], bench.sizes.rounds)


def _floors(bench: Bench, data: Path, like: Path) -> list[Contender]:
    return [
        Contender("floor, 1 process", partial(_floor, bench, data, like, 1)),
        Contender(f"floor, {bench.workers} processes", partial(_floor, bench, data, like, bench.workers)),
    ]


def _floor(bench: Bench, data: Path, like: Path, processes: int) -> Usage:
    """Write as many bytes as the outputs in `like` have, which must be there."""
    output = bench.output("floor")
    shutil.rmtree(output, ignore_errors=True)
    command = script("floor", data, output, processes, json.dumps(COLUMNS), json.dumps(sizes(like)))
    return measured(command, bench.folder)


def _pandas(bench: Bench, data: Path) -> Usage:
    output = bench.output("pandas")
    shutil.rmtree(output, ignore_errors=True)
    return measured(script("pandas_rows", data, output), bench.folder)


def _with_names(bench: Bench, data: Path, count: int) -> Usage:
    # The run writes its own identities into the mapping, so each run gets a fresh one.
    made = bench.made(f"mapping-{count}.json", lambda path: script("mapping_file", path, count))
    mapping = bench.folder / "mapping.json"
    shutil.copyfile(made, mapping)
    return bench.run(data, bench.output(f"{count} names"), "--site", SITE, "--mapping", mapping)


def _table(title: str, series: Sequence[Series], reference: Series) -> Table:
    columns = (
        Column(""),
        Column("wall, s", ".2f"),
        Column("CPU, s", ".2f"),
        Column(f"wall, times {reference.name}", ".2f"),
        Column("CPU, times it", ".2f"),
        Column("peak, MB", ".0f"),
        Column("largest worker, MB", ".0f"),
        Column("runs", "d"),
    )
    rows = tuple(
        (
            one.name,
            one.wall,
            one.cpu,
            one.wall_ratio(reference),
            one.cpu_ratio(reference),
            one.peak / 1e6,
            one.worker_peak / 1e6 or None,
            len(one.usages),
        )
        for one in series
    )
    return Table(title, columns, rows)


def _agreement(bench: Bench) -> tuple[Check, ...]:
    command = script("agreement", bench.output("one site"), bench.output("pandas"))
    compared: dict[str, bool] = json.loads(measured(command, bench.folder).output)
    return tuple(Check(f"pandas finds {what}", same) for what, same in compared.items())
