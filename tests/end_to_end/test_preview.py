"""A preview shows the operator what would change, and what would stay; nothing is written unless it is asked for."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from command import run_command

import anonkit
from anonkit.engine.preview import Replaced


@pytest.fixture(scope="module")
def jobs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("jobs")
    rows = [
        {
            "User": f"{name}@example.org",
            "Cmd": f"/home/{name}/run.sh",
            "MATCH_EXP_JOB_Site": "North",
            "RequestMemory": 17,
        }
        for name in ("annakarenina", "bertramwoof", "annakarenina")
    ]
    pq.write_table(pa.Table.from_pylist(rows), folder / "jobs.parquet")
    return folder


def test_what_changes_and_what_stays(jobs: Path) -> None:
    run = {"data_dir": str(jobs), "columns": ["User", "Cmd", "MATCH_EXP_JOB_Site", "RequestMemory"]}
    made = anonkit.preview({"run": run, "anonymizers": {"suppress": {"enabled": True, "drop": ["RequestMemory"]}}})
    assert made.rows == 3
    assert [(one.row, one.column, one.after) for one in made.changes[:2]] == [
        (0, "User", "UR_1@example.org"),
        (0, "Cmd", "/home/UR_1/run.sh"),
    ]
    assert made.replaced[0] == Replaced("annakarenina", "UR_1", "User", 2)
    assert [(one.column, one.values) for one in made.unchanged] == [("MATCH_EXP_JOB_Site", (("North", 3),))]
    assert made.dropped == ("RequestMemory",)
    assert anonkit.preview({"run": run}, rows=1).rows == 1


def test_the_command(jobs: Path, tmp_path: Path) -> None:
    done = run_command("preview", jobs, "--output-dir", "out", cwd=tmp_path)
    assert done.stdout.startswith("ORIGINALS, for the operator alone; 3 rows were looked at.\n")
    assert "+  /home/UR_1/run.sh" in done.stdout
    assert "MATCH_EXP_JOB_Site  1 values" in done.stdout
    assert list(tmp_path.iterdir()) == []
    as_json = json.loads(run_command("preview", "--data-dir", jobs, "--json", cwd=tmp_path).stdout)
    assert as_json["replaced"][0]["token"] == "UR_1"


def test_a_private_file_outside_of_the_output_folder(jobs: Path, tmp_path: Path) -> None:
    assert run_command("preview", jobs, "--to", "preview.txt", cwd=tmp_path).stdout == ""
    assert (tmp_path / "preview.txt").stat().st_mode & 0o777 == 0o600
    message = run_command(
        "preview", jobs, "--output-dir", "out", "--to", "out/preview.txt", cwd=tmp_path, status=2
    ).stderr
    assert "--to: the file holds originals, and the output folder is handed on" in message
    assert "no input is named" in run_command("preview", cwd=tmp_path, status=2).stderr
    doubled = run_command("preview", jobs, "--data-dir", jobs, cwd=tmp_path, status=2).stderr
    assert "IN is given, and --data-dir as well" in doubled
