"""Columns of any Arrow type as text for people."""

from __future__ import annotations

from typing import Any

import orjson
import pyarrow as pa
import pyarrow.compute as pc

__all__ = ["as_text", "distinct_text", "spelled"]


def as_text(column: pa.Array) -> pa.Array:
    """Return the cells as text (string); null for null and NaN.

    Whole floats have no `.0`, times are in ISO form, bytes are read as UTF-8, lists and structs written as JSON.
    """
    kind = column.type
    if pa.types.is_string(kind):
        return column
    if pa.types.is_dictionary(kind):
        return as_text(column.dictionary_decode())
    if pa.types.is_floating(kind):
        return _floats(column.cast(pa.float64()))
    if pa.types.is_timestamp(kind):
        return _timestamps(column)
    if pa.types.is_duration(kind):
        return column.cast(pa.int64()).cast(pa.string())
    if pa.types.is_nested(kind) or pa.types.is_interval(kind) or _is_bytes(kind):
        return pa.array([None if cell is None else spelled(cell) for cell in column.to_pylist()], pa.string())
    return column.cast(pa.string())


def distinct_text(column: pa.Array) -> tuple[pa.Array, pa.Array]:
    """Return the texts (string) of the distinct cells, null among them, and for each row the position of its text."""
    encoded = (as_text(column) if pa.types.is_nested(column.type) else column).dictionary_encode("encode")
    return as_text(encoded.dictionary), encoded.indices


def spelled(cell: Any) -> str:
    """Return the text of a Python value: JSON for a list or a dict, ISO form for times, UTF-8 for bytes."""
    if isinstance(cell, bytes):
        return cell.decode("utf-8", "backslashreplace")
    if isinstance(cell, list | dict):
        return orjson.dumps(cell, default=spelled, option=orjson.OPT_NON_STR_KEYS).decode()
    return cell.isoformat() if hasattr(cell, "isoformat") else str(cell)


def _is_bytes(kind: pa.DataType) -> bool:
    kinds = (pa.types.is_binary, pa.types.is_large_binary, pa.types.is_binary_view, pa.types.is_fixed_size_binary)
    return any(is_kind(kind) for is_kind in kinds)


def _floats(column: pa.Array) -> pa.Array:
    # Below the bound the cast is exact and the text is short. NaN and the infinities fail the comparison.
    whole = pc.and_(pc.less(pc.abs(column), 1e15), pc.equal(pc.floor(column), column))
    integers = pc.cast(pc.if_else(whole, column, 0.0), pa.int64()).cast(pa.string())
    texts = pc.if_else(whole, integers, column.cast(pa.string()))
    return pc.if_else(pc.is_nan(column), pa.scalar(None, pa.string()), texts)


def _timestamps(column: pa.Array) -> pa.Array:
    # In UTC: not every machine has the rules of the zone.
    zoned = column if column.type.tz is None else column.cast(pa.timestamp(column.type.unit, "UTC"))
    return pc.replace_substring(zoned.cast(pa.string()), " ", "T", max_replacements=1)
