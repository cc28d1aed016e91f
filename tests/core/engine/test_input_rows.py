"""The rows of an input, as DuckDB, Arrow and a run see them."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

import anonkit
from anonkit.errors import ConfigError, InputError

CSV = """User,QDate,Cmd
anna@example.org,1700000000,a.sh
undefined,1700000060,b.sh
"""
STEPS = """JobID|JobIDRaw|User|State|Submit|Elapsed
7|7|anna|COMPLETED|2023-12-31T20:08:12|00:10:00
7.batch|7.batch||COMPLETED|2023-12-31T20:08:12|00:10:00
"""


def test_rows_are_read_in_any_format_and_each_time_anew(tmp_path: Path) -> None:
    (tmp_path / "jobs.csv").write_text(CSV)
    rows = anonkit.read({"run": {"data_dir": str(tmp_path)}})
    assert (rows.columns, rows.schema.field("QDate").type) == (("User", "QDate", "Cmd"), pa.int64())
    for _ in range(2):
        assert pa.table(rows).column("User").to_pylist() == ["anna@example.org", None]
    assert duckdb.sql("SELECT max(QDate) FROM rows").fetchall() == [(1_700_000_060,)]


def test_columns_are_chosen_and_conditions_of_a_run_do_not_matter(tmp_path: Path) -> None:
    (tmp_path / "jobs.csv").write_text(CSV)
    config = {"run": {"data_dir": str(tmp_path), "limit": 1, "where": "Cmd = 'b.sh'"}}
    assert pa.table(anonkit.read(config, columns=["Cmd"])).to_pydict() == {"Cmd": ["a.sh", "b.sh"]}
    with pytest.raises(ConfigError, match=r"no input file has a column 'cmd' \(did you mean 'Cmd'\?\)"):
        anonkit.read(config, columns=["cmd"])


def test_steps_of_jobs_are_no_rows(tmp_path: Path) -> None:
    (tmp_path / "sacct.txt").write_text(STEPS)
    rows = anonkit.read({"run": {"data_dir": str(tmp_path)}}, columns=["User"])
    assert pa.table(rows).to_pydict() == {"User": ["anna"]}


@pytest.mark.parametrize(("name", "delimiter"), [("sacct.txt", "|"), ("jobs.csv", ",")])
def test_steps_by_number_are_no_broken_numbers(tmp_path: Path, name: str, delimiter: str) -> None:
    """Of jobs that have no step but those of srun, each JobID looks like a number."""
    lines = ["JobID|User|State", "7|anna|FAILED", "7.0||FAILED", "8|bob|COMPLETED", "8.0||COMPLETED", "8.1||FAILED"]
    (tmp_path / name).write_text("".join(line.replace("|", delimiter) + "\n" for line in lines))
    rows = anonkit.read({"run": {"data_dir": str(tmp_path)}})
    assert pa.table(rows).select(["JobID", "User"]).to_pylist() == [
        {"JobID": "7", "User": "anna"},
        {"JobID": "8", "User": "bob"},
    ]


def test_a_damaged_file_is_an_error_of_the_input(tmp_path: Path) -> None:
    (tmp_path / "jobs.csv").write_text(CSV + "one field\n")
    with pytest.raises(InputError, match=r"jobs\.csv"):
        pa.table(anonkit.read({"run": {"data_dir": str(tmp_path)}}))
