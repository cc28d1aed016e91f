"""The values of named variables in a column of environments, whatever the quoting."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from anonkit.api import Mentions
from anonkit.arrow.offsets import value_ends
from anonkit_std.columns.string_buffers import Ints, data_of, replaced

__all__ = ["NAMES_APART", "values"]

NAMES_APART = r"\\?\"name\\?\"\s?:"
"""A pattern (RE2) for environments as JSON lists of ``{"name": …, "value": …}``."""

# Behind a key: an equals sign, or the colon of a JSON object, with the quotes that either may have around it. Behind an
# equals sign and a blank may stand the next variable.
_VALUE = re.compile(
    rb"""\\?["']? ?(?:(?:, ?\\?"value\\?" ?)?: ?|=(?: (?![A-Za-z_][A-Za-z0-9_]*=))?)\\?["']?([^\s"';,|\\\]}]{1,128})"""
)
# Bytes that hold most values, and little of what follows, which differs.
_GLANCE = 40
_PART_OF_A_NAME = np.zeros(256, np.bool_)
_PART_OF_A_NAME[np.frombuffer(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_", np.uint8)] = True


def values(text: pa.Array, keys: Sequence[bytes]) -> Mentions:
    """Return row and value of every ``KEY=value``, whatever the quoting.

    One scan of the column's bytes for each key, not one for each row: `re` skips to a literal. What stands behind a key
    is much the same in many rows, and read once.
    """
    # Nulls are resolved once, so that values and bytes agree.
    whole = pc.fill_null(text, "")
    ends, codes = value_ends(whole), data_of(whole)
    data = codes[: ends[-1]].data
    rows = [np.zeros(0, np.int64)]
    values = [pa.array([], pa.string())]
    for key in keys:
        found = re.compile(re.escape(key)).finditer(data, int(ends[0]))
        starts = np.fromiter((match.start() for match in found), np.int64)
        within = np.searchsorted(ends, starts, side="right") - 1
        behind, stops = starts + len(key), ends[within + 1]
        keys_of_rows = (behind < stops) & ((starts == ends[within]) | ~_PART_OF_A_NAME[codes[starts - 1]])
        if keys_of_rows.any():
            read = _read(whole, behind[keys_of_rows], stops[keys_of_rows])
            held = pc.is_valid(read)
            rows.append(within[keys_of_rows][held.to_numpy(zero_copy_only=False)])
            values.append(read.filter(held))
    return Mentions(pa.array(np.concatenate(rows)), pa.concat_arrays(values))


def _read(text: pa.Array, starts: Ints, stops: Ints) -> pa.Array:
    """Return the value between each start, one at least, and stop in the bytes of `text` (string), null for none."""
    cuts = np.stack((starts, np.minimum(starts + _GLANCE, stops)), axis=1).reshape(-1)
    ends = pa.py_buffer(cuts.astype(np.int32))
    glances = pa.Array.from_buffers(pa.binary(), len(cuts) - 1, [None, ends, text.buffers()[2]])
    encoded = glances.take(pa.array(np.arange(0, len(cuts), 2))).dictionary_encode()
    matches = [_VALUE.match(glance) for glance in encoded.dictionary.to_pylist()]
    values = pa.array([match and _decoded(match) for match in matches], pa.string())
    # A value that goes as far as the glance may go further.
    cut_off = np.array([match is not None and match.end() == _GLANCE for match in matches], np.bool_)
    longer = np.flatnonzero(cut_off[encoded.indices.to_numpy()])
    data = data_of(text).data
    whole = [_VALUE.match(data, starts[place], stops[place]) for place in longer.tolist()]
    return replaced(values.take(encoded.indices), longer, [match and _decoded(match) for match in whole])


def _decoded(match: re.Match[bytes]) -> str:
    return match[1].decode("utf-8", "ignore")
