"""Columns of ClassAd values. Arrow's kernels parse columns of strings or numbers alone; others are parsed by value."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from anonkit_std.readers.cells import Cells, Kind, whole_kinds
from anonkit_std.readers.classad_values import literal

__all__ = ["parsed_cells"]

# Numbers that 64 bits hold, and doubles, as Arrow reads patterns.
_WHOLE = r"^-?[0-9]{1,18}$"
_REAL = r"^-?[0-9]+\.[0-9]+([eE][-+]?[0-9]+)?$"


def parsed_cells(values: pa.Array) -> Cells:
    """Return the cells of an attribute, given its values as the long form of ads has them (bytes, no nulls)."""
    if pc.all(pc.starts_with(values, b'"')).as_py():
        texts = _strings(values)
        if texts is not None:
            return Cells(texts.view(pa.string()), Kind.TEXT)
    elif pc.all(pc.match_substring_regex(values, _WHOLE)).as_py():
        return _whole(values)
    elif pc.all(pc.match_substring_regex(values, _REAL)).as_py():
        return Cells(values.cast(pa.string()).cast(pa.float64()), Kind.REAL)
    return _parsed_by_value(values)


def _strings(values: pa.Array) -> pa.Array | None:
    """Return the text of strings, without quotes and escapes; None when a value is not one string alone."""
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
    return Cells(numbers, whole_kinds(found["min"], found["max"]), found["min"] < 0)


def _parsed_by_value(values: pa.Array) -> Cells:
    """Return the cells of any values; each distinct text is parsed once."""
    encoded = values.dictionary_encode()
    distinct = [literal(text.decode("utf-8", "replace")) for text in encoded.dictionary.to_pylist()]
    return Cells.from_values([distinct[place] for place in encoded.indices.to_pylist()])
