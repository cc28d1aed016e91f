"""String arrays as what they are: offsets into one block of bytes. New offsets make new strings without a copy."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pyarrow as pa

__all__ = ["Ints", "bytes_in_rows", "data_of", "heads", "offsets_of", "strings", "totals_before"]

Ints = npt.NDArray[np.int64]


def offsets_of(texts: pa.Array) -> Ints:
    """Return where each text of a string array begins in its block, and where the last one ends."""
    if not len(texts):
        return np.zeros(1, np.int64)
    return np.frombuffer(texts.buffers()[1], np.int32)[texts.offset : texts.offset + len(texts) + 1].astype(np.int64)


def data_of(texts: pa.Array) -> npt.NDArray[np.uint8]:
    """Return the whole block."""
    data = texts.buffers()[2]
    return np.zeros(0, np.uint8) if data is None else np.frombuffer(data, np.uint8)


def bytes_in_rows(texts: pa.Array, wanted: Callable[[npt.NDArray[np.uint8]], npt.NDArray[np.bool_]]) -> Ints:
    """Return how many bytes of each text are `wanted`, which is asked once, about all of them."""
    offsets = offsets_of(texts)
    places = offsets[0] + np.flatnonzero(wanted(data_of(texts)[offsets[0] : offsets[-1]]))
    return np.bincount(np.searchsorted(offsets, places, side="right") - 1, minlength=len(texts))


def strings(offsets: Ints, data: pa.Buffer) -> pa.Array:
    """Return the strings between the offsets in a block."""
    return pa.StringArray.from_buffers(len(offsets) - 1, pa.py_buffer(offsets.astype(np.int32)), data)


def heads(texts: pa.Array, lengths: Ints) -> pa.Array:
    """Return the first `lengths` bytes of each text."""
    cuts = np.repeat(offsets_of(texts), 2)[:-1]
    cuts[1::2] += lengths
    return strings(cuts, texts.buffers()[2]).take(pa.array(np.arange(0, len(cuts) - 1, 2)))


def totals_before(counts: Ints) -> Ints:
    """Return the sum of all counts before each, and of all at the end."""
    return np.concatenate((np.zeros(1, np.int64), np.cumsum(counts)))
