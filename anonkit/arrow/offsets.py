"""Offsets: where values of Arrow text begin and end in the bytes that hold them; counting with such positions."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa

__all__ = ["Bytes", "Flags", "Positions", "ranges", "totals", "value_ends"]

Positions = npt.NDArray[np.int64]
"""An array of positions or lengths, int64."""
Bytes = npt.NDArray[np.uint8]
"""An array of bytes, uint8."""
Flags = npt.NDArray[np.bool_]
"""An array of marks, bool."""


def value_ends(array: pa.Array) -> Positions:
    """Return the offsets of the values of a string or large_string array in its data: one more than values."""
    width = np.int64 if pa.types.is_large_string(array.type) else np.int32
    buffer = array.buffers()[1]
    if buffer is None or not len(array):
        return np.zeros(1, np.int64)
    return np.frombuffer(buffer, width)[array.offset : array.offset + len(array) + 1].astype(np.int64)


def totals(counts: Positions | Flags) -> Positions:
    """Return the sum of all counts before each, and of all at the end: one more than counts."""
    sums = np.zeros(len(counts) + 1, np.int64)
    np.cumsum(counts, out=sums[1:])
    return sums


def ranges(starts: Positions, sizes: Positions) -> Positions:
    """Return ``starts[i], starts[i] + 1, …``, `sizes[i]` of them, for each i."""
    before = totals(sizes)
    return np.repeat(starts - before[:-1], sizes) + np.arange(before[-1])
