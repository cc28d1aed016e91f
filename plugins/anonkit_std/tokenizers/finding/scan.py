"""Looking through a column of text for marks, without looking at each row: most rows have none."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import chain

import ahocorasick_rs
import attrs
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from anonkit.arrow.offsets import value_ends
from anonkit_std.columns.string_buffers import Ints, data_of

__all__ = ["Scan"]

# The longest name or principal that is read.
_REACH = 300


Around = tuple[int, bytes, bytes]
"""The row of a text, and what stands in it before and behind a mark, as far as it may matter."""


@attrs.frozen(eq=False)
class Scan:
    """The bytes of a string array, to be looked through for several marks. A line break follows each text."""

    data: bytes
    ends: Ints
    """Where texts begin and end: one more than texts."""

    @classmethod
    def from_text(cls, text: pa.Array) -> Scan:
        """Return the bytes of an array, which may hold nulls."""
        lines = pc.binary_join_element_wise(pc.fill_null(text, ""), "\n", "")
        ends = value_ends(lines)
        return cls(data_of(lines)[ends[0] : ends[-1]].tobytes(), ends - ends[0])

    def around(self, mark: bytes, *, before_capital: bool = False) -> Iterator[Around]:
        """Yield what is around each mark.

        `before_capital` leaves out marks that no capital letter follows. A loop, over the few places where a mark is:
        some 2 µs each.
        """
        places = self._places(mark)
        if before_capital:
            following = np.frombuffer(self.data, np.uint8)[places + len(mark)]
            places = places[(following >= ord("A")) & (following <= ord("Z"))]
        yield from self._split(places, places + len(mark))

    def around_any(self, marks: tuple[bytes, ...]) -> Iterator[tuple[bytes, Around]]:
        """Yield what is around each of several marks, and which it is: the longest of those that start in one place.

        Of marks that overlap the first is taken. All are looked for at once.
        """
        found = _automaton(marks).find_matches_as_indexes(self.data)
        which, starts, stops = np.fromiter(chain.from_iterable(found), np.int64, count=3 * len(found)).reshape(-1, 3).T
        for mark, around in zip(which.tolist(), self._split(starts, stops), strict=True):
            yield marks[mark], around

    def matches(self, pattern: re.Pattern[bytes]) -> Iterator[tuple[int, bytes, bytes]]:
        """Yield row, what stands before, and what a pattern matches, which holds no line break."""
        found = [match.span() for match in pattern.finditer(self.data)]
        bounds = np.array(found, np.int64).reshape(-1, 2)
        for (start, stop), (row, before, _) in zip(found, self._split(bounds[:, 0], bounds[:, 1]), strict=True):
            yield row, before, self.data[start:stop]

    def _split(self, starts: Ints, stops: Ints) -> Iterator[Around]:
        rows = np.searchsorted(self.ends, starts, side="right") - 1
        lows, highs = self.ends[rows], self.ends[rows + 1] - 1
        bounds = zip(rows.tolist(), lows.tolist(), starts.tolist(), stops.tolist(), highs.tolist(), strict=True)
        for row, low, start, stop, high in bounds:
            yield row, self.data[max(low, start - _REACH) : start], self.data[stop : min(high, stop + _REACH)]

    def _places(self, mark: bytes) -> Ints:
        if len(mark) == 1:
            return np.flatnonzero(np.frombuffer(self.data, np.uint8) == ord(mark))
        found: list[int] = []
        place = self.data.find(mark)
        while place >= 0:
            found.append(place)
            place = self.data.find(mark, place + 1)
        return np.array(found, np.int64)


@lru_cache(maxsize=8)
def _automaton(marks: tuple[bytes, ...]) -> ahocorasick_rs.BytesAhoCorasick:
    return ahocorasick_rs.BytesAhoCorasick(marks, matchkind=ahocorasick_rs.MatchKind.LeftmostLongest)
