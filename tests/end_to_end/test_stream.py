"""`anonkit.anonymize`: the engine between DuckDB, Polars, pandas and Arrow."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from command import DEMO_ROWS, run_command

import anonkit
from anonkit.engine.stream import ArrowStream
from anonkit.errors import ConfigError, InputError

COLUMNS = ("User", "JobsubClientIpAddress", "RequestMemory", "Cmd", "Environment")


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def table(demo: Path) -> pa.Table:
    """Rows of the files that have one schema, as text says them."""
    files = [str(path) for path in sorted(demo.glob("*.parquet"))[:-1]]
    query = f"SELECT {', '.join(COLUMNS)} FROM read_parquet({files!r}) LIMIT 500"
    return duckdb.sql(query).to_arrow_table()


SOURCES: dict[str, Callable[[pa.Table], Any]] = {
    "arrow table": lambda table: table,
    "arrow reader": lambda table: table.to_reader(max_chunksize=7),
    "duckdb relation": duckdb.from_arrow,
    "polars frame": pl.from_arrow,
    "pandas frame": lambda table: table.to_pandas(types_mapper=pd.ArrowDtype),
}


@pytest.mark.parametrize("source", SOURCES)
def test_every_source_gives_the_same_rows(table: pa.Table, source: str) -> None:
    expected = anonkit.anonymize(table).read_all()
    assert expected.column_names == list(COLUMNS)
    assert anonkit.anonymize(SOURCES[source](table)).read_all().to_pylist() == expected.to_pylist()


def test_what_comes_out_goes_in_anywhere(table: pa.Table) -> None:
    rows = len(table)
    assert duckdb.sql("SELECT count(*) FROM anonymized", connection=_with(anonkit.anonymize(table))).fetchall() == [
        (rows,)
    ]
    assert pl.from_arrow(anonkit.anonymize(table)).height == rows  # type: ignore[union-attr, arg-type]
    assert len(anonkit.anonymize(table).read_pandas()) == rows


def test_from_duckdb_to_duckdb_as_the_guide_has_it(demo: Path) -> None:
    jobs = anonkit.anonymize(duckdb.sql(f"SELECT * FROM {_all_files(demo)}")).read_all()
    counts = duckdb.sql("SELECT User, count(*) FROM jobs GROUP BY ALL").fetchall()
    assert sum(rows for _, rows in counts) == len(jobs) == DEMO_ROWS


def _with(reader: pa.RecordBatchReader) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.register("anonymized", reader)
    return connection


def test_rows_are_those_of_a_run(demo: Path, tmp_path: Path) -> None:
    run_command(
        "run", "--data-dir", demo, "--output-dir", "out", "--all-sites", "--set", f"run.columns={','.join(COLUMNS)}",
        "--set", "run.learn=shown", cwd=tmp_path,
    )  # fmt: skip
    listed = [
        row
        for path in (tmp_path / "out").glob("jobs_at_*.json")
        for row in json.loads(path.read_bytes())["jobs_at_site"]
    ]
    streamed = anonkit.anonymize(duckdb.sql(f"SELECT {', '.join(COLUMNS)} FROM {_all_files(demo)}")).read_all()
    commands = set(streamed["Cmd"].to_pylist())
    assert listed
    assert {row["Cmd"] for row in listed} <= commands
    assert {row["Environment"] for row in listed} <= set(streamed["Environment"].to_pylist())


def _all_files(demo: Path) -> str:
    return f"read_parquet('{demo}/*.parquet', union_by_name = true)"


def test_configuration_and_mapping_apply(table: pa.Table, tmp_path: Path) -> None:
    config = {
        "run": {"mapping": str(tmp_path / "mapping.json")},
        "anonymizers": {"user": {"text_prefix": "USER-"}, "ip": {"enabled": False}},
    }
    first = anonkit.anonymize(table, config).read_all()
    assert {cell.partition("@")[0][:5] for cell in first["User"].drop_null().to_pylist()} == {"USER-"}
    assert first["JobsubClientIpAddress"].drop_null().to_pylist()[0].count(".") == 3
    part = table.slice(400)
    assert anonkit.anonymize(part, config).read_all()["User"].to_pylist() == first["User"].slice(400).to_pylist()


def test_a_frame_without_the_user_column_is_refused(table: pa.Table) -> None:
    with pytest.raises(
        ConfigError, match="anonymizer user needs the user column, and no input file has a column 'User'"
    ):
        anonkit.anonymize(table.drop_columns("User"))


def test_what_is_no_stream_is_refused() -> None:
    with pytest.raises(ConfigError, match="a list does not export the Arrow C stream; give a DuckDB relation"):
        anonkit.anonymize([1, 2])  # type: ignore[arg-type]


class Fickle:
    """Gives its rows once, and nothing the second time."""

    def __init__(self, table: pa.Table) -> None:
        self.left = [table, table]

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        table: pa.Table = self.left.pop() if self.left else pa.table({"User": pa.array([], pa.string())})
        return table.__arrow_c_stream__(requested_schema)


def test_a_source_that_gives_its_rows_once_is_found_out() -> None:
    source: ArrowStream = Fickle(pa.table({"User": ["annak"]}))
    with pytest.raises(InputError, match="other rows when it was read again"):
        anonkit.anonymize(source).read_all()


def test_a_column_that_is_there_twice_is_refused() -> None:
    with pytest.raises(InputError, match="column 'User' is there twice; rename one of them"):
        anonkit.anonymize(pa.Table.from_arrays([pa.array(["a"]), pa.array(["b"])], names=["User", "User"]))


@pytest.mark.parametrize(
    ("placeholders", "users", "addresses"),
    [
        ([], [None, None, "UR_2@example.org", "UR_3"], [None, None, "IP2", "IP3"]),
        (["-unknown", "pool"], ["UR_1", None, "UR_3@example.org", None], [None, "IP2", "IP3", "IP4"]),
    ],
)
def test_a_placeholder_is_null_where_a_cell_is_an_identity_and_a_word_elsewhere(
    placeholders: list[str], users: list[str | None], addresses: list[str | None]
) -> None:
    cells = {
        "User": ["unknown", " Unmapped", "annakow@example.org", "pool"],
        "JobsubClientIpAddress": ["n/a", "unknown", "192.0.2.7", "192.0.2.8"],
        "Cmd": ["/x/unmapped", "/x/n/a", "/annakow", "unmapped"],
    }
    garbled = anonkit.anonymize(pa.table(cells), {"run": {"placeholders": placeholders}}).read_all().to_pydict()
    assert garbled["User"] == users
    assert garbled["JobsubClientIpAddress"] == addresses
    assert garbled["Cmd"] == ["/x/unmapped", "/x/n/a", "/UR_3" if placeholders else "/UR_2", "unmapped"]


def test_the_columns_of_roles_may_be_in_lower_case(table: pa.Table) -> None:
    expected = anonkit.anonymize(table).read_all()
    lower = [name.lower() for name in COLUMNS]
    assert anonkit.anonymize(table.rename_columns(lower)).read_all() == expected.rename_columns(lower)
