"""Rows for parquet: batches as bytes in the workers, files of even row groups in the end.

Row groups are cut by the rows alone, so a file's bytes do not depend on how the batches were cut: after so many rows,
or before so many bytes of text that the group would be too much to hold.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, BinaryIO

import attrs
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

__all__ = ["GROUP_BYTES", "ParquetFile", "packed", "unpacked"]

GROUP_BYTES = 128 << 20
"""Bytes of the values in a row group, roughly; writing one takes twice as much memory."""
_CELL = 8
_LENGTH = 8


def packed(batch: pa.RecordBatch) -> bytes:
    """Return a batch as bytes, which may follow those of others."""
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, batch.schema, options=pa.ipc.IpcWriteOptions(compression="lz4")) as writer:
        writer.write_batch(batch)
    data: bytes = sink.getvalue().to_pybytes()
    return len(data).to_bytes(_LENGTH, "little") + data


def unpacked(pieces: Iterable[bytes]) -> Iterator[pa.RecordBatch]:
    """Yield the batches of which the bytes, joined and then cut anywhere, are `pieces`."""
    source = io.BufferedReader(_Joined(iter(pieces)))
    while length := source.read(_LENGTH):
        with pa.ipc.open_stream(source.read(int.from_bytes(length, "little"))) as reader:
            yield from reader


@attrs.frozen
class ParquetFile:
    """The way in which a file is written."""

    schema: pa.Schema
    row_group_rows: int
    level: int | None
    sort_by: Sequence[str] = ()
    """Columns by which each row group is sorted, nulls last."""
    group_bytes: int = GROUP_BYTES

    def write(self, batches: Iterable[pa.RecordBatch], file: BinaryIO) -> int:
        """Write the rows in their order; return how many there were."""
        rows = 0
        with pq.ParquetWriter(
            file,
            self.schema,
            compression="zstd",
            compression_level=self.level,
            store_schema=False,
            sorting_columns=[pq.SortingColumn(self.schema.names.index(name)) for name in self.sort_by] or None,
        ) as writer:
            for group in self._groups(batches):
                rows += len(group)
                writer.write_table(self._sorted(group), row_group_size=len(group))
        return rows

    def _groups(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.Table]:
        pending: list[pa.RecordBatch] = []
        rows = size = 0
        for batch in batches:
            sizes = np.cumsum(_row_sizes(batch))
            start, before = 0, 0
            while start < len(batch):
                room = int(np.searchsorted(sizes, before + self.group_bytes - size, side="right")) - start
                count = min(self.row_group_rows - rows, room)
                if count < 1 and rows:
                    yield pa.Table.from_batches(pending, self.schema).combine_chunks()
                    pending, rows, size = [], 0, 0
                    continue
                count = max(count, 1)
                pending.append(batch.slice(start, count))
                start, rows = start + count, rows + count
                size, before = size + int(sizes[start - 1]) - before, int(sizes[start - 1])
        if pending:
            yield pa.Table.from_batches(pending, self.schema).combine_chunks()

    def _sorted(self, group: pa.Table) -> pa.Table:
        return group.sort_by([(name, "ascending") for name in self.sort_by]) if self.sort_by else group


def _row_sizes(batch: pa.RecordBatch) -> Any:
    """Return the bytes of each row's values: of texts their length, of anything else as if it were a number."""
    sizes = np.full(len(batch), _CELL * batch.num_columns, np.int64)
    for column in batch.columns:
        if pa.types.is_string(column.type):
            sizes += pc.fill_null(pc.binary_length(column), 0).to_numpy(zero_copy_only=False)
    return sizes


class _Joined(io.RawIOBase):
    """Pieces of bytes as a file to read from."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        super().__init__()
        self._pieces = pieces
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not len(self._rest):
            piece = next(self._pieces, None)
            if piece is None:
                return 0
            self._rest = memoryview(piece)
        count = min(len(buffer), len(self._rest))
        buffer[:count], self._rest = self._rest[:count], self._rest[count:]
        return count
