"""Row groups depend on the rows alone; bytes are read back however they were cut."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from itertools import pairwise

import pyarrow as pa
import pyarrow.parquet as pq
from anonkit_std.reporters.dataset.parquet_rows import GROUP_BYTES, ParquetFile, packed, unpacked
from hypothesis import given
from hypothesis import strategies as st

ROWS = pa.record_batch({"n": list(range(40)), "text": ["ab" * (n % 7) if n % 5 else None for n in range(40)]})


def parts(places: Sequence[int]) -> Iterator[pa.RecordBatch]:
    for start, end in pairwise([0, *sorted(places), len(ROWS)]):
        yield ROWS.slice(start, end - start)


def written(
    batches: Iterator[pa.RecordBatch], rows: int = 16, sort_by: Sequence[str] = (), most: int = GROUP_BYTES
) -> bytes:
    file = io.BytesIO()
    assert ParquetFile(ROWS.schema, rows, None, sort_by, most).write(batches, file) == len(ROWS)
    return file.getvalue()


def groups(data: bytes) -> list[int]:
    footer = pq.read_metadata(io.BytesIO(data))
    return [footer.row_group(place).num_rows for place in range(footer.num_row_groups)]


def reference(rows: int, most: int) -> list[int]:
    """The sizes of row groups, row by row."""
    sizes: list[int] = []
    held = total = 0
    for text in ROWS["text"].to_pylist():
        size = 16 + len(text or "")
        if held and (held == rows or total + size > most):
            sizes.append(held)
            held = total = 0
        held, total = held + 1, total + size
    return [*sizes, held]


cuts = st.lists(st.integers(0, len(ROWS)), max_size=6)


@given(cuts, st.integers(1, 50), st.integers(1, 900))
def test_groups_are_those_of_the_reference(places: list[int], rows: int, most: int) -> None:
    data = written(parts(places), rows, most=most)
    assert groups(data) == reference(rows, most)
    assert data == written(parts([]), rows, most=most)
    assert pq.read_table(io.BytesIO(data)).to_batches(max_chunksize=None)[0].schema == ROWS.schema
    assert pq.read_table(io.BytesIO(data)).equals(pa.Table.from_batches([ROWS]))


@given(cuts, st.integers(1, 50))
def test_bytes_are_read_back_however_they_were_cut(places: list[int], size: int) -> None:
    data = b"".join(map(packed, parts(places)))
    pieces = [data[start : start + size] for start in range(0, len(data), size)]
    assert pa.Table.from_batches(unpacked(pieces), ROWS.schema).equals(pa.Table.from_batches([ROWS]))


def test_nothing_is_no_batch() -> None:
    assert list(unpacked([])) == []


def test_each_group_is_sorted_and_says_so() -> None:
    data = written(parts([3]), 25, sort_by=["text", "n"])
    file = pq.ParquetFile(io.BytesIO(data))
    for place, (start, rows) in enumerate([(0, 25), (25, 15)]):
        cells = ROWS.slice(start, rows).to_pylist()
        cells.sort(key=lambda row: (row["text"] is None, row["text"] or "", row["n"]))
        assert file.read_row_group(place).to_pylist() == cells
        assert [column.column_index for column in file.metadata.row_group(place).sorting_columns] == [1, 0]


def test_no_metadata_of_the_writer_comes_along() -> None:
    footer = pq.read_metadata(io.BytesIO(written(parts([]))))
    assert footer.metadata is None
    assert footer.row_group(0).column(1).compression == "ZSTD"
