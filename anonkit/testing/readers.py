"""What every reader has to keep, as a test class."""

from __future__ import annotations

import gzip
import pickle
from abc import ABC, abstractmethod
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from anonkit.config.model import NULL_VALUES
from anonkit.input.data_file import InputData
from anonkit.input.normalize import CellNormalizer, unified_field
from anonkit.plugin.contracts import Contents, Reader, Run

__all__ = ["ReaderContract"]


class ReaderContract(ABC):
    """Rows are counted as they are read, and how they are cut does not show."""

    is_text = True
    """Whether a compressed file is read too."""

    @pytest.fixture
    @abstractmethod
    def reader(self) -> Reader:
        """The reader to test."""

    @pytest.fixture
    @abstractmethod
    def path(self, tmp_path: Path) -> Path:
        """A file of the format, with some rows."""

    @pytest.fixture
    def file(self, path: Path) -> InputData:
        """The file as readers get it."""
        return InputData(str(path), path.name)

    @pytest.fixture
    def contents(self, reader: Reader, file: InputData) -> Contents:
        """What the reader finds in it."""
        return reader.contents(file)

    def test_the_file_is_recognized(self, reader: Reader, file: InputData) -> None:
        """By its name or its first bytes; a file of zeros is another format."""
        assert reader.recognizes(file.head())

    def test_every_row_is_counted(self, reader: Reader, file: InputData, contents: Contents) -> None:
        """The runs have as many rows as are read, at least one, and no other columns."""
        rows = _rows(reader.batches(file, contents.runs, contents.schema, 1000), contents.schema)
        assert len(rows) == sum(run.rows for run in contents.runs) > 0
        assert _rows(reader.batches(file, (), None, 1000), contents.schema) == rows

    def test_runs_can_be_read_alone(self, reader: Reader, file: InputData, contents: Contents) -> None:
        """Each by itself, in batches of any size, gives the rows of all together."""
        whole = _rows(reader.batches(file, contents.runs, contents.schema, 1000), contents.schema)
        parts = [_rows(reader.batches(file, (run,), contents.schema, 1), contents.schema) for run in contents.runs]
        assert [len(part) for part in parts] == [run.rows for run in contents.runs]
        assert [row for part in parts for row in part] == whole

    def test_columns_can_be_read_alone(self, reader: Reader, file: InputData, contents: Contents) -> None:
        """One column, or one that is not there, has nothing to do with the others."""
        whole = _rows(reader.batches(file, contents.runs, contents.schema, 1000), contents.schema)
        for field in contents.schema:
            alone = pa.schema([field, pa.field("no such column", pa.string())])
            rows = _rows(reader.batches(file, contents.runs, alone, 1000), alone)
            assert rows == [{field.name: row[field.name], "no such column": None} for row in whole]

    def test_a_compressed_file_has_the_same_rows(self, reader: Reader, path: Path, contents: Contents) -> None:
        """Where the format is text."""
        if self.is_text:
            packed = path.with_name(f"{path.name}.gz")
            packed.write_bytes(gzip.compress(path.read_bytes()))
            file = InputData(str(packed), packed.name)
            found = reader.contents(file)
            assert found.schema.equals(contents.schema, check_metadata=True)
            assert _rows(reader.batches(file, found.runs, found.schema, 1000), found.schema) == _rows(
                reader.batches(InputData(str(path), path.name), contents.runs, contents.schema, 1000), contents.schema
            )

    def test_the_reader_can_be_sent(self, reader: Reader, contents: Contents) -> None:
        """It is picklable, and so are the runs."""
        assert isinstance(pickle.loads(pickle.dumps(reader)), type(reader))
        assert all(isinstance(run, Run) for run in pickle.loads(pickle.dumps(contents.runs)))


def _rows(batches: Iterable[pa.RecordBatch], schema: pa.Schema) -> list[dict[str, Any]]:
    """Return rows with the types that anonkit brings them to."""
    cells = CellNormalizer(NULL_VALUES)
    fields = [unified_field(field.name, [field.type]) for field in schema]
    rows: list[dict[str, Any]] = []
    for batch in batches:
        arrays = [
            cells(batch.column(field.name), field.type)
            if batch.schema.get_field_index(field.name) >= 0
            else pa.nulls(len(batch), field.type)
            for field in fields
        ]
        rows += pa.RecordBatch.from_arrays(arrays, schema=pa.schema(fields)).to_pylist()
    return rows
