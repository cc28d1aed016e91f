"""What every reader has to keep, for each that is shipped."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from anonkit_std.options.readers import TableOptions
from anonkit_std.readers.classad_long import ClassAdReader
from anonkit_std.readers.classad_new import ClassAdNewReader
from anonkit_std.readers.classad_xml import ClassAdXmlReader
from anonkit_std.readers.comma_separated import CsvReader, TsvReader
from anonkit_std.readers.json_array import JsonReader
from anonkit_std.readers.json_lines import JsonLinesReader
from anonkit_std.readers.parquet import ParquetReader
from anonkit_std.readers.sacct import SacctReader
from anonkit_std.readers.swf import SwfReader
from anonkit_std.readers.tables import DuckDbReader, SqliteReader
from anonkit_std.readers.text_reader import TextReader

from anonkit.api import NoOptions, Reader
from anonkit.demo.formats import write_rows
from anonkit.input.data_file import InputData
from anonkit.testing import ReaderContract

ROWS = [
    {"User": "anna, the first", "Count": 1, "Time": 0.5, "Mixed": "x"},
    {"User": 'bob "b"', "Count": 2**60, "Time": 727.0},
    {"User": "carl", "Count": -3, "Mixed": "5", "Time": 1},
] * 10
NUMBERS = [{f"c{place}": place + row for place in range(18)} for row in range(20)]

READERS: dict[str, type[TextReader]] = {
    "csv": CsvReader,
    "tsv": TsvReader,
    "json": JsonReader,
    "jsonl": JsonLinesReader,
    "long": ClassAdReader,
    "history": ClassAdReader,
    "ads": ClassAdNewReader,
    "sacct": SacctReader,
    "swf": SwfReader,
}


def written(folder: Path, form: str) -> Path:
    path = folder / f"jobs.{form}"
    rows = NUMBERS if form == "swf" else ROWS
    write_rows(path, list(rows[0]), rows, form)
    return path


class TestText(ReaderContract):
    @pytest.fixture(params=READERS)
    def form(self, request: pytest.FixtureRequest) -> str:
        return str(request.param)

    @pytest.fixture(params=[64, 1000, 1 << 20])
    def reader(self, form: str, request: pytest.FixtureRequest) -> Reader:
        """Blocks of several sizes, most of them shorter than two records."""
        reader = READERS[form](NoOptions())  # type: ignore[call-arg]  # each of these takes options
        reader.block_bytes = request.param
        return reader

    @pytest.fixture
    def path(self, tmp_path: Path, form: str) -> Path:
        return written(tmp_path, form)


@pytest.mark.parametrize("form", ["json", "jsonl", "long", "ads"])
def test_numbers_of_a_column_of_text_do_not_depend_on_blocks(tmp_path: Path, form: str) -> None:
    path = tmp_path / f"jobs.{form}"
    values: list[object] = [1, 2.5, None, 3, 4.0, "x"]
    write_rows(path, ["A", "B"], [{"A": value, "B": "y"} for value in values], form)
    for size in (16, 40, 1 << 20):
        reader = READERS[form](NoOptions())  # type: ignore[call-arg]  # each of these takes options
        reader.block_bytes = size
        found = [cell for batch in reader.batches(InputData(str(path), path.name), (), None, 10) for cell in batch["A"]]
        assert [cell.as_py() for cell in found] == ["1", "2.5", None, "3", "4.0", "x"]


class TestXml(ReaderContract):
    @pytest.fixture
    def reader(self) -> Reader:
        return ClassAdXmlReader(NoOptions())

    @pytest.fixture
    def path(self, tmp_path: Path) -> Path:
        return written(tmp_path, "xml")


class TestParquet(ReaderContract):
    is_text = False

    @pytest.fixture
    def reader(self) -> Reader:
        return ParquetReader(NoOptions())

    @pytest.fixture
    def path(self, tmp_path: Path) -> Path:
        pq.write_table(pa.Table.from_pylist(ROWS), tmp_path / "jobs.parquet", row_group_size=12)
        return tmp_path / "jobs.parquet"


@pytest.fixture(params=["duckdb", "sqlite"])
def database(request: pytest.FixtureRequest) -> str:
    return str(request.param)


class TestTables(ReaderContract):
    is_text = False

    @pytest.fixture
    def reader(self, database: str) -> Reader:
        return (DuckDbReader if database == "duckdb" else SqliteReader)(TableOptions())

    @pytest.fixture
    def path(self, tmp_path: Path, database: str) -> Path:
        return written(tmp_path, database)
