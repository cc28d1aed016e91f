"""Cells of formats in which everything is text: some columns hold numbers, and are converted.

A column holds numbers when each of its values is a number as programs write it, so that nothing is lost: without
leading zeros or plus signs (`007` is a name), and without zeros at the end of a fraction (`10.10` is a version).
"""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from anonkit_std.readers.cells import Cells, Kind, whole_kinds

__all__ = ["TextCells"]

# Whole numbers and doubles, as Arrow reads patterns.
_WHOLE = r"^(0|-?[1-9][0-9]{0,19})$"
_REAL = r"^-?(0|[1-9][0-9]*)(\.(0|[0-9]*[1-9]))?([eE][-+]?[0-9]{1,3})?$"
# In lower case.
_NULLS = pa.array([b"", b"none", b"nan", b"null", b"undefined", b"___null___"], pa.binary())
# A longer value is text.
_LONGEST = 40


class TextCells(Cells):
    """Cells of a column of text (bytes); those of a column of numbers can be converted."""

    @classmethod
    def from_texts(cls, texts: pa.Array) -> TextCells:
        """Return the cells for an array of bytes, with the kinds that the values have as text of numbers."""
        # Matching patterns is slower than finding the distinct values.
        return cls(texts, *_kinds(texts.unique()))

    def in_type(self, type_: pa.DataType) -> pa.Array:
        """Return the cells as bytes when `type_` is text, or else in `type_`, with null where a text means null."""
        if pa.types.is_string(type_) or pa.types.is_null(type_) or pa.types.is_nested(type_):
            return self.array
        texts = pc.if_else(_means_null(self.array), pa.scalar(None, pa.binary()), self.array).cast(pa.string())
        return texts.cast(type_)


def _means_null(texts: pa.Array) -> pa.Array:
    """Return which texts mean null."""
    short = pc.less_equal(pc.binary_length(texts), 10)
    return pc.and_(short, pc.is_in(_lower(pc.if_else(short, texts, b"")), value_set=_NULLS))


def _lower(texts: pa.Array) -> pa.Array:
    return pc.ascii_lower(texts.view(pa.string())).view(pa.binary())


def _kinds(texts: pa.Array) -> tuple[Kind, bool]:
    """Return the kinds of distinct values, and whether a whole number is negative.

    The kind is `TEXT` when the values are not all whole numbers, all numbers, or all booleans.
    """
    if (pc.max(pc.binary_length(texts)).as_py() or 0) > _LONGEST:
        return Kind.TEXT, False
    values = texts.filter(pc.invert(_means_null(texts)))
    if not len(values):
        return Kind(0), False
    if pc.all(pc.match_substring_regex(values, _WHOLE)).as_py():
        return _whole(values)
    if pc.all(pc.match_substring_regex(values, _REAL)).as_py():
        return Kind.REAL | _wide(values), False
    if pc.all(pc.is_in(values, value_set=pa.array([b"true", b"false"]))).as_py():
        return Kind.BOOLEAN, False
    return Kind.TEXT, False


def _whole(values: pa.Array) -> tuple[Kind, bool]:
    """Return the kinds of whole numbers, and whether one is negative."""
    # `_WHOLE` allows 20 digits, as many as 2^64 has.
    numbers = values.cast(pa.string()).cast(pa.decimal128(20))
    found = pc.min_max(numbers).as_py()
    return whole_kinds(int(found["min"]), int(found["max"])), found["min"] < 0


def _wide(values: pa.Array) -> Kind:
    """Return `WIDE` if doubles do not hold the whole numbers among the values exactly, or else no kind."""
    whole = values.filter(pc.match_substring_regex(values, _WHOLE))
    return _whole(whole)[0] & Kind.WIDE if len(whole) else Kind(0)
