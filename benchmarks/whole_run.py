"""The whole run: `anonkit run` against a pandas tool and against a lean Polars script, in time and memory.

On two sizes, with text that repeats itself as that of jobs does, and with text that never does.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from benchmarks.costs import cost_table
from benchmarks.demo_data import SITE, Bench
from benchmarks.processes import Contender, Series, Usage, contest, script
from benchmarks.results import Check, Goal, Section, Table

__all__ = ["whole_run"]

OURS, UNAUDITED = "anonkit", "anonkit without its audit"
PANDAS, POLARS = "pandas, row by row", "Polars, whole job in memory"
AUDIT_SHARE, TIMES_PANDAS = 0.35, 30.0
TIMES_POLARS, SHARE_OF_MEMORY = 5.0, 0.5
"""At the larger size: wall time without the audit, and memory, of what the Polars script takes."""


def whole_run(bench: Bench) -> Section:
    """Measure both sizes with both kinds of text, and users that only a mapping knows."""
    tables: list[Table] = []
    checks: list[Check] = []
    goals: list[Goal] = []
    for rows in bench.sizes.whole:
        for text, data in (("repeats itself", bench.demo(rows)), ("never repeats itself", bench.never_repeating(rows))):
            about = f"{rows:,} rows, text that {text}"
            found = {series.name: series for series in _compared(bench, data, rows)}
            series = list(found.values())
            tables.append(cost_table(about, series, series[0]))
            checks += _agreement(bench, about, [name for name in (PANDAS, POLARS) if name in found])
            goals += _goals(about, found, largest=rows == bench.sizes.whole[-1])
            bench.clear_outputs()
    tables.append(_more_names(bench))
    bench.clear_outputs()
    return Section("The whole run", tuple(tables), tuple(checks), tuple(goals))


def _compared(bench: Bench, data: Path, rows: int) -> list[Series]:
    ours = partial(bench.run, data, bench.output(OURS), "--site", SITE)
    contenders = [
        Contender(OURS, ours),
        Contender(UNAUDITED, partial(bench.run, data, bench.output(UNAUDITED), "--site", SITE, "--no-audit")),
        Contender(POLARS, partial(_other, bench, "polars_rows", data, bench.output(POLARS))),
    ]
    if rows <= bench.sizes.pandas_rows:
        pandas = partial(_other, bench, "pandas_rows", data, bench.output(PANDAS))
        contenders.append(Contender(PANDAS, pandas, bench.sizes.slow_rounds))
    return contest(contenders, bench.sizes.rounds)


def _other(bench: Bench, program: str, data: Path, output: Path) -> Usage:
    shutil.rmtree(output, ignore_errors=True)
    return bench.measured(script(program, data, output))


def _agreement(bench: Bench, about: str, others: Sequence[str]) -> Iterator[Check]:
    for other in others:
        command = script("agreement", bench.output(OURS), bench.output(other))
        compared: dict[str, bool] = json.loads(bench.measured(command).output)
        for what, same in compared.items():
            yield Check(f"{about}: {other.partition(',')[0]} finds {what}", same)


def _goals(about: str, found: dict[str, Series], *, largest: bool) -> Iterator[Goal]:
    ours, unaudited, polars = found[OURS], found[UNAUDITED], found[POLARS]
    if PANDAS in found:
        faster = found[PANDAS].wall_ratio(ours)
        yield Goal(f"{about}: faster than pandas", faster, TIMES_PANDAS, "×", at_most=False)
    if largest:
        share = ours.largest / polars.largest
        yield Goal(f"{about}, without the audit: time of Polars", unaudited.wall_ratio(polars), TIMES_POLARS, "×")
        yield Goal(f"{about}: memory of Polars, largest process", share, SHARE_OF_MEMORY, "×")
    yield Goal(f"{about}: share of the audit", 1 - unaudited.wall_ratio(ours), AUDIT_SHARE, "of the wall time")


def _more_names(bench: Bench) -> Table:
    rows = bench.sizes.whole[0]
    data = bench.demo(rows)
    plain = Contender(OURS, partial(bench.run, data, bench.output(OURS), "--site", SITE))
    more = [
        Contender(f"anonkit, {count:,} users more", partial(_with_names, bench, data, count))
        for count in bench.sizes.identities[1:]
    ]
    found = contest([plain, *more], bench.sizes.rounds)
    return cost_table(f"{rows:,} rows, and users to look for that only a mapping knows", found, found[0])


def _with_names(bench: Bench, data: Path, count: int) -> Usage:
    # The run writes its own identities into the mapping, so each run gets a fresh one.
    made = bench.made(f"mapping-{count}.json", lambda path: script("mapping_file", path, count))
    mapping = bench.folder / "mapping.json"
    shutil.copyfile(made, mapping)
    return bench.run(data, bench.output(f"{count} names"), "--site", SITE, "--mapping", mapping)
