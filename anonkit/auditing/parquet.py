"""The streams of a parquet file: its footer, the pages as they lie in it, and the values that they spell.

The pages tell what no reader shows: values in a dictionary that no row refers to any more. Their values tell what the
pages hide: text that is stored as a difference to the value before. Columns of numbers are no text.

Apache Parquet Format: file layout, and the headers of pages in Thrift's compact protocol.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterator
from typing import IO, Any

import attrs
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from anonkit.auditing.readers import Stream

__all__ = ["parquet_streams"]

_TEXT = ("BYTE_ARRAY", "FIXED_LEN_BYTE_ARRAY")
_ARROW_SCHEMA = b"ARROW:schema"
# What the library says of itself names nobody; whatever else stands there is looked at.
_WRITER = re.compile(r"parquet-cpp-arrow version [0-9.]+")
_BATCH = 1 << 16
_NO_HEADER = "no page header"


def parquet_streams(place: tuple[str, ...], open_file: Callable[[], IO[bytes]]) -> Iterator[Stream]:
    """Yield the streams of a parquet file, one after the other."""
    with open_file() as file:
        parquet = pq.ParquetFile(file)
        names = tuple(dict.fromkeys(_names(parquet)))
        yield Stream(place, lambda: iter((_footer(parquet),)), "its metadata", names)
        for column in range(parquet.metadata.num_columns):
            if parquet.metadata.num_row_groups and _holds_text(parquet, column):
                yield Stream(
                    place,
                    lambda column=column: _pages(file, parquet, column),  # type: ignore[misc]
                    f"pages of column {column + 1}",
                    short_names=False,
                )
        for number, field in enumerate(parquet.schema_arrow):
            if _is_text(field.type):
                yield Stream(
                    place,
                    lambda number=number: _values(parquet, number),  # type: ignore[misc]
                    f"values of column {number + 1}",
                )


def _names(parquet: pq.ParquetFile) -> Iterator[str]:
    for column in range(len(parquet.schema)):
        path = parquet.schema.column(column).path
        yield from (path, *path.split("."))
    yield from parquet.schema_arrow.names


def _footer(parquet: pq.ParquetFile) -> bytes:
    """Return all that the footer spells: names, statistics, metadata; the Arrow schema as it is behind its base64."""
    metadata = parquet.metadata
    parts: list[bytes] = [*(_utf8(name) for name in _names(parquet))]
    if not _WRITER.fullmatch(metadata.created_by or ""):
        parts.append(_utf8(metadata.created_by))
    for key, value in (metadata.metadata or {}).items():
        parts += [base64.b64decode(value)] if key == _ARROW_SCHEMA else [key, value]
    for field in parquet.schema_arrow:
        parts += [part for pair in (field.metadata or {}).items() for part in pair]
    for group in range(metadata.num_row_groups):
        for column in range(metadata.num_columns):
            statistics = metadata.row_group(group).column(column).statistics
            if statistics is not None and statistics.has_min_max and statistics.physical_type in _TEXT:
                parts += [_utf8(statistics.min), _utf8(statistics.max)]
    return b"\n".join(parts)


def _utf8(value: Any) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "surrogateescape")


def _holds_text(parquet: pq.ParquetFile, column: int) -> bool:
    return parquet.metadata.row_group(0).column(column).physical_type in _TEXT


def _is_text(kind: pa.DataType) -> bool:
    if pa.types.is_dictionary(kind):
        return _is_text(kind.value_type)
    if pa.types.is_nested(kind):
        return any(_is_text(kind.field(child).type) for child in range(kind.num_fields))
    binary = pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_fixed_size_binary(kind)
    return bool(binary or pa.types.is_string(kind) or pa.types.is_large_string(kind))


def _values(parquet: pq.ParquetFile, number: int) -> Iterator[bytes]:
    """Yield the distinct values of each batch of a column, a line break between them."""
    name = parquet.schema_arrow.names[number]
    for batch in parquet.iter_batches(_BATCH, columns=[name]):
        for leaf in _leaves(batch.column(0)):
            distinct = pc.unique(leaf.drop_null()).cast(pa.large_binary())
            if len(distinct):
                lines = pa.array([distinct.to_pylist()], pa.list_(pa.large_binary()))
                yield pc.binary_join(lines, pa.scalar(b"\n\n\x00\n\n", pa.large_binary()))[0].as_py() + b"\n\n\x00\n\n"


def _leaves(array: pa.Array) -> Iterator[pa.Array]:
    if pa.types.is_dictionary(array.type):
        yield from _leaves(array.dictionary)
    elif pa.types.is_struct(array.type):
        for child in array.flatten():
            yield from _leaves(child)
    elif pa.types.is_map(array.type):
        yield from _leaves(array.keys)
        yield from _leaves(array.items)
    elif pa.types.is_nested(array.type):
        yield from _leaves(array.flatten())
    elif _is_text(array.type):
        yield array


def _pages(file: IO[bytes], parquet: pq.ParquetFile, column: int) -> Iterator[bytes]:
    """Yield the pages of a column, decompressed."""
    for group in range(parquet.metadata.num_row_groups):
        chunk = parquet.metadata.row_group(group).column(column)
        start = chunk.data_page_offset
        if chunk.has_dictionary_page and chunk.dictionary_page_offset:
            start = min(start, chunk.dictionary_page_offset)
        file.seek(start)
        yield from _decompressed(file.read(chunk.total_compressed_size), chunk.compression)


def _decompressed(chunk: bytes, compression: str) -> Iterator[bytes]:
    place = 0
    while place < len(chunk):
        header = _PageHeader.from_bytes(chunk, place)
        place = header.stop
        page = chunk[header.start : header.stop]
        if compression != "UNCOMPRESSED" and header.compressed:
            levels, rest = page[: header.levels], page[header.levels :]
            size = header.size - header.levels
            page = levels + (_codec(compression).decompress(rest, size, asbytes=True) if rest else b"")
        yield page


@attrs.frozen
class _PageHeader:
    """Where a page lies in its chunk, and how."""

    start: int
    stop: int
    size: int
    """In bytes, decompressed."""
    levels: int
    """Bytes at its beginning that are not compressed: in the second version of a data page the levels."""
    compressed: bool

    @classmethod
    def from_bytes(cls, chunk: bytes, place: int) -> _PageHeader:
        """Read the header that begins at `place`; OSError when there is none."""
        header = _Thrift(chunk, place)
        fields = header.struct()
        second = fields.get(8, {})
        if not isinstance(second, dict):
            raise OSError(_NO_HEADER)
        size, stored = _count(fields.get(2)), _count(fields.get(3))
        levels = _count(second.get(5, 0)) + _count(second.get(6, 0))
        if levels > size:
            raise OSError(_NO_HEADER)
        return cls(header.place, header.place + stored, size, levels, bool(second.get(7, True)))


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
    place: int

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
        if self.place >= len(self.data):
            raise OSError("a page header ends early")
        self.place += 1
        return self.data[self.place - 1]

    def _bytes(self, size: int) -> bytes:
        self.place += size
        return self.data[self.place - size : self.place]

    def _unsigned(self) -> int:
        value = shift = 0
        while (byte := self._byte()) & 128:
            value |= (byte & 127) << shift
            shift += 7
        return value | byte << shift

    def _signed(self) -> int:
        value = self._unsigned()
        return (value >> 1) ^ -(value & 1)
