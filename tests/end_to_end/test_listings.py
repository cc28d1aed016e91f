"""Listings of sites, in every format, by the real command."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest
from command import Command

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
