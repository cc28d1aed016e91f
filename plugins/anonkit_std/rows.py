"""Row records as JSON objects, one a line."""

from __future__ import annotations

import re
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.types as pt

from anonkit_std.cell_text import as_text, is_mixed, spelled

__all__ = ["json_rows"]

_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:e[+-]?[0-9]+)?")
_PLAIN = (pt.is_boolean, pt.is_integer, pt.is_floating, pt.is_string, pt.is_large_string, pt.is_nested, pt.is_null)


def json_rows(rows: pa.RecordBatch, schema: pa.Schema) -> list[bytes]:
    """Return each row as a JSON object of the schema's columns, in their order.

    Times are ISO text, decimals text, NaN null, bytes text; a cell of a column that was a number in some files is a
    number when it is spelled as one.
    """
    names = schema.names
    columns = [_cells(rows.column(name), schema.field(name)) for name in names]
    dumps = orjson.dumps
    return [dumps(dict(zip(names, cells, strict=True)), default=spelled) for cells in zip(*columns, strict=True)]


def _cells(column: pa.Array, field: pa.Field) -> list[Any]:
    if pt.is_dictionary(column.type):
        column = column.dictionary_decode()
    if is_mixed(field) and pt.is_string(column.type):
        return _mixed(column)
    if pt.is_float16(column.type):
        column = column.cast(pa.float32())
    cells: list[Any] = (column if any(plain(column.type) for plain in _PLAIN) else as_text(column)).to_pylist()
    return cells


def _mixed(column: pa.Array) -> list[Any]:
    encoded = column.dictionary_encode()
    values = [_number(text) for text in encoded.dictionary.to_pylist()]
    return [None if code is None else values[code] for code in encoded.indices.to_pylist()]


def _number(text: str) -> int | float | str:
    """Return the number that `text` spells just as it would be written, or the text; JSON readers hold 64 bits."""
    if len(text) > 25 or not _NUMBER.fullmatch(text):
        return text
    number = float(text) if "." in text or "e" in text else int(text)
    if str(number) != text or (isinstance(number, int) and not -(2**63) <= number < 2**64):
        return text
    return number
