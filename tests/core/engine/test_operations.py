"""Transforms must do what they declare; the operations on each column are known."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from fakes import Count, Handles, Rows, write_parquet

from anonkit.engine.operations import operations, transformed_schema
from anonkit.errors import ConfigError
from anonkit.input.column_roles import ColumnRoles
from anonkit.plugin.contracts import Garbled, Roles, RunContext, Tokenized, Transform, Transformed
from anonkit.testing import TransformContract, run_plugins

SCHEMA = pa.schema([("Iwd", pa.string()), ("User", pa.string()), ("n", pa.int64()), ("m", pa.int64())])


class Without(Transform):
    """Drops a column."""

    def __init__(self, column: str) -> None:
        self.column = column

    def schema(self, schema: pa.Schema) -> pa.Schema:
        if self.column not in schema.names:
            raise ConfigError(f"there is no column {self.column}")
        return schema.remove(schema.get_field_index(self.column))

    def changes(self, schema: pa.Schema) -> Mapping[str, str]:
        return {self.column: "dropped"}

    def __call__(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        return batch.drop_columns([self.column])


class Hidden(Transform):
    """Blanks a column."""

    def changes(self, schema: pa.Schema) -> Mapping[str, str]:
        return {"n": "blanked"} if "n" in schema.names else {}

    def __call__(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        return batch.set_column(2, batch.schema.field(2), pa.nulls(len(batch), pa.int64()))


class Silent(Hidden):
    changes = Transform.changes


class TestTheKit(TransformContract):
    @pytest.fixture
    def transform(self) -> Transform:
        return Hidden()

    @pytest.fixture
    def batch(self) -> pa.RecordBatch:
        return pa.RecordBatch.from_pylist([{"n": 1, "m": 2}, {"Iwd": "x"}], SCHEMA)

    def test_it_finds_an_undeclared_change(self, batch: pa.RecordBatch) -> None:
        with pytest.raises(pytest.fail.Exception, match="changes does not name n"):
            TransformContract.test_what_is_changed_is_told(self, Silent(), batch)


def test_operations_come_in_order() -> None:
    column_roles = ColumnRoles.from_schema(SCHEMA, ["User", "Iwd", "n"], [Handles()], Roles())
    assert list(operations([Hidden(), Without("n"), Hidden()], column_roles, SCHEMA).items()) == [
        ("User", (Tokenized("user"),)),
        ("Iwd", (Garbled(),)),
        ("n", (Transformed("blanked"), Transformed("dropped"))),
    ]


def test_operations_are_described_in_words() -> None:
    described = map(str, (Tokenized("user"), Garbled(), Transformed("rounded down to 1h")))
    assert list(described) == ["tokens of user", "garbled", "rounded down to 1h"]


def test_transforms_follow_each_other() -> None:
    assert transformed_schema([Without("n"), Without("m")], SCHEMA).names == ["Iwd", "User"]


class WritesOperations(Count):
    """Writes the operations on the columns."""

    def write(self, result: int, outputs: Any, context: RunContext) -> None:
        outputs.write("operations.txt", repr(dict(context.operations)).encode())


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    write_parquet(tmp_path / "data" / "a.parquet", {"User": ["bob"], "n": [1], "m": [2]})
    return tmp_path / "data"


@pytest.mark.parametrize("garble", [True, False])
def test_reporters_know_the_operations(data_dir: Path, tmp_path: Path, garble: bool) -> None:
    outputs = run_plugins(
        data_dir,
        tmp_path / "out",
        reporters=[WritesOperations()],
        tokenizers=[Handles()],
        transforms=[Without("n")],
        garble=garble,
        columns=("User", "n", "m"),
    )
    expected = {"User": (Tokenized("user"),), "n": (Transformed("dropped"),)}
    assert outputs["operations.txt"].decode() == repr(expected if garble else {})


def test_a_column_that_a_reporter_needs_cannot_be_taken_away(data_dir: Path, tmp_path: Path) -> None:
    class NeedsUsers(Rows):
        required_roles = ("user",)  # type: ignore[assignment]  # where a property is, an attribute will do

    class NeedsNumbers(Rows):
        def columns(self, roles: Roles) -> tuple[str, ...]:
            return ("n",)

    with pytest.raises(ConfigError) as caught:
        run_plugins(
            data_dir,
            tmp_path / "out",
            reporters=[NeedsUsers(), NeedsNumbers(), Count()],
            tokenizers=[Handles()],
            transforms=[Without("n"), Without("User")],
        )
    assert caught.value.mistakes == (
        "reporter reporter_0 needs the column 'User', and anonymizer transform_1 takes it away; "
        "keep the column, or switch the reporter off with --disable reporter_0",
        "reporter reporter_1 needs the column 'n', and anonymizer transform_0 takes it away; "
        "keep the column, or switch the reporter off with --disable reporter_1",
    )
    assert not (tmp_path / "out").exists()


def test_a_reporter_of_originals_has_all_columns(data_dir: Path, tmp_path: Path) -> None:
    outputs = run_plugins(
        data_dir,
        tmp_path / "out",
        reporters=[Rows("User")],
        tokenizers=[Handles()],
        transforms=[Without("User")],
        garble=False,
    )
    assert outputs["rows.txt"] == b"[bob]\n"


def test_a_transform_that_does_not_fit_is_reported_before_a_row_is_read(data_dir: Path, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="there is no column q"):
        run_plugins(data_dir, tmp_path / "out", tokenizers=[Handles()], transforms=[Without("q")])
    assert not (tmp_path / "out").exists()
