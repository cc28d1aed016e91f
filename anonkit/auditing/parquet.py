"""The streams of a parquet file: its footer, the stored pages, and the values of columns that hold text.

The pages hold bytes that no reader shows, such as values in a dictionary to which no row refers. The values hold text
that the pages do not, when it is stored as a difference to the value before.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import IO, Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from anonkit.arrow.nested import holds_text, leaves_in_rows, value_types
from anonkit.auditing.parquet_pages import column_pages
from anonkit.auditing.streams import Stream

__all__ = ["parquet_streams"]

_TEXT = ("BYTE_ARRAY", "FIXED_LEN_BYTE_ARRAY")
_ARROW_SCHEMA = b"ARROW:schema"
# The library's own name is not an identity; any other text in its place is searched.
_WRITER = re.compile(r"parquet-cpp-arrow version [0-9.]+")
_BATCH = 1 << 16
# No name extends across it.
_BETWEEN = b"\n\n|\n\n"


def parquet_streams(
    place: tuple[str, ...], open_file: Callable[[], AbstractContextManager[IO[bytes]]]
) -> Iterator[Stream]:
    """Yield the streams of a parquet file, one after the other."""
    with open_file() as file:
        parquet = pq.ParquetFile(file)
        names = tuple(dict.fromkeys(_names(parquet)))
        yield Stream(place, lambda: iter((_footer(parquet),)), "its metadata", names, must_be_text=False)
        for column in range(parquet.metadata.num_columns):
            if parquet.metadata.num_row_groups and _holds_text(parquet, column):
                yield Stream(
                    place,
                    lambda column=column: column_pages(file, parquet, column),  # type: ignore[misc]
                    f"pages of column {column + 1}",
                    short_names=False,
                    must_be_text=False,
                )
        for number, field in enumerate(parquet.schema_arrow):
            if _is_text(field.type):
                yield Stream(
                    place,
                    lambda number=number: _values(parquet, number),  # type: ignore[misc]
                    f"values of column {number + 1}",
                    must_be_text=_holds_bytes(field.type),
                )


def _holds_bytes(kind: pa.DataType) -> bool:
    """Return whether values of a type may be any bytes, such as compressed ones."""
    return any(map(_is_binary, value_types(kind)))


def _names(parquet: pq.ParquetFile) -> Iterator[str]:
    for column in range(len(parquet.schema)):
        path = parquet.schema.column(column).path
        yield from (path, *path.split("."))
    yield from parquet.schema_arrow.names


def _footer(parquet: pq.ParquetFile) -> bytes:
    """Return the text of the footer: names, statistics, metadata, and the Arrow schema decoded from base64."""
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
    return holds_text(kind) or _holds_bytes(kind)


def _is_binary(kind: pa.DataType) -> bool:
    return bool(pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_fixed_size_binary(kind))


def _values(parquet: pq.ParquetFile, number: int) -> Iterator[bytes]:
    """Yield the distinct values of each batch of a column, a line break between them."""
    name = parquet.schema_arrow.names[number]
    for batch in parquet.iter_batches(_BATCH, columns=[name]):
        for leaf in _text_leaves(batch.column(0)):
            distinct = pc.unique(leaf.drop_null()).cast(pa.large_binary())
            if len(distinct):
                lines = pa.array([distinct.to_pylist()], pa.list_(pa.large_binary()))
                yield pc.binary_join(lines, pa.scalar(_BETWEEN, pa.large_binary()))[0].as_py() + _BETWEEN


def _text_leaves(array: pa.Array) -> Iterator[pa.Array]:
    for leaf, _ in leaves_in_rows(array):
        if pa.types.is_dictionary(leaf.type):
            yield from _text_leaves(leaf.dictionary)
        elif _is_text(leaf.type):
            yield leaf
