"""The values of named variables in a column of environments, whatever the quoting."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import chain

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from ahocorasick_rs import BytesAhoCorasick, MatchKind

from anonkit.api import Mentions
from anonkit.arrow.offsets import Positions, value_ends
from anonkit.arrow.strings import data_of, replaced
from anonkit_std.tokenizers.finding.keyed_handles import NO_VALUES

__all__ = ["NAMES_APART", "handle_of", "values"]

NAMES_APART = ('"name"', '\\"name\\"')
"""Marks of environments as JSON lists of ``{"name": …, "value": …}``."""

# After a key: an equals sign, or the colon of a JSON object, with the quotes that either may have around it. After an
# equals sign and a blank the next variable may follow.
_VALUE = re.compile(
    rb"""\\?["']? ?(?:(?:, ?\\?"value\\?" ?)?: ?|=(?: (?![A-Za-z_][A-Za-z0-9_]*=))?)\\?["']?([^\s"';,|\\\]}]{1,128})"""
)
# A handle, but no reference to a variable and no path.
_HANDLE = re.compile(r"[^\W\d][\w.+-]{1,63}")
# Bytes that hold most values, and little of what follows, which differs.
_GLANCE = 40
_PART_OF_A_NAME = np.zeros(256, np.bool_)
_PART_OF_A_NAME[np.frombuffer(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_", np.uint8)] = True


def values(text: pa.Array, keys: Sequence[bytes]) -> Mentions:
    """Return row and value of every ``KEY=value``, whatever the quoting.

    One scan of the column's bytes, not one for each row. The text after a key is much the same in many rows and read
    once.
    """
    # Nulls are resolved once, so that values and bytes agree.
    whole = pc.fill_null(text, "")
    ends, codes = value_ends(whole), data_of(whole)
    data = codes[: ends[-1]].data
    found = _automaton(tuple(keys)).find_matches_as_indexes(data[int(ends[0]) :], overlapping=True)
    _, starts, key_ends = np.fromiter(chain.from_iterable(found), np.int64, count=3 * len(found)).reshape(-1, 3).T
    starts, key_ends = starts + ends[0], key_ends + ends[0]
    rows = np.searchsorted(ends, starts, side="right") - 1
    stops = ends[rows + 1]
    are_keys = (key_ends < stops) & ((starts == ends[rows]) | ~_PART_OF_A_NAME[codes[starts - 1]])
    # Few values follow what is part of a longer name.
    are_keys[are_keys] = ~_PART_OF_A_NAME[codes[key_ends[are_keys]]]
    if not are_keys.any():
        return Mentions(pa.array([], pa.int64()), pa.array([], pa.string()))
    read = _read(whole, key_ends[are_keys], stops[are_keys])
    filled = pc.is_valid(read)
    return Mentions(pa.array(rows[are_keys][filled.to_numpy(zero_copy_only=False)]), read.filter(filled))


@lru_cache(maxsize=8)
def _automaton(keys: tuple[bytes, ...]) -> BytesAhoCorasick:
    # One key may be the end of another, and what looks like it may begin in the row before.
    return BytesAhoCorasick(keys, matchkind=MatchKind.Standard)


def _read(text: pa.Array, starts: Positions, stops: Positions) -> pa.Array:
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


def handle_of(value: str) -> str | None:
    """Return the handle that the value of a variable of users is, without its domain; None for another value."""
    handle = value.partition("@")[0]
    return handle if _HANDLE.fullmatch(handle) and handle.lower().encode() not in NO_VALUES else None
