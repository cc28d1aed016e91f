from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from anonkit.errors import ConfigError
from anonkit.input.selection.condition import Condition
from anonkit.input.selection.sampling import Sample
from anonkit.input.selection.session import session_over
from anonkit.input.selection.time_range import TimeRange, microseconds
from anonkit.input.selection.user_sql import UserSql

SCHEMA = pa.schema(
    [("User", pa.string()), ("RequestMemory", pa.string()), ("cores", pa.int64()), ("CORES", pa.int64())]
)
NAMES = SCHEMA.names


def condition(text: str) -> Condition:
    return Condition.from_text(text, "--where", NAMES, lambda names: pa.schema([SCHEMA.field(one) for one in names]))


def taken(text: str, **columns: list[object]) -> list[int]:
    found = condition(text)
    batch = pa.RecordBatch.from_pydict(columns, pa.schema([SCHEMA.field(name) for name in columns]))
    return np.flatnonzero(found(batch.select(list(found.columns)))).tolist()


def test_a_condition_looks_at_each_row() -> None:
    assert taken("\"User\" = 'ann' -- or not", User=["ann", "bob", None, "ann"]) == [0, 3]
    assert taken("cores > 1", cores=[1, 2], CORES=[5, 0]) == [1]
    assert taken("CORES > 1", cores=[1, 2], CORES=[5, 0]) == [0]
    assert taken("true", User=["ann", None]) == [0, 1]


def test_numbers_that_files_have_as_text_are_numbers() -> None:
    assert taken("RequestMemory > 900", RequestMemory=["1000", "900", " 901 ", "much", None]) == [0, 2]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Usr = 'ann'", "--where: line 1, column 1: no input file has a column 'Usr' (did you mean 'User'?)"),
        (
            'cores > 1\nAND User = "annak"',
            "--where: line 2, column 12: no input file has a column of the name here; write texts in single quotes",
        ),
        ("User = 'annak' 'annak'", "syntax error at or near"),
        ("floo(cores) > 1", "Scalar Function with name floo does not exist! (did you mean 'floor'?)"),
        ("random() < 0.5", "line 1, column 1: random() gives another value each time"),
        ("cores > 1 LIMIT 3", "expected one condition, as in RequestMemory > 4000, without a further clause of SQL"),
        ("cores > 1; DROP TABLE jobs", "expected one condition"),
        ("cores > 1) OR (true", "syntax error"),
        ("cores > (SELECT 1)", "line 1, column 9: a condition looks at one row at a time"),
        ("cores > DATE 'annak'", "--where: line 1"),
        ("User IN (SELECT content FROM read_text('/etc/hostname'))", "a condition looks at one row at a time"),
    ],
)
def test_a_condition_that_is_wrong(text: str, message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        condition(text)
    assert message in str(caught.value)
    assert "annak" not in str(caught.value)


def test_a_condition_that_fails_on_a_value_does_not_show_it() -> None:
    with pytest.raises(ConfigError, match=r"--where: DuckDB gave up .*TRY_CAST") as caught:
        taken('"User"::INTEGER > 1', User=["annak"])
    assert "annak" not in str(caught.value)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * FROM read_text('{file}')",
        "SELECT * FROM '{file}'",
        "COPY jobs TO '{file}.out'",
        "ATTACH '{file}.db'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SET enable_external_access = true",
    ],
)
def test_a_session_reads_nothing_but_its_table(tmp_path: Path, query: str) -> None:
    file = tmp_path / "a.csv"
    file.write_text("a\n1\n")
    import duckdb

    with session_over(pa.table({"a": [1]})) as session, pytest.raises(duckdb.Error):
        session.execute(query.format(file=file)).fetchall()
    assert list(tmp_path.iterdir()) == [file]


def test_constants_and_comments_are_masked() -> None:
    text = "\"User\" = 'annak' /* annak */ AND cores>3 -- annak\n OR User IN ($$annak$$, E'annak')"
    assert UserSql(text, "").masked() == '"User" = … AND cores>… OR User IN (…, …)'


def test_a_sample_depends_on_the_place_of_a_row_alone() -> None:
    sample = Sample(0.1)
    whole = sample("a.parquet", 0, 100_000)
    assert (np.concatenate([sample("a.parquet", 0, 17), sample("a.parquet", 17, 99_983)]) == whole).all()
    assert 9_700 < whole.sum() < 10_300
    assert not (whole & ~Sample(0.2)("a.parquet", 0, 100_000)).any()
    assert (sample("b.parquet", 0, 100_000) != whole).any()
    assert Sample(1.0)("a", 0, 1000).all()


def test_times_of_all_sorts() -> None:
    second = 1_000_000
    assert microseconds(pa.array([5, 0, -1, None])).to_pylist() == [5 * second, None, None, None]
    assert microseconds(pa.array([1500]), 1000).to_pylist() == [1_500_000]
    assert microseconds(pa.array([5.5])).to_pylist() == [5_500_000]
    texts = ["1970-01-02", "1970-01-01T01:00:00+01:00", "1970-01-01 00:00:05Z", "7", "soon", "1970-02-31", None]
    assert microseconds(pa.array(texts)).to_pylist() == [86_400 * second, 0, 5 * second, 7 * second, None, None, None]
    assert microseconds(pa.array([5], pa.timestamp("s"))).to_pylist() == [5 * second]


def test_a_span_holds_its_start_and_not_its_end() -> None:
    flags, timeless = TimeRange("QDate", since=5_000_000, until=7_000_000)(pa.array([4, 5, 6, 7, None]))
    assert (flags.tolist(), timeless) == ([False, True, True, False, False], 1)


def test_a_run_over_all_rows_imports_no_duckdb() -> None:
    code = "import sys, anonkit.engine.setup; sys.exit('duckdb' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
