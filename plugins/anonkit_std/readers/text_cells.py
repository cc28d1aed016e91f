"""Cells of formats that write everything as text: which columns are numbers in the whole file, and their numbers.

A column is one of numbers when each of its values is a number in the one way in which programs write it, so that
nothing is lost: no leading zeros or plus signs (`007` is a name), no zeros at the end of a fraction (`10.10` is a
version).
"""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from anonkit_std.readers.cells import Cells, Kind

__all__ = ["TextCells"]

_WHOLE = r"^(0|-?[1-9][0-9]{0,19})$"
_REAL = r"^-?(0|[1-9][0-9]*)(\.(0|[0-9]*[1-9]))?([eE][-+]?[0-9]{1,3})?$"
_NULLS = pa.array([b"", b"none", b"nan", b"null", b"undefined", b"___null___"], pa.binary())
_LONGEST = 40


class TextCells(Cells):
    """Cells of text, of which those of a column of numbers can be brought to numbers."""

    @classmethod
    def from_texts(cls, texts: pa.Array) -> TextCells:
        """Return cells of an array of bytes with the kinds of the values."""
        # Distinct values are found faster than their shapes.
        return cls(texts, *_kinds(texts.unique()))

    def brought(self, type_: pa.DataType) -> pa.Array:
        """Return the cells as text or numbers."""
        if pa.types.is_string(type_) or pa.types.is_null(type_) or pa.types.is_nested(type_):
            return self.array
        texts = pc.if_else(_means_null(self.array), pa.scalar(None, pa.binary()), self.array).cast(pa.string())
        return texts.cast(type_)


def _means_null(texts: pa.Array) -> pa.Array:
    short = pc.less_equal(pc.binary_length(texts), 10)
    return pc.and_(short, pc.is_in(_lower(pc.if_else(short, texts, b"")), value_set=_NULLS))


def _lower(texts: pa.Array) -> pa.Array:
    return pc.ascii_lower(texts.view(pa.string())).view(pa.binary())


def _kinds(texts: pa.Array) -> tuple[Kind, bool]:
    """Return the kinds of the values, `TEXT` alone when one of them is neither a number nor a boolean."""
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
    # One digit more than 64 bits have.
    numbers = values.cast(pa.string()).cast(pa.decimal128(20))
    found = pc.min_max(numbers).as_py()
    return Cells.from_values([int(found["min"]), int(found["max"])]).kinds, found["min"] < 0


def _wide(values: pa.Array) -> Kind:
    whole = values.filter(pc.match_substring_regex(values, _WHOLE))
    return _whole(whole)[0] & Kind.WIDE if len(whole) else Kind(0)
