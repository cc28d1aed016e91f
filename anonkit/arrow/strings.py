"""String arrays as offsets into one block of bytes: new offsets make new strings without a copy."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from anonkit.arrow.offsets import Positions, value_ends

__all__ = [
    "bytes_in_rows",
    "bytes_of",
    "cut_after",
    "data_of",
    "heads",
    "matching",
    "places_of",
    "replaced",
    "rows_of",
    "strings",
]


def data_of(texts: pa.Array) -> npt.NDArray[np.uint8]:
    """Return the whole block of bytes, of which a slice uses a part."""
    data = texts.buffers()[2]
    return np.zeros(0, np.uint8) if data is None else np.frombuffer(data, np.uint8)


def bytes_of(texts: pa.Array) -> memoryview:
    """Return the bytes of all texts, one after the other, without a copy."""
    offsets = value_ends(texts)
    return data_of(texts)[offsets[0] : offsets[-1]].data


def bytes_in_rows(texts: pa.Array, wanted: Callable[[npt.NDArray[np.uint8]], npt.NDArray[np.bool_]]) -> Positions:
    """Return the number of bytes of each text that `wanted` flags; it is called once, with the bytes of all texts."""
    offsets = value_ends(texts)
    places = offsets[0] + np.flatnonzero(wanted(data_of(texts)[offsets[0] : offsets[-1]]))
    return np.bincount(rows_of(texts, places), minlength=len(texts))


def matching(texts: pa.Array, pattern: str, signs: str) -> npt.NDArray[np.bool_]:
    """Return which texts match a regular expression; each match must hold one of `signs` (ASCII). A null never matches.

    Only texts with a sign are matched, which is ten times as fast where few texts have one.
    """
    found = np.zeros(len(texts), np.bool_)
    for sign in signs:
        found[rows_of(texts, places_of(texts, sign))] = True
    (places,) = np.nonzero(found)
    if places.size:
        matches = pc.match_substring_regex(texts.take(pa.array(places)), pattern)
        found[places] = pc.fill_null(matches, False).to_numpy(zero_copy_only=False)
    return found


def rows_of(texts: pa.Array, places: Positions) -> Positions:
    """Return the position of the text that holds each byte; `places` are positions in the block."""
    return np.searchsorted(value_ends(texts), places, side="right") - 1


def strings(offsets: Positions, data: pa.Buffer) -> pa.Array:
    """Return the strings between consecutive offsets in a block."""
    return pa.StringArray.from_buffers(len(offsets) - 1, pa.py_buffer(offsets.astype(np.int32)), data)


def heads(texts: pa.Array, lengths: Positions) -> pa.Array:
    """Return the first `lengths` bytes of each text."""
    cuts = np.repeat(value_ends(texts), 2)[:-1]
    cuts[1::2] += lengths
    return strings(cuts, texts.buffers()[2]).take(pa.array(np.arange(0, len(cuts) - 1, 2)))


def places_of(texts: pa.Array, character: str) -> Positions:
    """Return the positions in the block of an ASCII character of the texts, ascending."""
    offsets = value_ends(texts)
    found = np.flatnonzero(data_of(texts)[offsets[0] : offsets[-1]] == ord(character))
    return found + offsets[0] if offsets[0] else found


def cut_after(texts: pa.Array, places: Positions) -> tuple[pa.Array, Positions]:
    """Cut the texts (string, no nulls) after the bytes at ascending positions in the block.

    Return the pieces in order, which may be empty, and for each the position of its text.
    """
    offsets = value_ends(texts)
    # Two ascending runs, which a stable sort merges.
    cuts = np.sort(np.concatenate((offsets, places + 1)), kind="stable")
    first = np.searchsorted(cuts, offsets)
    pieces = strings(cuts[: first[-1] + 1], texts.buffers()[2])
    return pieces, np.repeat(np.arange(len(texts)), np.diff(first))


def replaced(texts: pa.Array, places: Positions, others: Sequence[str | None] | pa.Array) -> pa.Array:
    """Return the texts (string) with others at the ascending positions."""
    if not len(places):
        return texts
    mask = np.zeros(len(texts), np.bool_)
    mask[places] = True
    others = others if isinstance(others, pa.Array) else pa.array(others, pa.string())
    return pc.replace_with_mask(texts, pa.array(mask), others)
