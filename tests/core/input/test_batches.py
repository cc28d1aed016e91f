from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from fakes import NULLS, write_parquet
from hypothesis import given
from hypothesis import strategies as st

from anonkit.errors import DamagedFile
from anonkit.input.batches import BatchLimits, read
from anonkit.input.data_file import InputData
from anonkit.input.normalize import CellNormalizer
from anonkit.input.readers import Readers
from anonkit.input.source import Source
from anonkit.input.tasks import Fragment, cut_tasks
from anonkit.plugin.contracts import DataFile, FileHead, Reader, Run

CELLS = CellNormalizer(NULLS)
SECRET = "annak"
USERS = pa.schema([("User", pa.string())])


def fragments(folder: Path) -> list[Fragment]:
    """All of a folder's rows, in one task."""
    [task] = cut_tasks(Source.open(str(folder), skip_damaged=False).files, 1)
    return list(task)


def batches(task: list[Fragment], batch_rows: int = 100, schema: pa.Schema = USERS) -> list[tuple[int, list[Any]]]:
    return [(row, batch.column(0).to_pylist()) for row, batch in read(task, schema, CELLS, BatchLimits(batch_rows))]


def test_small_files_share_a_batch(tmp_path: Path) -> None:
    for number, users in enumerate((["a", "b"], ["c"], ["d", "null"], ["e"])):
        write_parquet(tmp_path / f"{number}.parquet", {"User": users})
    task = fragments(tmp_path)
    assert batches(task) == [(0, ["a", "b", "c", "d", None, "e"])]
    assert batches(task, 3) == [(0, ["a", "b", "c"]), (3, ["d", None, "e"])]
    assert batches(task, 4) == [(0, ["a", "b", "c"]), (3, ["d", None, "e"])]
    assert batches(task, 1) == [(n, [user]) for n, user in enumerate(["a", "b", "c", "d", None, "e"])]


def test_files_that_hold_a_column_as_another_type_do_not(tmp_path: Path) -> None:
    write_parquet(tmp_path / "0.parquet", {"User": ["a"]})
    write_parquet(tmp_path / "1.parquet", {"User": pa.array(["b"]).dictionary_encode()})
    write_parquet(tmp_path / "2.parquet", {"Owner": ["x"]})
    write_parquet(tmp_path / "3.parquet", {"User": [7]})
    assert batches(fragments(tmp_path)) == [(0, ["a"]), (1, ["b"]), (2, [None]), (3, ["7"])]


@given(
    st.lists(st.lists(st.sampled_from(["a", "é", "null", None]), max_size=5), min_size=1, max_size=5), st.integers(1, 9)
)
def test_files_with_dictionaries_of_their_own(
    tmp_path_factory: pytest.TempPathFactory, files: list[list[str | None]], batch_rows: int
) -> None:
    folder = tmp_path_factory.mktemp("data")
    for number, users in enumerate([["z"], *files]):
        write_parquet(folder / f"{number}.parquet", {"User": pa.array(users, pa.string()).dictionary_encode()})
    found = [user for _, users in batches(fragments(folder), batch_rows) for user in users]
    assert found == ["z", *(None if user == "null" else user for users in files for user in users)]


def test_a_batch_holds_no_more_bytes_than_it_may(tmp_path: Path) -> None:
    texts = ["x" * 10, "y" * 500, "", "z" * 100, "w"]
    write_parquet(tmp_path / "a.parquet", {"t": texts})
    write_parquet(tmp_path / "b.parquet", {"t": ["v" * 40]})
    limits = BatchLimits(rows=100, bytes=64)
    read_batches = read(fragments(tmp_path), pa.schema([("t", pa.string())]), CELLS, limits)
    found = [batch.column("t").to_pylist() for _, batch in read_batches]
    assert found == [["x" * 10], ["y" * 500], [None], ["z" * 100], ["w", "v" * 40]]


@pytest.mark.parametrize("others", [0, 2])
def test_a_dictionary_that_lost_entries(others: int) -> None:
    good = pa.RecordBatch.from_arrays([pa.array([SECRET]).dictionary_encode()], ["User"])
    lost = pa.DictionaryArray.from_arrays(pa.array([0, 7], pa.int32()), pa.array([SECRET]), safe=False)
    bad = pa.RecordBatch.from_arrays([lost], ["User"])
    held = {f"{number}.parquet": good for number in range(others)} | {"bad.parquet": bad}

    class Held(Reader):
        def recognizes(self, head: FileHead) -> bool:
            return True

        def batches(self, file: DataFile, *_: object) -> Iterator[pa.RecordBatch]:
            yield held[file.name]

    task = [Fragment(InputData(name, name), Held(), (Run(1),), 0, len(batch), 0) for name, batch in held.items()]
    with pytest.raises(DamagedFile, match=r"^bad\.parquet: damaged or cut off: its data cannot be decoded; mend"):
        batches(task)


def test_fewer_rows_than_promised(tmp_path: Path) -> None:
    path = write_parquet(tmp_path / "a.parquet", {"User": ["anna", "bob"]})
    [parquet] = [one for one in Readers.installed().readers if one.name == "parquet"]
    with pytest.raises(DamagedFile, match=r"^a\.parquet: it has fewer rows than were counted in it before; mend"):
        batches([Fragment(InputData(str(path), "a.parquet"), parquet.reader, (Run(6, 0, 1),), 1, 5, 10)])
