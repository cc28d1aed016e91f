"""Row records as JSON objects, built column by column."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import orjson
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.types as pt

from anonkit.arrow.mixed_numbers import is_mixed
from anonkit.arrow.strings import bytes_in_rows, replaced
from anonkit_std.columns.cell_text import as_text, spelled

__all__ = ["json_rows"]

_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:e[+-]?[0-9]+)?")


def json_rows(rows: pa.RecordBatch, schema: pa.Schema, *, end: str = "") -> pa.Array:
    """Return each row as a JSON object (large_string) of the schema's columns, of which there are some, and `end`.

    Columns keep their order. Times are ISO text, decimals text, NaN null, bytes text; a cell of a column that was a
    number in some files is a number when it is spelled as one.
    """
    parts: list[str | pa.Array] = []
    for place, field in enumerate(schema):
        parts += [f"{',' if place else '{'}{_dumped(field.name)}:", *_values(rows.column(field.name), field)]
    # Large: a batch of long rows may pass the 2 GB that a string array holds.
    large = [_large(part) for part in (*parts, "}" + end, "")]
    return pc.binary_join_element_wise(*large, null_handling="replace", null_replacement="null")


def _values(column: pa.Array, field: pa.Field) -> list[str | pa.Array]:
    """Return the cells as JSON, in parts to be joined side by side (string or large_string); null for null."""
    kind = column.type
    if pt.is_dictionary(kind):
        return _values(column.dictionary_decode(), field)
    if is_mixed(field) and pt.is_string(kind):
        return [_once_each(column, lambda text: _dumped(_number(text)))]
    if pt.is_integer(kind) or pt.is_boolean(kind) or pt.is_null(kind):
        return [column.cast(pa.string())]
    if pt.is_floating(kind):
        return [_floats(column.cast(pa.float32()) if pt.is_float16(kind) else column)]
    if pt.is_nested(kind):
        # A loop, over what Arrow cannot write: 1 µs a cell, and more for long ones.
        return [pa.array([_dumped(cell) for cell in column.to_pylist()], pa.string())]
    return _strings(as_text(column))


def _strings(texts: pa.Array) -> list[str | pa.Array]:
    """Return JSON strings; only those with something to escape, which are few, are looked at singly."""
    places = np.flatnonzero(bytes_in_rows(texts, _is_escaped))
    chosen = texts.take(pa.array(places)).to_pylist()
    # Under a null there may be anything.
    shown = replaced(texts, places, [None if text is None else _dumped(text)[1:-1] for text in chosen])
    # The text stays apart from its quotes, since it may be long: it is copied once, into the row.
    quote = pc.if_else(texts.is_valid(), '"', "") if texts.null_count else '"'
    return [quote, shown, quote]


def _is_escaped(data: npt.NDArray[np.uint8]) -> npt.NDArray[np.bool_]:
    escaped: npt.NDArray[np.bool_] = (data < ord(" ")) | (data == ord('"')) | (data == ord("\\"))
    return escaped


def _floats(column: pa.Array) -> pa.Array:
    """Return each cell written, each distinct one once; null for null and NaN."""
    encoded = column.cast(pa.float64()).dictionary_encode()
    if not len(encoded.dictionary):
        return pa.nulls(len(column), pa.string())
    # Numbers hold no comma, so all are written in one call.
    written = orjson.dumps(encoded.dictionary.to_numpy(), option=orjson.OPT_SERIALIZE_NUMPY)[1:-1].decode()
    return pa.array(written.split(","), pa.string()).take(encoded.indices)


def _once_each(column: pa.Array, write: Callable[[Any], str]) -> pa.Array:
    """Return each cell written, each distinct one once; null for null."""
    encoded = column.dictionary_encode()
    return pa.array(map(write, encoded.dictionary.to_pylist()), pa.string()).take(encoded.indices)


def _dumped(cell: Any) -> str:
    return orjson.dumps(cell, default=spelled).decode()


def _number(text: str) -> int | float | str:
    """Return the number that `text` spells just as it would be written, or the text; JSON readers hold 64 bits."""
    if len(text) > 25 or not _NUMBER.fullmatch(text):
        return text
    number = float(text) if "." in text or "e" in text else int(text)
    if str(number) != text or (isinstance(number, int) and not -(2**63) <= number < 2**64):
        return text
    return number


def _large(part: str | pa.Array) -> pa.Array | pa.Scalar:
    return pa.scalar(part, pa.large_string()) if isinstance(part, str) else part.cast(pa.large_string())
