"""Columns of ClassAd values: those of one sort are parsed by Arrow's kernels, the others one by one, each text once."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from anonkit_std.readers.cells import Cells, Kind
from anonkit_std.readers.classad_values import literal

__all__ = ["parsed_cells"]

_WHOLE = r"^-?[0-9]{1,18}$"
_REAL = r"^-?[0-9]+\.[0-9]+([eE][-+]?[0-9]+)?$"
_EXACT = 1 << 53


def parsed_cells(values: pa.Array) -> Cells:
    """Return the values of an attribute, given as they are written (bytes, no nulls)."""
    if pc.all(pc.starts_with(values, b'"')).as_py():
        texts = _strings(values)
        if texts is not None:
            return Cells(texts.view(pa.string()), Kind.TEXT)
    elif pc.all(pc.match_substring_regex(values, _WHOLE)).as_py():
        return _whole(values)
    elif pc.all(pc.match_substring_regex(values, _REAL)).as_py():
        return Cells(values.cast(pa.string()).cast(pa.float64()), Kind.REAL)
    return _one_by_one(values)


def _strings(values: pa.Array) -> pa.Array | None:
    """Return what is in quotes; None when not all values are one string."""
    if not pc.all(pc.and_(pc.ends_with(values, b'"'), pc.greater(pc.binary_length(values), 1))).as_py():
        return None
    inner = pc.binary_slice(values, 1, -1)
    quotes = pc.count_substring(inner, b'"')
    if not (pc.sum(quotes).as_py() or 0):
        return inner
    if not pc.all(pc.equal(quotes, pc.count_substring(inner, b'\\"'))).as_py():
        return None
    return pc.replace_substring(inner, b'\\"', b'"')


def _whole(values: pa.Array) -> Cells:
    numbers = values.cast(pa.string()).cast(pa.int64())
    found = pc.min_max(numbers).as_py()
    wide = found["min"] < -_EXACT or found["max"] > _EXACT
    return Cells(numbers, Kind.WHOLE | (Kind.WIDE if wide else Kind(0)), found["min"] < 0)


def _one_by_one(values: pa.Array) -> Cells:
    encoded = values.dictionary_encode()
    distinct = [literal(text.decode("utf-8", "replace")) for text in encoded.dictionary.to_pylist()]
    return Cells.from_values([distinct[place] for place in encoded.indices.to_pylist()])
