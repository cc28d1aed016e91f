"""Views of texts: with escapes decoded, or quotes removed. Each byte of a view knows its bytes in the text.

A name is found in a view, and the bytes that it was written as are replaced in the text; all others stay.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

import attrs
import numpy as np
import pyarrow as pa

from anonkit.arrow.offsets import Bytes, Flags, Positions, ranges
from anonkit.text.escapes import DOUBLED, ESCAPES, Escape, Written
from anonkit.text.search import Occurrences

__all__ = ["View", "decoded_views", "may_be_escaped", "may_be_quoted", "unquoted_views"]

_DEPTH = 3
"""How many layers of escapes are decoded, of one kind or of several."""

_AT_A_TIME = 1 << 16

_QUOTE = ord("'")

_REMOVABLE = b"'\"\\\r\n"
"""Bytes that may be in the middle of a name without changing it; so may the blanks after a line break."""


@attrs.frozen(eq=False)
class View:
    """Some of a column's texts, each followed by a NUL."""

    data: Bytes
    rows: Positions
    """For each byte, the position of its text; ascending."""
    starts: Positions
    """For each byte, where the bytes that it was written as begin in the column's data."""
    stops: Positions
    """For each byte, where those end. For a NUL both are the end of its text."""
    removed_before: Positions | None = None
    """When bytes were removed: for each byte, how many of them were before it."""

    @classmethod
    def from_texts(cls, data: Bytes, ends: Positions, rows: Positions) -> View:
        """Return the texts at the positions `rows` (ascending) among those with the offsets `ends`, as written."""
        starts, sizes = ends[rows], ends[rows + 1] - ends[rows] + 1
        nuls = np.cumsum(sizes) - 1
        places = ranges(starts, sizes)
        stops = places + 1
        stops[nuls] = places[nuls]
        view_data = data[np.minimum(places, max(data.size - 1, 0))]
        view_data[nuls] = 0
        return cls(view_data, np.repeat(rows, sizes), places, stops)

    def __getitem__(self, chosen: Flags | Positions) -> View:
        return View(self.data[chosen], self.rows[chosen], self.starts[chosen], self.stops[chosen])

    @property
    def buffer(self) -> pa.Buffer:
        """The bytes."""
        return pa.py_buffer(self.data)

    @property
    def ends(self) -> Positions:
        """The offsets of the texts in `data`: one more than texts."""
        return np.concatenate(([0], np.flatnonzero(self.rows[1:] != self.rows[:-1]) + 1, [self.data.size]))

    def take_rows(self, rows: Positions) -> View:
        """Return the view of some of the texts; `rows` ascends."""
        chosen = np.isin(self.rows, rows)
        return self if chosen.all() else self[chosen]

    def in_column(self, found: Occurrences) -> Occurrences:
        """Return what was found in this view, at its place in the column's data.

        Of what was found in a view without some bytes, only what holds such a place: the rest is found without it.
        """
        last = found.stops - 1
        real = self.starts[last] < self.stops[last]
        if self.removed_before is not None:
            real &= self.removed_before[last] > self.removed_before[found.starts]
        return Occurrences(found.which[real], self.starts[found.starts[real]], self.stops[last[real]])


def may_be_escaped(data: Bytes, ends: Positions, pairs: Flags) -> Positions:
    """Return the positions, ascending, of the texts that may hold an escape that matters. Cheap: reads all bytes once.

    `pairs` (256 x 256) flags which bytes are neighbours in names.
    """
    places = [_escapes(data, escape) for escape in ESCAPES if escape is not DOUBLED]
    if (pairs[_QUOTE] | pairs[:, _QUOTE]).any():
        places.append(_doubled(data, pairs))
    return np.unique(np.searchsorted(ends, np.concatenate(places), side="right") - 1)


def _doubled(data: Bytes, pairs: Flags) -> Positions:
    """Return the first quote of each run of several, where a name may hold one; next to an escape the escape counts."""
    quotes = np.flatnonzero(data == _QUOTE)
    if not quotes.size:
        return quotes
    first = np.flatnonzero(np.concatenate(([True], np.diff(quotes) > 1)))
    last = np.append(first[1:], quotes.size) - 1
    before, following = data[np.maximum(quotes[first] - 1, 0)], data[np.minimum(quotes[last] + 1, data.size - 1)]
    likely = pairs[_lower(before), _QUOTE] | pairs[_QUOTE, _lower(following)] | pairs[_QUOTE, _QUOTE]
    places: Positions = quotes[first][likely & (last > first)]
    return places


def _escapes(data: Bytes, escape: Escape) -> Positions:
    if len(escape.signs) > 1:
        return np.flatnonzero(data >= escape.signs[0])
    places = np.flatnonzero(data == escape.signs[0])
    following = data[np.minimum(places + 1, data.size - 1)]
    return places[np.isin(following, np.frombuffer(escape.followed_by, np.uint8))]


def may_be_quoted(data: Bytes, ends: Positions, pairs: Flags) -> Positions:
    """Return the positions, ascending, of the texts that may hold a removable byte in the middle of a name. Cheap.

    `pairs` (256 x 256) flags which bytes are neighbours in names.
    """
    out = data == _REMOVABLE[0]
    for sign in _REMOVABLE[1:]:
        out |= data == sign
    places = np.flatnonzero(out)
    if not places.size:
        return places
    heads = np.flatnonzero(np.concatenate(([True], np.diff(places) > 1)))
    first, last = places[heads], places[np.append(heads[1:], places.size) - 1]
    before, following = data[np.maximum(first - 1, 0)], data[np.minimum(last + 1, data.size - 1)]
    # Blanks after a line break are removable, too; the byte after those is not checked here.
    breaks = np.logical_or.reduceat((data[places] == ord("\n")) | (data[places] == ord("\r")), heads)
    likely = pairs[_lower(before), _lower(following)] | (breaks & ((following == ord(" ")) | (following == ord("\t"))))
    return np.unique(np.searchsorted(ends, first[likely], side="right") - 1)


def decoded_views(view: View, depth: int = _DEPTH) -> Iterator[View]:
    """Yield the texts that hold escapes, decoded: each kind, then what the result holds, up to `depth` layers."""
    for escape in ESCAPES if depth else ():
        decoded = _decoded(view, escape)
        if decoded is not None:
            yield decoded
            yield from decoded_views(decoded, depth - 1)


def _decoded(view: View, escape: Escape) -> View | None:
    signs = view.data >= escape.signs[0] if len(escape.signs) > 1 else view.data == escape.signs[0]
    if not signs.any():
        return None
    view = view.take_rows(np.unique(view.rows[signs]))
    places, texts = _as_arrays(escape.decode(view.data.tobytes()))
    return _replaced(view, places, texts) if places.size else None


def _as_arrays(written: Iterator[Written]) -> tuple[Positions, bytes]:
    """Return start, stop and size of the text of each replacement, and their texts joined.

    A value may be nothing but escapes, millions of them: as tuples they would take a gigabyte.
    """
    places, texts = [np.zeros((0, 3), np.int64)], list[bytes]()
    while some := list(islice(written, _AT_A_TIME)):
        places.append(np.array([(start, stop, len(text)) for start, stop, text in some], np.int64))
        texts.append(b"".join(text for _, _, text in some))
    return np.concatenate(places), b"".join(texts)


def _replaced(view: View, places: Positions, texts: bytes) -> View:
    """Return the view of the texts that hold a replacement, with those in it; see `_as_arrays`."""
    starts, stops, sizes = places.T
    # A byte each: at most one replacement is at a place.
    edges = np.zeros(view.data.size + 1, np.int8)
    edges[starts] += 1
    edges[stops] -= 1
    unchanged = np.flatnonzero(np.cumsum(edges[:-1], dtype=np.int8) == 0)
    owner = np.repeat(np.arange(len(places)), sizes)
    firsts, lasts = starts[owner], stops[owner] - 1
    order = np.argsort(np.concatenate((unchanged, firsts)), kind="stable")
    whole = View(
        np.concatenate((view.data[unchanged], np.frombuffer(texts, np.uint8)))[order],
        np.concatenate((view.rows[unchanged], view.rows[firsts]))[order],
        np.concatenate((view.starts[unchanged], view.starts[firsts]))[order],
        np.concatenate((view.stops[unchanged], view.stops[lasts]))[order],
    )
    return whole.take_rows(np.unique(view.rows[starts]))


def unquoted_views(view: View, pairs: Flags) -> Iterator[View]:
    """Yield a view without quotes, backslashes and line breaks, of the texts in which a name may then appear; or none.

    `pairs` (256 x 256) flags which bytes are neighbours in names.
    """
    removed = _removable(view.data)
    if not removed.any():
        return
    rest = np.flatnonzero(~removed)
    gaps = np.flatnonzero(rest[1:] - rest[:-1] > 1)
    before, following = rest[gaps], rest[gaps + 1]
    lowered = _lower(view.data)
    likely = pairs[lowered[before], lowered[following]] & (view.rows[before] == view.rows[following])
    if likely.any():
        chosen = rest[np.isin(view.rows[rest], view.rows[before[likely]])]
        yield attrs.evolve(view[chosen], removed_before=np.cumsum(removed, dtype=np.int64)[chosen])


def _removable(data: Bytes) -> Flags:
    removable: Flags = np.isin(data, np.frombuffer(_REMOVABLE, np.uint8))
    breaks = (data == ord("\n")) | (data == ord("\r"))
    if breaks.any():
        blank = (data == ord(" ")) | (data == ord("\t"))
        # Only blanks that follow a break: the last byte before them that is not blank is one.
        last = np.maximum.accumulate(np.where(blank, 0, np.arange(data.size)))
        removable |= blank & breaks[last]
    return removable


def _lower(data: Bytes) -> Bytes:
    return np.where((data >= ord("A")) & (data <= ord("Z")), data | 0x20, data)
