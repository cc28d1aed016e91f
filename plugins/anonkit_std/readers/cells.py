"""Columns of formats without a schema: the kinds of values that a column holds in the whole file give it its type.

A file is read in blocks. A column of a block is an Arrow array of one type and the kinds of its values (`Cells`). The
kinds of all blocks (`ColumnKinds`) give the type of the column in the file, so it does not depend on the blocks.
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

__all__ = ["Cells", "ColumnKinds", "Kind", "column_type", "number_text", "record_batch", "whole_kinds"]

# A double holds whole numbers up to this one exactly.
_EXACT = 1 << 53
# The least whole number that a signed type of 64 bits does not hold.
_SIGNED = 1 << 63


class Kind(IntFlag):
    """The kinds of the values of a column that are not null."""

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
    """Return the type that holds all values of these kinds; `negative`: there are whole numbers below 0."""
    if not kinds:
        return pa.null()
    if kinds == Kind.BOOLEAN:
        return pa.bool_()
    if kinds & (Kind.BOOLEAN | Kind.TEXT):
        return pa.string()
    if kinds & Kind.REAL:
        return pa.string() if kinds & (Kind.WIDE | Kind.UNSIGNED) else pa.float64()
    if kinds & Kind.UNSIGNED:
        return pa.string() if negative else pa.uint64()
    return pa.int64()


def _column_field(name: str, kinds: Kind, negative: bool) -> pa.Field:
    """Return the field of a column; one of numbers and text has the mark of mixed numbers."""
    type_ = column_type(kinds, negative)
    mixed = pa.types.is_string(type_) and bool(kinds & _NUMBERS)
    return pa.field(name, type_, metadata=MIXED if mixed else None)


def whole_kinds(low: int, high: int) -> Kind:
    """Return the kinds of whole numbers of which `low` is the least and `high` the greatest.

    `TEXT` is among them when no type of 64 bits holds both.
    """
    if low < -_SIGNED or high >= 2 * _SIGNED or (low < 0 and high >= _SIGNED):
        return Kind.WHOLE | Kind.TEXT
    wide = Kind.WIDE if low < -_EXACT or high > _EXACT else Kind(0)
    return Kind.WHOLE | wide | (Kind.UNSIGNED if high >= _SIGNED else Kind(0))


def number_text(value: Any) -> str:
    """Return a number, a boolean, a list or an object as text; the text is the same for all formats."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return repr(value)
    try:
        return orjson.dumps(value).decode()
    except TypeError:
        # Whole numbers of more than 64 bits, and lone surrogates.
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


@attrs.frozen(eq=False)
class Cells:
    """The cells of a column in a block."""

    array: pa.Array
    kinds: Kind
    negative: bool = False
    """Whether a whole number is below 0."""
    whole: pa.Array | None = None
    """For doubles, which of them are written as whole numbers (5, not 5.0); None when the column is not mixed so."""

    @classmethod
    def from_values(cls, values: Sequence[Any]) -> Cells:
        """Return the cells for None, bool, int, float, str, list and dict; lists and dicts become text."""
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

    def in_type(self, type_: pa.DataType) -> pa.Array:
        """Return the cells as text when `type_` is text, or else as they are.

        `type_` is the type of the column in the file, or in all files; the caller casts numbers to it.
        """
        if not pa.types.is_string(type_) or pa.types.is_string(self.array.type) or pa.types.is_null(self.array.type):
            return self.array
        numbers = self.array.to_pylist()
        if self.whole is not None:
            numbers = [int(n) if whole else n for n, whole in zip(numbers, self.whole.to_pylist(), strict=True)]
        return pa.array([None if number is None else number_text(number) for number in numbers], pa.string())

    def take(self, places: pa.Array) -> Cells:
        """Return the cells at these positions; null for a position that is null."""
        whole = None if self.whole is None else self.whole.take(places)
        return attrs.evolve(self, array=self.array.take(places), whole=whole)


@attrs.define
class ColumnKinds:
    """The kinds of the values of each column of a file, collected block by block."""

    kinds: dict[str, Kind] = attrs.field(factory=dict)
    """In the order in which the columns appear."""
    negative: set[str] = attrs.field(factory=set)
    """The columns with a whole number below 0."""

    def add(self, columns: Mapping[str, Cells]) -> None:
        """Add the columns of a block."""
        for name, cells in columns.items():
            self.kinds[name] = self.kinds.get(name, Kind(0)) | cells.kinds
            if cells.negative:
                self.negative.add(name)

    def schema(self) -> pa.Schema:
        """Return the columns of the file, each with the type that holds all its values."""
        return pa.schema([_column_field(name, kind, name in self.negative) for name, kind in self.kinds.items()])


def _whole(values: Sequence[int | None]) -> Cells:
    """Return cells of whole numbers; of text when no type of 64 bits holds all of them."""
    found = [value for value in values if value is not None]
    low, high = min(found), max(found)
    kinds = whole_kinds(low, high)
    if kinds & Kind.TEXT:
        return Cells(_texts([None if value is None else str(value) for value in values]), kinds)
    return Cells(pa.array(values, pa.uint64() if kinds & Kind.UNSIGNED else pa.int64()), kinds, low < 0)


def _mixed(values: Sequence[Any]) -> Cells:
    """Return cells of values of several types: doubles for numbers, if doubles hold them exactly, or else text."""
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
    """Return the kind of a value that is not None."""
    if isinstance(value, bool):
        return Kind.BOOLEAN
    if isinstance(value, float):
        return Kind.REAL
    if isinstance(value, int):
        return whole_kinds(value, value)
    return Kind.TEXT


def _texts(values: Sequence[str | None]) -> pa.Array:
    """Return an array (string); a lone surrogate, which UTF-8 does not have, becomes U+FFFD."""
    try:
        return pa.array(values, pa.string())
    except UnicodeEncodeError:
        clean = [
            text if text is None else text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
            for text in values
        ]
        return pa.array(clean, pa.string())


def record_batch(rows: int, cells: Mapping[str, Cells], columns: pa.Schema) -> pa.RecordBatch:
    """Return cells as a batch of the wanted columns and of so many rows; a column without cells is null."""
    if not len(columns):
        return pa.RecordBatch.from_struct_array(pa.array([{}] * rows, pa.struct([])))
    arrays = [
        cells[field.name].in_type(field.type) if field.name in cells else pa.nulls(rows, field.type)
        for field in columns
    ]
    return pa.RecordBatch.from_arrays(arrays, columns.names)
