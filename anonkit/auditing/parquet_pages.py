"""The pages of a parquet file's columns, decompressed and without numbers of dictionary entries, in the file's order.

Apache Parquet Format: file layout, and the headers of pages in Thrift's compact protocol.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, Any

import attrs
import pyarrow as pa
import pyarrow.parquet as pq

from anonkit.auditing.parquet_indices import without_indices

__all__ = ["column_pages"]

_NO_HEADER = "no page header"
# Encodings, by their numbers.
_OF_DICTIONARY, _RLE = (2, 8), 3


def column_pages(file: IO[bytes], parquet: pq.ParquetFile, column: int) -> Iterator[bytes]:
    """Yield the pages of a column, decompressed; of pages of numbers of dictionary entries all bytes but these."""
    schema = parquet.schema.column(column)
    kinds_of_levels = (schema.max_definition_level > 0) + (schema.max_repetition_level > 0)
    for group in range(parquet.metadata.num_row_groups):
        chunk = parquet.metadata.row_group(group).column(column)
        start = chunk.data_page_offset
        if chunk.has_dictionary_page and chunk.dictionary_page_offset:
            start = min(start, chunk.dictionary_page_offset)
        file.seek(start)
        yield from _decompressed(file.read(chunk.total_compressed_size), chunk.compression, kinds_of_levels)


def _decompressed(chunk: bytes, compression: str, kinds_of_levels: int) -> Iterator[bytes]:
    position = 0
    while position < len(chunk):
        header = _PageHeader.from_bytes(chunk, position)
        position = header.stop
        page = chunk[header.start : header.stop]
        if compression != "UNCOMPRESSED" and header.compressed:
            levels, rest = page[: header.levels], page[header.levels :]
            size = header.size - header.levels
            page = levels + (_codec(compression).decompress(rest, size, asbytes=True) if rest else b"")
        if header.indices is not None:
            levels_before = header.levels if header.is_second else None
            page = without_indices(page, header.indices, levels_before, kinds_of_levels)
        yield page


@attrs.frozen
class _PageHeader:
    """The place and the form of a page in its chunk."""

    start: int
    stop: int
    size: int
    """In bytes, decompressed."""
    levels: int
    """Bytes at its beginning that are not compressed: in the second version of a data page the levels."""
    compressed: bool
    is_second: bool
    """Whether it is a data page of the second version."""
    indices: int | None
    """How many values it has at the most, if these are numbers of dictionary entries; else None."""

    @classmethod
    def from_bytes(cls, chunk: bytes, position: int) -> _PageHeader:
        """Read the header that begins at `position`; OSError when there is none."""
        header = _Thrift(chunk, position)
        fields = header.struct()
        first, second = fields.get(5, {}), fields.get(8, {})
        if not isinstance(first, dict) or not isinstance(second, dict):
            raise OSError(_NO_HEADER)
        size, stored = _count(fields.get(2)), _count(fields.get(3))
        levels = _count(second.get(5, 0)) + _count(second.get(6, 0))
        if levels > size:
            raise OSError(_NO_HEADER)
        compressed = bool(second.get(7, True))
        indices = _indices(first, second)
        return cls(header.position, header.position + stored, size, levels, compressed, bool(second), indices)


def _indices(first: dict[int, Any], second: dict[int, Any]) -> int | None:
    """Return the number of values by the header of a data page of either version, None when no dictionary has them."""
    encoding = second.get(4) if second else first.get(2)
    # In the first version levels may be packed without their size before them.
    is_packed = not second and (first.get(3) != _RLE or first.get(4) != _RLE)
    return None if encoding not in _OF_DICTIONARY or is_packed else _count((second or first).get(1))


def _count(value: object) -> int:
    if type(value) is not int or not 0 <= value < 1 << 31:
        raise OSError(_NO_HEADER)
    return value


def _codec(compression: str) -> pa.Codec:
    # Parquet's LZ4 is the raw block format.
    return pa.Codec({"LZ4": "lz4_raw"}.get(compression, compression.lower()))


@attrs.define
class _Thrift:
    """Reads structs in Thrift's compact protocol: fields by number."""

    data: bytes
    position: int

    def struct(self) -> dict[int, Any]:
        fields: dict[int, Any] = {}
        number = 0
        while (head := self._byte()) != 0:
            step = head >> 4
            number = number + step if step else self._signed()
            fields[number] = self._value(head & 15)
        return fields

    def _value(self, kind: int) -> Any:
        if kind in (1, 2):
            return kind == 1
        if kind == 3:
            return self._byte()
        if kind in (4, 5, 6):
            return self._signed()
        if kind == 7:
            return self._bytes(8)
        if kind == 8:
            return self._bytes(self._unsigned())
        if kind in (9, 10):
            head = self._byte()
            size = self._unsigned() if head >> 4 == 15 else head >> 4
            return [self._byte() == 1 if head & 15 in (1, 2) else self._value(head & 15) for _ in range(size)]
        if kind == 12:
            return self.struct()
        raise OSError(_NO_HEADER)

    def _byte(self) -> int:
        if self.position >= len(self.data):
            raise OSError("a page header ends early")
        self.position += 1
        return self.data[self.position - 1]

    def _bytes(self, size: int) -> bytes:
        self.position += size
        return self.data[self.position - size : self.position]

    def _unsigned(self) -> int:
        value = shift = 0
        while (byte := self._byte()) & 128:
            value |= (byte & 127) << shift
            shift += 7
        return value | byte << shift

    def _signed(self) -> int:
        value = self._unsigned()
        return (value >> 1) ^ -(value & 1)
