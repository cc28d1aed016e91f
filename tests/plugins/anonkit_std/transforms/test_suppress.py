from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from anonkit_std.options.reporters import FailedUsersOptions
from anonkit_std.options.transforms import SuppressOptions
from anonkit_std.reporters.failed_users import FailedUsersReporter
from anonkit_std.transforms.suppress import Suppress

from anonkit.api import ConfigError, Transform
from anonkit.testing import TransformContract, run_plugins

SCHEMA = pa.schema(
    [("User", pa.string()), ("n", pa.int64()), ("Args", pa.list_(pa.string())), ("s", pa.struct([("a", pa.int8())]))]
)
BATCH = pa.RecordBatch.from_pylist(
    [{"User": "UR_1", "n": 1, "Args": ["x"], "s": {"a": 1}}, {"User": None, "n": None}, {"Args": [], "s": {}}], SCHEMA
)


class TestContract(TransformContract):
    @pytest.fixture
    def transform(self) -> Transform:
        return Suppress(SuppressOptions(columns=("User", "Args", "s"), drop=("n",)))

    @pytest.fixture
    def batch(self) -> pa.RecordBatch:
        return BATCH


def test_columns_are_blanked_and_dropped() -> None:
    suppress = Suppress(SuppressOptions(columns=("n", "Args"), drop=("s",)))
    changed = suppress(BATCH)
    assert changed.schema.equals(SCHEMA.remove(3))
    assert changed.to_pylist()[0] == {"User": "UR_1", "n": None, "Args": None}
    assert suppress.changes(SCHEMA) == {"n": "blanked", "Args": "blanked", "s": "dropped"}


def test_columns_may_be_named_in_any_letter_case() -> None:
    suppress = Suppress(SuppressOptions(columns=("N",), drop=("ARGS", "S")))
    assert suppress.schema(SCHEMA).names == suppress(BATCH).schema.names == ["User", "n"]
    assert suppress(BATCH).to_pylist()[0] == {"User": "UR_1", "n": None}
    assert suppress.changes(SCHEMA) == {"n": "blanked", "Args": "dropped", "s": "dropped"}


def test_a_name_that_may_be_two_columns_is_refused() -> None:
    schema = pa.schema([("User", pa.string()), ("USER", pa.string())])
    with pytest.raises(ConfigError):
        Suppress(SuppressOptions(columns=("user",))).schema(schema)
    assert Suppress(SuppressOptions(drop=("USER",))).schema(schema).names == ["User"]


def test_columns_that_do_not_exist_are_reported_together() -> None:
    with pytest.raises(ConfigError) as caught:
        Suppress(SuppressOptions(columns=("Use",), drop=("Iwd",))).schema(SCHEMA)
    assert caught.value.mistakes == (
        "[anonymizers.suppress] columns: row records have no column 'Use' (did you mean 'User'?); "
        "correct the name, or add the column to [run] columns",
        "[anonymizers.suppress] drop: row records have no column 'Iwd'; "
        "correct the name, or add the column to [run] columns",
    )


def test_no_column_to_suppress_is_an_error() -> None:
    with pytest.raises(ConfigError) as caught:
        Suppress(SuppressOptions())
    assert str(caught.value) == (
        "[anonymizers.suppress]: nothing to suppress; name columns to blank (--suppress) or to leave out (--drop), "
        "or switch it off with --disable suppress"
    )


def test_a_column_to_blank_and_to_drop_is_refused() -> None:
    with pytest.raises(ValueError, match="'n' is in columns and in drop; remove it from one of them"):
        SuppressOptions(columns=("n",), drop=("n",))


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    columns = {"User": ["annak", "annak"], "NumJobStarts": [1, 1], "NumJobCompletions": ["0", "1"]}
    (tmp_path / "data").mkdir()
    pq.write_table(pa.table(columns), tmp_path / "data" / "a.parquet")
    return tmp_path / "data"


def test_a_reporter_gets_nulls_for_a_blanked_role(data_dir: Path, tmp_path: Path) -> None:
    outputs = run_plugins(
        data_dir,
        tmp_path / "out",
        reporters=[FailedUsersReporter(FailedUsersOptions())],
        transforms=[Suppress(SuppressOptions(columns=("NumJobStarts",)))],
    )
    assert b'"total_failure_rows": 0' in outputs["failed_users.json"]


def test_a_dropped_role_that_a_reporter_needs_is_an_error(data_dir: Path, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="reporter reporter_0 needs the column 'NumJobStarts', and anonymizer"):
        run_plugins(
            data_dir,
            tmp_path / "out",
            reporters=[FailedUsersReporter(FailedUsersOptions())],
            transforms=[Suppress(SuppressOptions(drop=("NumJobStarts",)))],
        )
