"""The rows that a run takes, in the outputs: those, in their order, and nothing of the others."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import anonkit
from anonkit.config import load
from anonkit.demo import write_demo
from anonkit.engine.coordinator import plan, run
from anonkit.errors import ConfigError
from anonkit.input.tasks import TaskSize

SMALL = TaskSize(most_rows=64, least_rows=16)
OUTPUTS = ("summary.json", "failed_users.json", "cmd_env_report.txt", "jobs_at_FermiGrid.json")


def outputs(data: Path, out: Path, task_size: TaskSize = SMALL, **options: Any) -> dict[str, Any]:
    """Run on a folder; return the outputs, and the manifest's entry about the selection."""
    settings = {"data_dir": str(data), "output_dir": str(out), "workers": 1, **options}
    config = load({"run": settings, "reporters": {"site_jobs": {"sites": ["FermiGrid"]}}}, environ={})
    result = run(config, task_size=task_size)
    manifest = json.loads((out / "manifest.json").read_text())
    found: dict[str, Any] = {name: (out / name).read_bytes() for name in OUTPUTS}
    return {**found, "selection": manifest.get("selection"), "warnings": result.warnings, "rows": result.rows}


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> pa.Table:
    folder = tmp_path_factory.mktemp("table") / "data"
    write_demo(folder, rows=900, files=1)
    return pq.read_table(folder)


@pytest.fixture
def data(tmp_path: Path, table: pa.Table) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    pq.write_table(table.slice(0, 500), folder / "a.parquet", row_group_size=70)
    pq.write_table(table.slice(500), folder / "b.parquet")
    return folder


def alone(tmp_path: Path, table: pa.Table) -> dict[str, Any]:
    """Return the outputs of a run over rows that are alone in their folder."""
    folder = tmp_path / "alone"
    folder.mkdir()
    pq.write_table(table, folder / "a.parquet")
    return outputs(folder, tmp_path / "alone-out")


def same(found: dict[str, Any], expected: dict[str, Any]) -> bool:
    return all(found[name] == expected[name] for name in OUTPUTS)


def test_a_condition_gives_what_the_rows_alone_give(tmp_path: Path, data: Path, table: pa.Table) -> None:
    cmds = table["Cmd"].to_pylist()
    rows = [row for row, cmd in enumerate(cmds) if cmd is not None and len(cmd) % 3 == 0]
    found = outputs(data, tmp_path / "out", where="length(Cmd) % 3 = 0 AND 'annak' <> 'x'")
    assert same(found, alone(tmp_path, table.take(rows)))
    assert same(found, outputs(data, tmp_path / "other", TaskSize(), where="length(Cmd) % 3 = 0", batch_rows=61))
    assert found["rows"] == len(rows)
    assert found["selection"] == {"where": "length(Cmd) % … = … AND … <> …", "rows_of_input": len(cmds)}


def test_a_limit_takes_the_first_rows(tmp_path: Path, data: Path, table: pa.Table) -> None:
    found = outputs(data, tmp_path / "out", limit=533)
    assert same(found, alone(tmp_path, table.slice(0, 533)))
    assert found["selection"] == {"limit": 533, "rows_of_input": len(table)}


def test_a_sample_is_the_same_each_time(tmp_path: Path, data: Path) -> None:
    found = outputs(data, tmp_path / "out", sample=0.2)
    again = outputs(data, tmp_path / "again", TaskSize(), sample=0.2, batch_rows=47)
    assert same(found, again)
    assert 130 < found["rows"] < 230


def test_a_span_of_time(tmp_path: Path, data: Path, table: pa.Table) -> None:
    times = [time or 0 for time in table["QDate"].to_pylist()]
    early, late = sorted(times)[200], sorted(times)[600]
    rows = [row for row, time in enumerate(times) if early <= time < late]
    found = outputs(data, tmp_path / "out", since=str(early), until=str(late))
    assert same(found, alone(tmp_path, table.take(rows)))
    expected = {"since": str(early), "until": str(late), "time_column": "QDate", "rows_of_input": len(table)}
    assert found["selection"] == expected


def test_no_row_is_taken(tmp_path: Path, data: Path) -> None:
    found = outputs(data, tmp_path / "out", where="false")
    assert found["rows"] == 0
    assert any("no row of the input is taken" in warning for warning in found["warnings"])


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"since": "soon"}, "[run] since: expected a time: 2024-01-31"),
        ({"until": "soon"}, "[run] until: expected a time"),
        ({"since": "2024-02-01", "until": "2024-01-01"}, "[run] until: the time is not after since"),
        ({"sample": 1.5}, "[run] sample: expected a share above 0 and at most 1, found 1.5"),
        ({"sample": 0.0}, "[run] sample: expected a share above 0"),
        ({"limit": 0}, "[run] limit: expected at least 1"),
        ({"where": " "}, "[run] where: expected a condition"),
        (
            {"where": "Cmdd = ''"},
            "[run] where: line 1, column 1: no input file has a column 'Cmdd' (did you mean 'Cmd'?)",
        ),
    ],
)
def test_wrong_settings(tmp_path: Path, data: Path, options: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        outputs(data, tmp_path / "out", **options)
    assert message in str(caught.value)


def test_a_time_that_no_column_has(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    columns = {name: ["a"] for name in ("User", "JobsubClientIpAddress", "MATCH_EXP_JOB_Site", "Cmd", "Environment")}
    counts = {name: [1] for name in ("NumJobStarts", "NumJobCompletions")}
    pq.write_table(pa.table({**columns, **counts}), tmp_path / "data" / "a.parquet")
    with pytest.raises(ConfigError, match=r"\[run\] since: no input file has a column of the time of a job"):
        outputs(tmp_path / "data", tmp_path / "out", since="2024-01-01")


def test_a_secret_column_is_not_looked_at(tmp_path: Path, table: pa.Table) -> None:
    (tmp_path / "data").mkdir()
    ids = pa.array(["x"] * len(table))
    pq.write_table(table.append_column("ClaimId", ids), tmp_path / "data" / "a.parquet")
    with pytest.raises(ConfigError, match="no input file has a column"):
        outputs(tmp_path / "data", tmp_path / "out", where="ClaimId = 'x'")


def test_a_stream_is_not_selected_from(table: pa.Table) -> None:
    with pytest.raises(ConfigError, match=r"anonymize: \[run\] limit selects rows of files alone"):
        anonkit.anonymize(table, {"run": {"limit": 3}})


def test_a_plan_has_the_rows_before_and_after(tmp_path: Path, data: Path, table: pa.Table) -> None:
    settings = {"data_dir": str(data), "output_dir": str(tmp_path / "out"), "workers": 1, "limit": 7}
    found = plan(load({"run": settings}, environ={}))
    assert (found.rows, found.rows_taken) == (len(table), 7)
