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

from anonkit.arrow.offsets import Bytes, Flags, Positions, ranges, totals, value_ends
from anonkit.arrow.strings import data_of

__all__ = ["Scan"]

# The longest name or principal that is read.
_REACH = 300
# Bytes that are searched, and places that are read, at a time: a text may consist of millions of marks, and each takes
# hundreds of bytes of memory as an object of Python's.
_BYTES_AT_A_TIME, _PLACES_AT_A_TIME = 1 << 18, 1 << 14


Around = tuple[int, bytes, bytes]
"""The row of a text, and the text before and after a mark in it, as far as it may matter."""


@attrs.frozen(eq=False)
class Scan:
    """The bytes of a string array, to be looked through for several marks. A line break follows each text."""

    data: bytes
    ends: Positions
    """Where texts begin and end: one more than texts."""
    numbers: Positions
    """The row of each text in the array."""

    @classmethod
    def from_text(cls, text: pa.Array, marks: tuple[bytes, ...] = ()) -> Scan:
        """Return the bytes of an array, which may hold nulls; with `marks` of those texts alone that hold one of them.

        Of 22,000 segments of environments some 300 hold a mark of a handle.
        """
        lines = pc.binary_join_element_wise(text, "\n", "", null_handling="replace")
        scan = cls._from_lines(lines, np.arange(len(lines)))
        if not marks:
            return scan
        _, stops = scan.find(marks)
        marked = np.unique(scan.rows(stops - 1))
        return scan if len(marked) == len(lines) else cls._from_lines(lines.take(pa.array(marked)), marked)

    @classmethod
    def _from_lines(cls, lines: pa.Array, numbers: Positions) -> Scan:
        ends = value_ends(lines)
        return cls(data_of(lines)[ends[0] : ends[-1]].tobytes(), ends - ends[0], numbers)

    def around(self, mark: bytes) -> Iterator[Around]:
        """Yield what is around each mark. A loop over the few places where a mark is: some 2 µs each."""
        places = self.places(mark)
        yield from self._split(places, places + len(mark))

    def around_marks(self, marks: tuple[bytes, ...]) -> Iterator[tuple[int, int, bytes, bytes]]:
        """Yield which mark it is, and what is around it, for each place that `find` returns."""
        which, stops = self.find(marks)
        sizes = np.array([len(mark) for mark in marks], np.int64)
        for mark, around in zip(_each(which), self._split(stops - sizes[which], stops), strict=True):
            yield mark, *around

    def places(self, mark: bytes, *, before_capital: bool = False) -> Positions:
        """Return where each mark is; `before_capital` leaves out marks that no capital letter follows."""
        places = self._places(mark)
        if before_capital:
            following = self._bytes[places + len(mark)]
            places = places[(following >= ord("A")) & (following <= ord("Z"))]
        return places

    def find(self, marks: tuple[bytes, ...]) -> tuple[Positions, Positions]:
        """Return for each place of one of the marks which mark it is, and where it ends.

        Of those that start in one place it is the longest, of those that overlap the first.
        """
        parts = [np.zeros((0, 3), np.int64)]
        longest, start = max(map(len, marks), default=1), 0
        while start < len(self.data):
            stop = start + _BYTES_AT_A_TIME
            found = _automaton(marks).find_matches_as_indexes(self.data[start : stop + longest - 1])
            part = np.fromiter(chain.from_iterable(found), np.int64, count=3 * len(found)).reshape(-1, 3)
            part[:, 1:] += start
            # What begins later is found with the next bytes.
            part = part[part[:, 1] < stop]
            parts.append(part)
            start = max([stop, *part[-1:, 2].tolist()])
        which, _, stops = np.concatenate(parts).T
        return which, stops

    def rows(self, places: Positions) -> Positions:
        """Return for each place in the bytes the row of its text."""
        rows: Positions = self.numbers[self._texts(places)]
        return rows

    def texts_with(self, mark: bytes) -> Iterator[tuple[int, bytes]]:
        """Yield row and bytes of each text that holds the mark."""
        for text in np.unique(self._texts(self.places(mark))).tolist():
            yield int(self.numbers[text]), self.data[self.ends[text] : self.ends[text + 1] - 1]

    def bytes_at(self, places: Positions) -> Bytes:
        """Return the byte at each place, a line break before the beginning and after the end of the data."""
        padded = np.append(self._bytes, np.uint8(ord("\n")))
        found: Bytes = padded[np.minimum(places, len(self.data))]
        return found

    def first_after(self, places: Positions, members: Flags, size: int) -> Positions:
        """Return where the first byte is, from each place on, that is flagged in `members` (256).

        That is the last of `size` bytes when none before it is; a line break follows the data.
        """
        padded = np.append(members[self._bytes], np.full(size, members[ord("\n")]))
        found = [places[:0]]
        for at in range(0, places.size, _PLACES_AT_A_TIME):
            some = places[at : at + _PLACES_AT_A_TIME]
            flags = padded[some[:, np.newaxis] + np.arange(size)]
            flags[:, -1] = True
            found.append(some + flags.argmax(axis=1))
        return np.concatenate(found)

    def slices(self, starts: Positions, stops: Positions) -> pa.Array:
        """Return the bytes from each start to its stop (large_binary)."""
        sizes = stops - starts
        pieces = [slice(at, at + _PLACES_AT_A_TIME) for at in range(0, max(len(starts), 1), _PLACES_AT_A_TIME)]
        data = np.concatenate([self._bytes[ranges(starts[piece], sizes[piece])] for piece in pieces])
        buffers = [None, pa.py_buffer(totals(sizes)), pa.py_buffer(data)]
        return pa.Array.from_buffers(pa.large_binary(), len(starts), buffers)

    def run_before(self, places: Positions, members: Flags, reach: int = _REACH) -> Positions:
        """Return where the bytes that are flagged in `members` (256) begin which end at each place, as far as read."""
        others = np.flatnonzero(~members[self._bytes])
        first = np.append(others, -1)[np.searchsorted(others, places) - 1] + 1
        begins: Positions = np.maximum(first, places - reach)
        return begins

    def run_after(self, places: Positions, members: Flags, reach: int = _REACH) -> Positions:
        """Return where the bytes that are flagged in `members` (256) end which begin at each place, as far as read."""
        others = np.append(np.flatnonzero(~members[self._bytes]), len(self.data))
        stops: Positions = np.minimum(others[np.searchsorted(others, places)], places + reach)
        return stops

    def matches(self, pattern: re.Pattern[bytes]) -> Iterator[tuple[int, bytes, bytes]]:
        """Yield row, the text before, and what a pattern matches, which holds no line break."""
        found = [match.span() for match in pattern.finditer(self.data)]
        bounds = np.array(found, np.int64).reshape(-1, 2)
        for (start, stop), (row, before, _) in zip(found, self._split(bounds[:, 0], bounds[:, 1]), strict=True):
            yield row, before, self.data[start:stop]

    @property
    def _bytes(self) -> Bytes:
        return np.frombuffer(self.data, np.uint8)

    def _split(self, starts: Positions, stops: Positions) -> Iterator[Around]:
        texts = self._texts(starts)
        bounds = self.numbers[texts], self.ends[texts], starts, stops, self.ends[texts + 1] - 1
        for row, low, start, stop, high in zip(*map(_each, bounds), strict=True):
            yield row, self.data[max(low, start - _REACH) : start], self.data[stop : min(high, stop + _REACH)]

    def _texts(self, places: Positions) -> Positions:
        texts: Positions = np.searchsorted(self.ends, places, side="right") - 1
        return texts

    def _places(self, mark: bytes) -> Positions:
        if len(mark) == 1:
            return np.flatnonzero(self._bytes == ord(mark))
        found: list[int] = []
        place = self.data.find(mark)
        while place >= 0:
            found.append(place)
            place = self.data.find(mark, place + 1)
        return np.array(found, np.int64)


def _each(numbers: Positions) -> Iterator[int]:
    """Yield the numbers; only some at a time are objects of Python's."""
    for at in range(0, numbers.size, _PLACES_AT_A_TIME):
        yield from numbers[at : at + _PLACES_AT_A_TIME].tolist()


@lru_cache(maxsize=32)
def _automaton(marks: tuple[bytes, ...]) -> ahocorasick_rs.BytesAhoCorasick:
    return ahocorasick_rs.BytesAhoCorasick(marks, matchkind=ahocorasick_rs.MatchKind.LeftmostLongest)
