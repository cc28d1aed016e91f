"""Suggested settings pass the gate when they are applied, and no cheaper ones do."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from anonkit_risk.measure import opened_data, options_from, risk
from anonkit_risk.people import gather
from anonkit_risk.suggest import Search, suggest
from anonkit_risk.suggestion import Suggestion
from anonkit_std.options.transforms import CoarsenOptions, SuppressOptions
from anonkit_std.transforms.coarsen import Coarsen
from anonkit_std.transforms.suppress import Suppress
from command import run_command
from hypothesis import given, settings
from hypothesis import strategies as st

import anonkit
from anonkit.api import OutputError

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

OFF = ("--disable", "failed_users", "--disable", "site_jobs", "--disable", "cmd_env_report")
QUASI = ["QDate", "RequestMemory", "Share", "Site"]
SCHEMA = pa.schema(
    [("User", pa.string()), ("QDate", pa.int64()), ("RequestMemory", pa.int64()), ("Share", pa.float64()),
     ("Site", pa.string())]
)  # fmt: skip
rows_of_users = st.lists(
    st.fixed_dictionaries(
        {
            "User": st.sampled_from([f"UR_{n}" for n in range(6)]),
            "QDate": st.one_of(st.none(), st.integers(1_700_000_000, 1_703_000_000)),
            "RequestMemory": st.one_of(st.none(), st.integers(-5, 40_000)),
            "Share": st.one_of(st.none(), st.floats(-1e6, 1e6, allow_nan=False)),
            "Site": st.sampled_from(["north", "south", None]),
        }
    ),
    min_size=1,
    max_size=25,
)


def applied(table: pa.Table, suggestion: Suggestion) -> pa.Table:
    batch = table.combine_chunks().to_batches()[0]
    if suggestion.coarsened:
        batch = Coarsen(CoarsenOptions(columns=suggestion.coarsened))(batch)
    if suggestion.dropped:
        batch = Suppress(SuppressOptions(drop=tuple(suggestion.dropped)))(batch)
    return pa.Table.from_batches([batch])


def k_of(table: pa.Table) -> int:
    columns = [name for name in QUASI if name in table.column_names]
    if not columns:
        return len({*table.column("User").to_pylist()})
    return int(risk(table, {"columns": columns})["k"])


@settings(max_examples=5)
@given(rows_of_users)
def test_what_is_suggested_passes_when_it_is_applied(rows: list[dict[str, Any]]) -> None:
    table = pa.Table.from_pylist(rows, SCHEMA)
    least = min(3, len({row["User"] for row in rows}))
    suggestion = suggest(table, {"columns": QUASI, "min_users": least})
    assert k_of(applied(table, suggestion)) >= least
    assert 0 <= suggestion.loss <= 1


@settings(max_examples=2)
@given(rows_of_users)
def test_no_choice_that_loses_less_passes(rows: list[dict[str, Any]]) -> None:
    table = pa.Table.from_pylist(rows, SCHEMA)
    least = min(2, len({row["User"] for row in rows}))
    with opened_data(table, options_from({"columns": ["RequestMemory", "Site"]})) as (opened, question):
        search = Search.over(gather(opened, question), least)
        best = search.best()
        greedy = Search(search.people, least, search.ladders, most_tried=0).best()
        everything = tuple(len(levels) - 1 for levels in search.ladders)
        choices = [(one, other) for one in range(everything[0] + 1) for other in range(everything[1] + 1)]
        passing = [search.loss(choice) for choice in choices if not search.rows_below(choice)]
        assert search.loss(best) == min(passing)
        assert not search.rows_below(greedy)
        assert search.loss(greedy) <= search.loss(everything)


@pytest.fixture(scope="module")
def jobs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("jobs")
    rows = [
        {
            "User": f"{'abcdefgh'[n % 8]}ardvark@example.org",
            "RequestMemory": [1000, 2000, 2500, 16000][n % 8 // 2],
            "CumulativeSlotTime": 60 * (n % 8) + n,
            "MATCH_EXP_JOB_Site": "North",
        }
        for n in range(160)
    ]
    pq.write_table(pa.Table.from_pylist(rows), folder / "jobs.parquet")
    return folder


def test_pasted_toml_makes_a_run_pass(jobs: Path, tmp_path: Path) -> None:
    done = run_command("risk", jobs, "--min-users", "4", "--suggest", cwd=tmp_path)
    assert done.stdout.startswith("# ")
    assert "% of the information in these columns is lost, on average." in done.stdout
    tables = tomllib.loads(done.stdout)
    assert tables == suggest(jobs, {"min_users": 4}).tables

    run_command("run", jobs, "out", *OFF, "--min-users", "4", cwd=tmp_path, status=1)
    (tmp_path / "anonkit.toml").write_text(done.stdout)
    run_command("run", jobs, "out", *OFF, cwd=tmp_path)
    assert (tmp_path / "out" / "risk.json").exists()
    run = {"data_dir": str(jobs), "output_dir": str(tmp_path / "again"), "workers": 1}
    reporters = {name: {"enabled": False} for name in OFF[1::2]}
    anonkit.run({"run": run, "reporters": reporters, **suggest(jobs, {"max_risk": 0.25}).tables})


def test_a_data_set_of_too_few_users(jobs: Path, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="no settings pass: the data set has 8 users, and the gate is at 11"):
        suggest(jobs)
    assert "no settings pass" in run_command("risk", jobs, "--suggest", cwd=tmp_path, status=1).stderr


def test_what_passes_stays_as_it_is() -> None:
    table = pa.table({"User": ["UR_1", "UR_2"], "RequestMemory": [1, 1]})
    suggestion = suggest(table, {"min_users": 2})
    assert (suggestion.tables, suggestion.loss) == ({"risk": {"columns": ["RequestMemory"], "min_users": 2}}, 0.0)
    assert "# RequestMemory: unchanged" in suggestion.toml()
    assert "<th>RequestMemory</th><td>unchanged</td>" in suggestion._repr_html_()


def test_names_that_need_quotes() -> None:
    table = pa.table({"User": ["UR_1", "UR_2"], 'odd "name"': [1, 2], "other one": ["a", "b"]})
    suggestion = suggest(table, {"columns": ['odd "name"', "other one"], "min_users": 2})
    assert tomllib.loads(suggestion.toml()) == suggestion.tables
