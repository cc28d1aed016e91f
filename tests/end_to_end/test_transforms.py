"""Suppressing, shifting and coarsening from the command line, from a file and from Python."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from command import Command

import anonkit as package

NOW, WEEK = 1703980800, 604800
COLUMNS = {
    "User": ["annak@example.org", "obrien", None],
    "MATCH_EXP_JOB_Site": ["Here"] * 3,
    "RequestMemory": [2048, 9999, None],
    "QDate": [NOW, NOW + 3600, 0],
    "NumJobStarts": [1, 1, 1],
    "NumJobCompletions": ["1", "0", None],
    "Cmd": ["/home/annak/x"] * 3,
    "Environment": ["A=1"] * 3,
    "Iwd": ["/home/annak", "/", None],
}
TOML = """
[run]
columns = ["User", "RequestMemory", "QDate", "Iwd"]
[anonymizers.suppress]
enabled = true
drop = ["Iwd"]
[anonymizers.time_shift]
enabled = true
secret = "between us"
[anonymizers.coarsen]
enabled = true
columns = {RequestMemory = "100, <=4000"}
"""
FLAGS = (
    "--enable", "suppress", "--drop", "Iwd", "--enable", "time_shift", "--set",
    "anonymizers.time_shift.secret=between us",
    "--enable", "coarsen", "--coarsen", '{RequestMemory = "100, <=4000"}', "--set",
    "run.columns=User,RequestMemory,QDate,Iwd",
)  # fmt: skip


@pytest.fixture
def data(tmp_path: Path) -> Path:
    (tmp_path / "data").mkdir()
    pq.write_table(pa.table(COLUMNS), tmp_path / "data" / "a.parquet")
    return tmp_path / "data"


def _jobs(folder: Path) -> list[dict[str, Any]]:
    jobs: list[dict[str, Any]] = json.loads((folder / "jobs_at_Here.json").read_bytes())["jobs_at_site"]
    return jobs


def test_flags_and_file_and_python_do_the_same(anonkit: Command, data: Path, tmp_path: Path) -> None:
    anonkit("run", "--data-dir", data, "--output-dir", "flags", "--all-sites", *FLAGS)
    (tmp_path / "anonkit.toml").write_text(TOML)
    anonkit("run", "--data-dir", data, "--output-dir", "file", "--all-sites")
    jobs = _jobs(tmp_path / "file")
    assert jobs == _jobs(tmp_path / "flags")
    assert [list(job) for job in jobs] == [["User", "RequestMemory", "QDate"]] * 3
    assert [job["RequestMemory"] for job in jobs] == [2000, 4000, None]
    first, second, never = (job["QDate"] for job in jobs)
    assert (second - first, never) == (3600, 0)
    assert (NOW - first) % WEEK == 0
    assert NOW - first >= WEEK

    config = {
        "anonymizers": {
            "suppress": {"enabled": True, "drop": ["Iwd"]},
            "time_shift": {"enabled": True, "secret": "between us"},
            "coarsen": {"enabled": True, "columns": {"RequestMemory": "100, <=4000"}},
        }
    }
    stream = package.anonymize(pa.table(COLUMNS), config).read_all()
    assert "Iwd" not in stream.schema.names
    assert stream.select(["User", "RequestMemory", "QDate"]).to_pylist() == jobs


def test_the_manifest_tells_what_was_done_but_not_how_far(anonkit: Command, data: Path, tmp_path: Path) -> None:
    anonkit("run", "--data-dir", data, "--output-dir", "out", *FLAGS)
    manifest = (tmp_path / "out" / "manifest.json").read_text()
    anonymizers = json.loads(manifest)["config"]["anonymizers"]
    assert anonymizers["suppress"] == {"columns": [], "drop": ["Iwd"]}
    assert anonymizers["time_shift"] == {"columns": [], "weeks": 520, "secret": "(secret)"}
    assert anonymizers["coarsen"] == {"columns": {"RequestMemory": "100, <=4000"}}
    assert "between us" not in manifest
    (tmp_path / "anonkit.toml").write_text(TOML)
    assert "between us" not in anonkit("config", "show").stdout


def test_mistakes_are_reported_before_a_row_is_read(anonkit: Command, data: Path, tmp_path: Path) -> None:
    done = anonkit(
        "run", "--data-dir", data, "--output-dir", "out", "--enable", "suppress", "--drop", "Environment", status=2
    )
    assert (
        "reporter cmd_env_report needs the column 'Environment', and anonymizer suppress takes it away" in done.stderr
    )
    done = anonkit(
        "run",
        "--data-dir",
        data,
        "--output-dir",
        "out",
        "--enable",
        "coarsen",
        "--coarsen",
        '{RequestMem = "1"}',
        status=2,
    )
    assert "row records have no column 'RequestMem' (did you mean 'RequestMemory'?)" in done.stderr
    assert not (tmp_path / "out").exists()


SAME_TIME = {
    "User": ["annak@example.org", "obrien@example.org"] * 4,
    "MATCH_EXP_JOB_Site": ["Here"] * 8,
    "QDate": [NOW + 60 * n for n in range(8)],
    "QDate_ms": [(NOW + 60 * n) * 1000 + 7 for n in range(8)],
    "CompletionDate": [NOW + 86400 + 60 * n for n in range(8)],
    "GlobalJobId": [f"node1#{n}.0#{NOW + 60 * n}" for n in range(8)],
    "NumJobStarts": [1] * 8,
    "NumJobCompletions": [1] * 8,
    "Cmd": [f"/v2017_01_05/x_2023_12_31_00{n:02}00_7" for n in range(8)],
    "Environment": [f"STAMP=2023-12-31T00:{n:02}:00Z A=1" for n in range(8)],
}
NAMES = [name for name in SAME_TIME if name != "MATCH_EXP_JOB_Site"]


@pytest.mark.parametrize("workers", [1, 2])
def test_a_time_is_changed_wherever_it_is(tmp_path: Path, workers: int) -> None:
    (tmp_path / "data").mkdir()
    table = pa.table(SAME_TIME)
    pq.write_table(table.slice(0, 5), tmp_path / "data" / "a.parquet")
    pq.write_table(table.slice(5), tmp_path / "data" / "b.parquet")
    config = {
        "run": {
            "data_dir": str(tmp_path / "data"), "output_dir": str(tmp_path / "out"), "columns": NAMES,
            "workers": workers,
        },
        "anonymizers": {
            "time_shift": {"enabled": True, "secret": "between us", "weeks": 1},
            "coarsen": {"enabled": True, "columns": {"QDate": "1h"}},
        },
        "reporters": {"site_jobs": {"all_sites": True}, "dataset": {"enabled": True}},
    }  # fmt: skip
    result = package.run(package.load(config))
    jobs = _jobs(tmp_path / "out")
    hour = NOW - WEEK
    for n, job in enumerate(jobs):
        assert (job["QDate"], job["QDate_ms"]) == (hour, hour * 1000)
        assert job["GlobalJobId"].endswith(f"#{n}.0#{hour}")
        assert job["CompletionDate"] == NOW - WEEK + 86400 + 60 * n
        assert job["Cmd"] == "/v2017_01_05/x_2023_12_24_000000_7"
        assert "2023-12-24T00:00:00Z" in job["Environment"]
    (warning,) = (one for one in result.warnings if one.startswith("coarsen"))
    assert "exact times stay in CompletionDate, beside coarsened ones" in warning
    dictionary = json.loads((tmp_path / "out" / "dataset.json").read_bytes())
    done = {column["name"]: column["done"] for column in dictionary["columns"]}
    assert done["QDate_ms"] == ["shifted by whole weeks", "as QDate: rounded down to 1h"]
    assert done["CompletionDate"] == ["shifted by whole weeks", "not coarsened; holds exact times"]
    assert "times in text rounded down to 1h" in done["GlobalJobId"]
    anonymized = package.anonymize(table, {"anonymizers": config["anonymizers"]}).read_all()
    assert anonymized["QDate"].to_pylist() == [hour] * 8
    assert anonymized["Cmd"].to_pylist() == ["/v2017_01_05/x_2023_12_24_000000_7"] * 8
