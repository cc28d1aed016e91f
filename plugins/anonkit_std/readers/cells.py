"""Cells of records that have no schema: which kinds of values a column holds, and its type, whatever the blocks.

A column of a block is an Arrow array of one type, and the kinds of its values. The kinds of all blocks together give
the type of the column in the file: `column_type`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from enum import IntFlag
from typing import Any

import attrs
import orjson
import pyarrow as pa

from anonkit.arrow.mixed_numbers import MIXED

__all__ = ["Cells", "Kind", "column_field", "column_type", "number_text", "record_batch"]

_EXACT = 1 << 53
_SIGNED = 1 << 63


class Kind(IntFlag):
    """What values of a column are, besides null."""

    BOOLEAN = 1
    WHOLE = 2
    WIDE = 4
    """A whole number of 64 bits that a double cannot hold exactly."""
    UNSIGNED = 8
    """A whole number from 2^63 on, below 2^64."""
    REAL = 16
    TEXT = 32


_NUMBERS = Kind.WHOLE | Kind.WIDE | Kind.UNSIGNED | Kind.REAL


def column_type(kinds: Kind, negative: bool = True) -> pa.DataType:
    """Return the type of a column that holds values of these kinds."""
    if not kinds:
        return pa.null()
    if kinds == Kind.BOOLEAN:
        return pa.bool_()
    if kinds & (Kind.BOOLEAN | Kind.TEXT):
        return pa.string()
    if not kinds & Kind.REAL:
        return (
            pa.uint64()
            if kinds & Kind.UNSIGNED and not negative
            else pa.string()
            if kinds & Kind.UNSIGNED
            else pa.int64()
        )
    return pa.string() if kinds & (Kind.WIDE | Kind.UNSIGNED) else pa.float64()


def column_field(name: str, kinds: Kind, negative: bool = True) -> pa.Field:
    """Return the field of a column; one of numbers and text has the mark of mixed numbers."""
    type_ = column_type(kinds, negative)
    mixed = pa.types.is_string(type_) and bool(kinds & _NUMBERS)
    return pa.field(name, type_, metadata=MIXED if mixed else None)


def number_text(value: Any) -> str:
    """Return a number, a boolean, a list or an object as text, in the one way in which all formats write it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return repr(value)
    try:
        return orjson.dumps(value).decode()
    except TypeError:
        # Numbers that are not JSON, half characters.
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


@attrs.frozen(eq=False)
class Cells:
    """The cells of a column in a block."""

    array: pa.Array
    kinds: Kind
    negative: bool = False
    """Whether a whole number is below 0."""
    whole: pa.Array | None = None
    """Of doubles which ones are whole numbers as they are written, 5 and not 5.0; None when none is or all are."""

    @classmethod
    def from_values(cls, values: Sequence[Any]) -> Cells:
        """Return cells of Python values: None, bool, int, float, str, and lists and dicts, which become text."""
        types = set(map(type, values))
        types.discard(type(None))
        if not types:
            return cls(pa.nulls(len(values)), Kind(0))
        if types == {str}:
            return cls(_texts(values), Kind.TEXT)
        if types == {bool}:
            return cls(pa.array(values, pa.bool_()), Kind.BOOLEAN)
        if types == {float}:
            return cls(pa.array(values, pa.float64()), Kind.REAL)
        if types == {int}:
            return _whole(values)
        return _mixed(values)

    def brought(self, type_: pa.DataType) -> pa.Array:
        """Return the cells as the type that the column has in the file, or has in all files."""
        if not pa.types.is_string(type_) or pa.types.is_string(self.array.type) or pa.types.is_null(self.array.type):
            return self.array
        numbers = self.array.to_pylist()
        if self.whole is not None:
            numbers = [int(n) if whole else n for n, whole in zip(numbers, self.whole.to_pylist(), strict=True)]
        return pa.array([None if number is None else number_text(number) for number in numbers], pa.string())

    def take(self, places: pa.Array) -> Cells:
        """Return the cells at these places; null for a null."""
        whole = None if self.whole is None else self.whole.take(places)
        return attrs.evolve(self, array=self.array.take(places), whole=whole)


def _whole(values: Sequence[int | None]) -> Cells:
    found = [value for value in values if value is not None]
    low, high = min(found), max(found)
    if low < -_SIGNED or high >= 2 * _SIGNED or (low < 0 and high >= _SIGNED):
        return Cells(_texts([None if value is None else str(value) for value in values]), Kind.WHOLE | Kind.TEXT)
    kinds = Kind.WHOLE
    kinds |= Kind.WIDE if low < -_EXACT or high > _EXACT else Kind(0)
    kinds |= Kind.UNSIGNED if high >= _SIGNED else Kind(0)
    type_ = pa.uint64() if high >= _SIGNED else pa.int64()
    return Cells(pa.array(values, type_), kinds, low < 0)


def _mixed(values: Sequence[Any]) -> Cells:
    """Return text for values of several types; whole and broken numbers alone are doubles if these can hold them."""
    kinds, negative = Kind(0), False
    for value in values:
        if value is not None:
            item = _kind(value)
            kinds |= item
            negative = negative or (item is not Kind.TEXT and not isinstance(value, bool) and value < 0)
    if pa.types.is_float64(column_type(kinds)):
        doubles = pa.array([None if item is None else float(item) for item in values], pa.float64())
        return Cells(doubles, kinds, negative, pa.array([isinstance(item, int) for item in values]))
    texts = [item if item is None or isinstance(item, str) else number_text(item) for item in values]
    return Cells(_texts(texts), kinds, negative)


def _kind(value: Any) -> Kind:
    if isinstance(value, bool):
        return Kind.BOOLEAN
    if isinstance(value, float):
        return Kind.REAL
    if isinstance(value, int):
        wide = Kind.WIDE if abs(value) > _EXACT else Kind(0)
        if not -_SIGNED <= value < 2 * _SIGNED:
            return Kind.TEXT | Kind.WHOLE
        return Kind.WHOLE | wide | (Kind.UNSIGNED if value >= _SIGNED else Kind(0))
    return Kind.TEXT


def _texts(values: Sequence[str | None]) -> pa.Array:
    try:
        return pa.array(values, pa.string())
    except UnicodeEncodeError:
        # Half of a character of two halves.
        clean = [
            text if text is None else text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
            for text in values
        ]
        return pa.array(clean, pa.string())


def record_batch(rows: int, cells: Mapping[str, Cells], columns: pa.Schema) -> pa.RecordBatch:
    """Return cells as a batch of the wanted columns; one that is not there is null."""
    if not len(columns):
        return pa.RecordBatch.from_struct_array(pa.array([{}] * rows, pa.struct([])))
    arrays = [
        cells[field.name].brought(field.type) if field.name in cells else pa.nulls(rows, field.type)
        for field in columns
    ]
    return pa.RecordBatch.from_arrays(arrays, columns.names)
