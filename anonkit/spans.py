"""Literals that hold a separator, and so may stand across a cut between two pieces: full names, certificate subjects.

Pieces are garbled each by itself, so such a literal would be missed. There are few of them, and few values hold one:
those that may are picked out here, to be garbled whole. What decides is where two pieces meet: one ends as a literal
does up to a separator, the next begins as it goes on. A few characters on either side are looked at, so some values
are picked for nothing, and none is left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise

import attrs
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from anonkit.pieces import SEPARATORS, Pieces
from anonkit.search import Positions, value_ends

__all__ = ["Spans"]

Keys = npt.NDArray[np.uint64]
Flags = npt.NDArray[np.bool_]

# Characters on either side of a cut that are compared, as one number.
_WIDTH = 8

_EACH_SEPARATOR = tuple(bytes([byte]) for byte in SEPARATORS)

_LOWER = np.arange(256, dtype=np.uint8)
_LOWER[ord("A") : ord("Z") + 1] += ord("a") - ord("A")


@attrs.frozen(eq=False)
class Spans:
    """How pieces end and begin between which a literal may stand."""

    heads: Mapping[int, Keys]
    """By length, what a piece ends with."""
    tails: Mapping[int, Keys]
    """By length, what the next piece begins with."""

    @classmethod
    def of(cls, patterns: Iterable[bytes]) -> Spans:
        """Return them for literals as they are searched for: ASCII letters in lower case."""
        heads: set[bytes] = set()
        tails: set[bytes] = set()
        for head, tail in (both for pattern in patterns for both in _halves(pattern)):
            heads.add(head[-_WIDTH:])
            tails.add(tail[:_WIDTH])
        return cls(_by_length(heads), _by_length(tails))

    def values(self, pieces: Pieces) -> Positions:
        """Return which values may hold a literal across a cut, ascending."""
        if not self.heads:
            return np.zeros(0, np.int64)
        ends = _among(_keys(pieces.distinct, last=True), self.heads, last=True)
        if not ends.any():
            return np.zeros(0, np.int64)
        begins = _among(_keys(pieces.distinct, last=False), self.tails, last=False)
        meet = np.flatnonzero(ends[pieces.codes[:-1]] & begins[pieces.codes[1:]])
        value = np.searchsorted(pieces.ends, meet, side="right") - 1
        found: Positions = np.unique(value[meet + 1 < pieces.ends[value + 1]])
        return found


def _halves(pattern: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield what stands before a cut in the pattern, and what behind it up to the next, for each cut."""
    # Most patterns have none, and there may be a hundred thousand.
    if not any(separator in pattern for separator in _EACH_SEPARATOR):
        return
    cuts = [place + 1 for place, byte in enumerate(pattern[:-1]) if byte in SEPARATORS]
    for cut, stop in pairwise([*cuts, len(pattern)]):
        yield pattern[:cut], pattern[cut:stop]


def _by_length(texts: Iterable[bytes]) -> dict[int, Keys]:
    held: dict[int, list[int]] = {}
    for text in texts:
        held.setdefault(len(text), []).append(int.from_bytes(text, "big"))
    return {length: np.array(sorted(numbers), np.uint64) for length, numbers in sorted(held.items())}


def _keys(texts: pa.Array, *, last: bool) -> Keys:
    """Return the last, or first, characters of each text as a number, ASCII letters in lower case."""
    bounds = value_ends(texts)
    starts, stops = bounds[:-1, None], bounds[1:, None]
    places = stops - np.arange(_WIDTH, 0, -1) if last else starts + np.arange(_WIDTH)
    data = np.frombuffer(texts.buffers()[2] or b"\0", np.uint8)
    inside = (places >= starts) & (places < stops)
    read = np.where(inside, _LOWER[data[np.clip(places, 0, data.size - 1)]], 0).astype(np.uint8)
    keys: Keys = read.view(">u8").reshape(-1).astype(np.uint64)
    return keys


def _among(keys: Keys, wanted: Mapping[int, Keys], *, last: bool) -> Flags:
    """Return which keys end, or begin, with one of those that are wanted."""
    found = np.zeros(keys.size, np.bool_)
    for length, numbers in wanted.items():
        bits = np.uint64(8 * (_WIDTH - length))
        cut = (keys << bits) >> bits if last else keys >> bits
        found |= numbers[np.minimum(np.searchsorted(numbers, cut), numbers.size - 1)] == cut
    return found
