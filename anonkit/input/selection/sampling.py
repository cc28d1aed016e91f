"""`[run] sample`: a share of the rows, by a hash of each row's place."""

from __future__ import annotations

import zlib

import attrs
import numpy as np
import numpy.typing as npt

__all__ = ["Sample"]

_U64 = np.uint64


@attrs.frozen
class Sample:
    """Takes a row by its file's name and its number in the file alone: a larger share takes the same rows and more."""

    share: float
    """Above 0, at most 1."""

    def __call__(self, name: str, first: int, rows: int) -> npt.NDArray[np.bool_]:
        """Return which of so many rows are taken, of which the first has the number `first` in the file `name`."""
        places = np.arange(first, first + rows, dtype=_U64) + (_U64(zlib.crc32(name.encode())) << _U64(32))
        hashed = _mixed(places + _U64(0x9E3779B97F4A7C15))
        selected: npt.NDArray[np.bool_] = (hashed >> _U64(11)).astype(np.float64) * 2.0**-53 < self.share
        return selected


def _mixed(words: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """Return each word with all its bits mixed (splitmix64)."""
    words = (words ^ (words >> _U64(30))) * _U64(0xBF58476D1CE4E5B9)
    words = (words ^ (words >> _U64(27))) * _U64(0x94D049BB133111EB)
    return words ^ (words >> _U64(31))
