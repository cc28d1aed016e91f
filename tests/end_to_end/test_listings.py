"""Listings of sites, in every format, by the real command."""

from __future__ import annotations

import json
import re
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest
from command import Command

import anonkit as anonkit_module
from anonkit.demo import write_demo

ALONE = ("--disable", "summary", "--disable", "failed_users", "--disable", "cmd_env_report")


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("small") / "data"
    write_demo(folder, rows=300, files=2)
    return folder


def test_every_format_has_the_rows_of_json(anonkit: Command, small: Path, tmp_path: Path) -> None:
    for form in ("json", "ndjson", "csv", "parquet"):
        anonkit("run", small, form, "--site", "FermiGrid", "--site-format", form, *ALONE)
    document = json.loads((tmp_path / "json/jobs_at_FermiGrid.json").read_bytes())
    assert len(document["jobs_at_site"]) == document["meta"]["total_jobs_at_site"] > 10
    lines = (tmp_path / "ndjson/jobs_at_FermiGrid.ndjson").read_text().splitlines()
    assert [json.loads(line) for line in lines] == document["jobs_at_site"]
    columns = "User, Cmd, Environment, CumulativeSlotTime"
    expected = [tuple(row[name] for name in columns.split(", ")) for row in document["jobs_at_site"]]
    for form, reader in (("csv", "read_csv"), ("parquet", "read_parquet")):
        file = tmp_path / form / f"jobs_at_FermiGrid.{form}"
        assert duckdb.execute(f"SELECT {columns} FROM {reader}('{file}')").fetchall() == expected
        [described] = json.loads((tmp_path / form / "jobs_at_sites.json").read_bytes())["listings"]
        assert described == {"file": file.name, **document["meta"]}


def test_compressed_listings_are_csv_within(anonkit: Command, small: Path, tmp_path: Path) -> None:
    Path(tmp_path / "anonkit.toml").write_text('[reporters.site_jobs]\nformat = "csv"\nsites = ["FermiGrid"]\n')
    anonkit("run", small, "out", "--enable", "compression", *ALONE)
    file = tmp_path / "out/jobs_at_FermiGrid.csv.zst"
    [[rows]] = duckdb.execute(f"SELECT count(*) FROM read_csv('{file}')").fetchall()
    assert rows > 10


def test_unknown_format_names_the_nearest(anonkit: Command, small: Path) -> None:
    done = anonkit("run", small, "out", "--site", "x", "--site-format", "cvs", status=2)
    assert "did you mean 'csv'?" in done.stderr


def test_job_numbers_join_the_outputs(anonkit: Command, small: Path, tmp_path: Path) -> None:
    joined = ("--job-numbers", "--dataset-columns", "User,Cmd", "--report-group-by", "User")
    anonkit("run", small, "out", *joined, "--site", "FermiGrid", "--where", "NumJobStarts = 1", "--disable", "summary")
    rows = duckdb.execute(f"SELECT job, User, Cmd FROM '{tmp_path / 'out/dataset.parquet'}'").fetchall()
    assert [job for job, _, _ in rows] == list(range(1, len(rows) + 1))
    listed = json.loads((tmp_path / "out/jobs_at_FermiGrid.json").read_bytes())
    assert listed["meta"]["columns_included"][0] == "job"
    listing = listed["jobs_at_site"]
    assert 1 < len(listing) < len(rows)
    assert [rows[row["job"] - 1] for row in listing] == [(row["job"], row["User"], row["Cmd"]) for row in listing]
    report = (tmp_path / "out/cmd_env_report.txt").read_text()
    users = {int(job): user for job, user in re.findall(r"— Job #(\d+) —\nUser: (.*)", report)}
    assert users == {job: user for job, user, _ in rows if user is not None}
    dictionary = json.loads((tmp_path / "out/dataset.json").read_bytes())
    assert dictionary["columns"][0]["done"] == ["numbered from 1, in the order of the input"]


def test_a_column_of_that_name_is_no_number(anonkit: Command, tmp_path: Path) -> None:
    (tmp_path / "jobs.csv").write_text("User,Job\nann@example.org,7\n")
    flags = ("--set", "run.columns=User,Job", *ALONE, "--enable", "dataset")
    anonkit("run", "jobs.csv", "out", *flags)
    refused = anonkit("run", "jobs.csv", "other", "--job-numbers", *flags, status=2)
    assert "[run] job_numbers: the input has a column 'job' of its own" in refused.stderr


def test_streams_are_numbered_too() -> None:
    rows = pa.table({"User": ["ann@example.org"] * 3})
    numbers = anonkit_module.anonymize(rows, {"run": {"job_numbers": True, "batch_rows": 2}}).read_all()["job"]
    assert numbers.to_pylist() == [1, 2, 3]
