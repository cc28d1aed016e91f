"""Cutting a text column into segments that repeat themselves.

Jobs of one submission share their command and nearly all variables of their environment: a tenth of the bytes of such
columns is new, or less. So only that tenth is searched.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pyarrow as pa

from anonkit.arrow.offsets import Bytes, Flags, Positions, ranges, value_ends
from anonkit.arrow.segments import Segments

__all__ = ["PROBE", "SEPARATORS", "segment_text", "separators_for"]

SEPARATORS = b" ;"
"""The separators of the words of a command and of the variables of an environment."""

# Text is not cut at a separator beside one of these: `"NAME": "value"`.
_BINDS = b"=:"

# Nor at one after these, the indent of a continued line.
_BLANK = b" \t\r\n\f\v"

# Nor at one after these and before a letter or a blank: between the parts of a certificate's subject.
_JOINS = b",+"

_LONGEST_ENTITY = 42

PROBE = 256
"""How many values are looked at to see whether a column repeats itself."""

# The share of bytes that must repeat: in whole values, which are then not cut, or else in segments. On environments of
# which two fifths repeat in segments, a run with its audit takes 0.90 of the CPU time that it takes without cutting.
_REPEATED_VALUES, _REPEATED_SEGMENTS = 0.5, 0.25


def separators_for(patterns: Iterable[bytes]) -> bytes:
    """Return the separators that are in no pattern: a cut after one of them cuts no pattern."""
    used = {byte for pattern in patterns for byte in pattern}
    return bytes(byte for byte in SEPARATORS if byte not in used)


def segment_text(array: pa.Array, separators: bytes, *, probe: int = PROBE) -> Segments | None:
    """Return a string or large_string array in segments that repeat: whole values, or else text cut after separators.

    It is not cut at a separator next to an equals sign or a colon, after a blank or a line break, after a comma or a
    plus sign and before a letter or a blank, nor at the semicolon that ends an HTML entity. So a name
    stays in one segment, however escaped, unless it holds a separator.

    None when neither repeats enough in the first `probe` values, or when there are no more values than that. The bytes
    of a null are cut like others.
    """
    if len(array) <= probe:
        return None
    for after, least in ((b"", _REPEATED_VALUES), (separators, _REPEATED_SEGMENTS)):
        first = array.slice(0, probe)
        if _repeated_share(_strings(first, _cuts(first, after)[0])) > least:
            cuts, ends = _cuts(array, after)
            encoded = _strings(array, cuts).dictionary_encode()
            return Segments(encoded.dictionary.cast(pa.string()), encoded.indices.to_numpy().astype(np.int64), ends)
    return None


def _cuts(array: pa.Array, separators: bytes) -> tuple[Positions, Positions]:
    """Return where the segments begin and end in the array's data, and among these where the values do.

    Each value has a segment; none is empty but that of an empty value.
    """
    ends = value_ends(array)
    if not separators or ends[-1] == ends[0]:
        return ends, np.arange(ends.size)
    data = np.frombuffer(array.buffers()[2], np.uint8)[ends[0] : ends[-1]]
    places = np.flatnonzero(_among(data, separators))
    before, after = data.take(places - 1, mode="clip"), data.take(places + 1, mode="clip")
    binding = _among(before, _BINDS + _BLANK) | _among(after, _BINDS)
    binding |= _among(before, _JOINS) & (_are_letters(after) | _among(after, _BLANK))
    binding |= _end_entities(data, places)
    after_cuts = ends[0] + places[~binding] + 1
    before_ends = np.searchsorted(after_cuts, ends)
    (at_ends,) = np.nonzero(np.append(after_cuts, -1)[before_ends] == ends)
    if at_ends.size:
        after_cuts = np.delete(after_cuts, before_ends[at_ends])
        before_ends = np.searchsorted(after_cuts, ends)
    # Two ascending runs, which a stable sort merges.
    cuts = np.sort(np.concatenate((ends, after_cuts)), kind="stable")
    return cuts, np.arange(ends.size) + before_ends


def _among(data: Bytes, wanted: bytes) -> Flags:
    """Return which bytes are among a few; comparing with each is faster than a table."""
    found: Flags = data == wanted[0]
    for byte in wanted[1:]:
        found |= data == byte
    return found


def _are_letters(data: Bytes) -> Flags:
    # Unsigned, so what is below the letters wraps round to the top.
    letters: Flags = (data | 0x20) - np.uint8(ord("a")) < 26
    return letters


def _end_entities(data: Bytes, places: Positions) -> Flags:
    """Return which places (ascending) may be the end of an HTML entity."""
    ends = np.zeros(places.size, np.bool_)
    ampersands = np.flatnonzero(data == ord("&"))
    if ampersands.size:
        first = np.searchsorted(places, ampersands)
        near = np.searchsorted(places, ampersands + _LONGEST_ENTITY, side="right") - first
        which = ranges(first, near)
        ends[which] = data[places[which]] == ord(";")
    return ends


def _strings(array: pa.Array, cuts: Positions) -> pa.Array:
    return pa.Array.from_buffers(pa.large_string(), len(cuts) - 1, [None, pa.py_buffer(cuts), array.buffers()[2]])


def _repeated_share(segments: pa.Array) -> float:
    """Return the share of the bytes that are in a segment equal to an earlier one."""
    ends, distinct = value_ends(segments), value_ends(segments.unique())
    size = int(ends[-1] - ends[0])
    return 1 - int(distinct[-1] - distinct[0]) / size if size else 0.0
