"""What every reader has to keep, as a test class."""

from __future__ import annotations

import gzip
import hashlib
import pickle
import re
from abc import ABC, abstractmethod
from collections.abc import Iterable
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import Any

import attrs
import pyarrow as pa
import pytest

from anonkit.config.model import NULL_VALUES
from anonkit.errors import DamagedFile
from anonkit.input.data_file import InputData
from anonkit.input.normalize import CellNormalizer, unified_field
from anonkit.plugin.contracts import Contents, FileHead, Reader, Run
from anonkit.testing.contract import Contract, broken, check_options, pickled

__all__ = ["ReaderContract"]


@attrs.frozen
class Reading:
    """What a reader finds in a file, and all rows."""

    contents: Contents
    rows: list[dict[str, Any]]


class ReaderContract(Contract, ABC):
    """Rows are counted as they are read, and how they are cut does not show."""

    is_text = True
    """Whether a compressed file is read too."""
    bad_record: tuple[bytes, int] | None = None
    """A whole file with one record that cannot be read, and the line of that record; None: nothing is wrong ever."""

    _readings: dict[bytes, Reading]

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        cls._readings = {}

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
    def reading(self, reader: Reader, file: InputData, path: Path) -> Reading:
        """What the reader finds in it, and all rows; it is read once for the class, the reader and the file."""
        key = hashlib.sha256(pickle.dumps((pickled(reader, "the reader"), path.name, path.read_bytes()))).digest()
        if key not in self._readings:
            contents = reader.contents(file)
            rows = _rows(reader.batches(file, contents.runs, contents.schema, 1000), contents.schema)
            self._readings[key] = Reading(contents, rows)
        return self._readings[key]

    @pytest.fixture
    def contents(self, reading: Reading) -> Contents:
        """What the reader finds in the file."""
        return reading.contents

    @pytest.fixture
    def whole(self, reading: Reading) -> list[dict[str, Any]]:
        """All rows of the file."""
        return reading.rows

    def test_the_file_is_recognized(self, reader: Reader, file: InputData) -> None:
        """By its name or its first bytes; a file of zeros is another format."""
        if not reader.recognizes(file.head()):
            broken(f"recognizes says no to {file.name}, which is of its format")
        if reader.recognizes(FileHead("unknown.bin", b"\0" * 512)):
            broken("recognizes says yes to a file of zeros with another name")

    def test_every_row_is_counted(
        self, reader: Reader, file: InputData, contents: Contents, whole: list[dict[str, Any]]
    ) -> None:
        """The runs have as many rows as are read, at least one, and no other columns."""
        counted = sum(run.rows for run in contents.runs)
        if len(whole) != counted or not counted:
            broken(f"contents counts {counted} rows in its runs, and batches yields {len(whole)}")
        if _rows(reader.batches(file, (), None, 1000), contents.schema) != whole:
            broken("batches without runs and columns, which is the whole file, yields other rows than with all runs")

    def test_runs_can_be_read_alone(
        self, reader: Reader, file: InputData, contents: Contents, whole: list[dict[str, Any]]
    ) -> None:
        """Each by itself, in batches of any size, gives the rows of all together."""
        parts = [_rows(reader.batches(file, (run,), contents.schema, 1), contents.schema) for run in contents.runs]
        for number, (part, run) in enumerate(zip(parts, contents.runs, strict=True)):
            if len(part) != run.rows:
                broken(
                    f"run {number} has {run.rows} rows, and {len(part)} when it is read alone: its start or end is off"
                )
        if [row for part in parts for row in part] != whole:
            broken("the runs read one by one, in small batches, give other rows than all at once")

    def test_columns_can_be_read_alone(
        self, reader: Reader, file: InputData, contents: Contents, whole: list[dict[str, Any]]
    ) -> None:
        """One column, or one that is not there, has nothing to do with the others."""
        for field in contents.schema:
            alone = pa.schema([field, pa.field("no such column", pa.string())])
            rows = _rows(reader.batches(file, contents.runs, alone, 1000), alone)
            if rows != [{field.name: row[field.name], "no such column": None} for row in whole]:
                broken(f"the column {field.name} has other cells when it is read without the others")

    def test_types_are_as_declared(self, reader: Reader, file: InputData, contents: Contents) -> None:
        """Cells have the type that the schema of the contents declares, or can be cast to it."""
        for batch in reader.batches(file, contents.runs, contents.schema, 1000):
            for name in batch.schema.names:
                if contents.schema.get_field_index(name) < 0:
                    broken(f"batches yields a column {name} that contents does not have")
                try:
                    batch.column(name).cast(contents.schema.field(name).type)
                except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
                    broken(f"the column {name} is not of the type that contents declares: {error}")

    def test_a_bad_record_is_told_with_its_place(self, reader: Reader, path: Path) -> None:
        """It is an error that names the line, or with `skip_bad_records` left out, counted and listed."""
        if self.bad_record is None:
            return
        data, line = self.bad_record
        bad = path.with_name(f"bad-{path.name}")
        bad.write_bytes(data)
        with pytest.raises(DamagedFile) as caught:
            list(
                reader.batches(
                    InputData(str(bad), bad.name), reader.contents(InputData(str(bad), bad.name)).runs, None, 9
                )
            )
        if not re.search(rf"line {line}\b", str(caught.value)):
            broken(f"the record in line {line} cannot be read, and the message says: {caught.value}")

    def test_bad_records_are_counted(self, reader: Reader, path: Path) -> None:
        """With `skip_bad_records` one is left out, counted and listed with its line."""
        if self.bad_record is None:
            return
        data, line = self.bad_record
        bad = path.with_name(f"bad-{path.name}")
        bad.write_bytes(data)
        file = InputData(str(bad), bad.name, skip_bad_records=True)
        contents = reader.contents(file)
        if contents.bad_records != 1 or [record.line for record in contents.bad] != [line]:
            broken(
                f"with skip_bad_records, contents must count 1 bad record and list line {line}; it counts "
                f"{contents.bad_records} and lists {[record.line for record in contents.bad]}"
            )
        rows = _rows(reader.batches(file, contents.runs, contents.schema, 1000), contents.schema)
        if len(rows) != sum(run.rows for run in contents.runs):
            broken("with skip_bad_records, batches yields other rows than contents counts")

    def test_a_compressed_file_has_the_same_rows(
        self, reader: Reader, path: Path, contents: Contents, whole: list[dict[str, Any]]
    ) -> None:
        """Where the format is text."""
        if not self.is_text:
            return
        packed = path.with_name(f"{path.name}.gz")
        packed.write_bytes(gzip.compress(path.read_bytes()))
        file = InputData(str(packed), packed.name)
        found = reader.contents(file)
        if not found.schema.equals(contents.schema, check_metadata=True):
            broken("a compressed file has other columns; read it with DataFile.open, which decompresses")
        if _rows(reader.batches(file, found.runs, found.schema, 1000), found.schema) != whole:
            broken("a compressed file has other rows; read it with DataFile.open, which decompresses")

    def test_the_reader_can_be_sent(self, reader: Reader, contents: Contents) -> None:
        """It is picklable, and so are the runs."""
        assert isinstance(pickled(reader, "the reader"), type(reader))
        assert all(isinstance(run, Run) for run in pickled(contents.runs, "a run"))

    def test_options_are_documented(self, reader: Reader) -> None:
        """Each has a type, a default and a help."""
        check_options(reader)


def _rows(batches: Iterable[pa.RecordBatch], schema: pa.Schema) -> list[dict[str, Any]]:
    """Return rows with the types that anonkit brings them to."""
    cells = CellNormalizer(NULL_VALUES)
    fields = [unified_field(field.name, [field.type]) for field in schema]
    rows: list[dict[str, Any]] = []
    # A batch may have fewer columns than the schema, and other types; many small batches have the same.
    for given, some in groupby(batches, attrgetter("schema")):
        table = pa.Table.from_batches(some, given).combine_chunks()
        for batch in table.to_batches():
            arrays = [
                cells(batch.column(field.name), field.type)
                if given.get_field_index(field.name) >= 0
                else pa.nulls(len(batch), field.type)
                for field in fields
            ]
            rows += pa.RecordBatch.from_arrays(arrays, schema=pa.schema(fields)).to_pylist()
    return rows
