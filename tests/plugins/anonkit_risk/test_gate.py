"""The reporter and its gate in runs, from the command line, from TOML and from Python."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from command import run_command

import anonkit
from anonkit.api import ConfigError, OutputError

OFF = {name: {"enabled": False} for name in ("summary", "failed_users", "site_jobs", "cmd_env_report")}
FLAGS = ("--disable", "summary", "--disable", "failed_users", "--disable", "site_jobs", "--disable", "cmd_env_report")


@pytest.fixture(scope="module")
def jobs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four users share two sizes of memory; the time of each is the user's own."""
    folder = tmp_path_factory.mktemp("jobs")
    people = ["annak", "bertram", "carlotta", "dieterb"]
    rows = [
        {
            "User": f"{people[n % 4]}@example.org",
            "RequestMemory": 1000 * (1 + n // 4 % 2),
            "CumulativeSlotTime": 100 + n % 4,
            "MATCH_EXP_JOB_Site": "North" if n % 3 else "South",
        }
        for n in range(40)
    ]
    pq.write_table(pa.Table.from_pylist(rows), folder / "jobs.parquet")
    return folder


def config(jobs: Path, out: Path, risk: dict[str, Any], **reporters: Any) -> dict[str, Any]:
    run = {"data_dir": str(jobs), "output_dir": str(out), "workers": 1}
    return {"run": run, "risk": risk, "reporters": {**OFF, **reporters}}


def test_a_run_below_the_gate_publishes_nothing(jobs: Path, tmp_path: Path) -> None:
    done = run_command("run", jobs, "out", *FLAGS, "--min-users", "2", cwd=tmp_path, status=1)
    assert "nothing was published: the rows do not pass the gate of [risk]" in done.stderr
    assert (
        "min_users = 2: 8 of 8 combinations of RequestMemory, CumulativeSlotTime are those of fewer users, "
        "40 of 40 rows; the smallest of one user"
    ) in done.stderr
    assert "CumulativeSlotTime alone has a value that only one user has; without it, " in done.stderr
    assert "annak" not in done.stderr
    assert "103" not in done.stderr
    assert list((tmp_path / "out").iterdir()) == []


def test_a_column_that_changes_no_count_is_named_alone(jobs: Path, tmp_path: Path) -> None:
    done = run_command(
        "run", jobs, "out", *FLAGS, "--risk-columns", "RequestMemory", "--min-users", "5", cwd=tmp_path, status=1
    )
    assert "\n  RequestMemory alone has a value that only 4 users have\n" in done.stderr


def test_a_run_that_passes_publishes_the_figures(jobs: Path, tmp_path: Path) -> None:
    done = run_command(
        "run", jobs, "out", *FLAGS, "--enable", "dataset", "--risk-columns", "RequestMemory", "--min-users", "4",
        "--max-risk", "0.25", cwd=tmp_path,
    )  # fmt: skip
    assert "fewest users in a class 4; 0 of 4 users have a class of their own: see risk.json" in done.stdout
    figures = json.loads((tmp_path / "out" / "risk.json").read_text())
    assert (figures["k"], figures["people"], figures["rows"]) == (4, 4, 40)

    command = run_command("risk", "out", "--columns", "RequestMemory", "--min-users", "4", "--json", cwd=tmp_path)
    assert json.loads(command.stdout) == figures
    assert anonkit.risk(tmp_path / "out", {"columns": ["RequestMemory"], "min_users": 4}).figures == figures


def test_the_gate_from_toml(jobs: Path, tmp_path: Path) -> None:
    (tmp_path / "anonkit.toml").write_text('[risk]\nmax_risk = 0.2\ncolumns = ["RequestMemory"]\n')
    done = run_command("run", jobs, "out", *FLAGS, cwd=tmp_path, status=1)
    assert (
        "max_risk = 0.2: a user is picked out of the smallest combination of RequestMemory, that of 4 users, "
        "with a probability of 0.25"
    ) in done.stderr
    (tmp_path / "anonkit.toml").write_text("[risk]\nenabled = false\nmin_users = 50\n")
    run_command("run", jobs, "out", *FLAGS, "--enable", "dataset", cwd=tmp_path)
    assert not (tmp_path / "out" / "risk.json").exists()


def test_the_gate_by_set_and_from_python(jobs: Path, tmp_path: Path) -> None:
    run_command("run", jobs, "out", *FLAGS, "--set", "risk.min_users=5", cwd=tmp_path, status=1)
    with pytest.raises(OutputError, match="min_users = 5"):
        anonkit.run(config(jobs, tmp_path / "out", {"min_users": 5}))


def test_columns_that_are_dropped_are_not_known_to_an_attacker(jobs: Path, tmp_path: Path) -> None:
    drop = {"anonymizers": {"suppress": {"enabled": True, "drop": ["CumulativeSlotTime"]}}}
    anonkit.run({**config(jobs, tmp_path / "out", {"min_users": 4}), **drop})
    assert json.loads((tmp_path / "out" / "risk.json").read_text())["quasi_identifiers"] == ["RequestMemory"]
    drop["anonymizers"]["suppress"]["drop"].append("RequestMemory")
    anonkit.run({**config(jobs, tmp_path / "out", {"min_users": 4}), **drop})
    figures = json.loads((tmp_path / "out" / "risk.json").read_text())
    assert (figures["quasi_identifiers"], figures["k"], figures["users_per_class"]) == ([], 4, [[4, 1, 40]])


def test_figures_do_not_depend_on_batches_and_tasks(jobs: Path, tmp_path: Path) -> None:
    written = []
    for rows in (3, 1000):
        tables = config(jobs, tmp_path / str(rows), {"sensitive": ["MATCH_EXP_JOB_Site"]})
        anonkit.run({**tables, "run": {**tables["run"], "batch_rows": rows}})
        written.append((tmp_path / str(rows) / "risk.json").read_bytes())
    assert written[0] == written[1]


def test_a_column_that_is_not_there(jobs: Path, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"\[risk\]: no input file has a column 'RequestMemry' \(did you mean"):
        anonkit.run(config(jobs, tmp_path / "out", {"columns": ["RequestMemry"]}))


def test_the_command_prints_tables(jobs: Path, tmp_path: Path) -> None:
    done = run_command("risk", jobs, "--min-users", "3", "--sensitive", "MATCH_EXP_JOB_Site", cwd=tmp_path, status=1)
    assert "users with a class of their own        4 of 4\n" in done.stdout
    assert "\nCumulativeSlotTime  4       1" in done.stdout
    assert "the data set does not pass\n  min_users = 3: 8 of 8 combinations" in done.stderr
    assert "--min-users N" in run_command("risk", "-h", cwd=tmp_path).stdout


def test_the_command_with_a_user_column_of_another_name(jobs: Path, tmp_path: Path) -> None:
    done = run_command("risk", jobs, "--user-col", "Owner", cwd=tmp_path, status=2)
    assert "no column 'Owner'; it must have the users" in done.stderr
