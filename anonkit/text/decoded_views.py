"""Texts as they read once escapes are undone, or quotes taken out; each byte knows what it was written as.

So a name is found in a view, and the stretch of the text that it was written as is replaced; all else keeps its bytes.
"""

from __future__ import annotations

from collections.abc import Iterator

import attrs
import numpy as np
import pyarrow as pa

from anonkit.arrow.offsets import Bytes, Flags, Positions
from anonkit.text.escapes import DOUBLED, ESCAPES, Escape
from anonkit.text.search import Occurrences

__all__ = ["View", "decoded", "joined", "may_be_escaped", "may_be_joined", "view_of"]

_DEPTH = 3
"""How often escapes are undone: once for each of three kinds, or one kind within itself."""

_QUOTE = ord("'")

_BETWEEN = b"'\"\\\r\n"
"""What may stand in the middle of a name without changing it; behind a line break blanks, too."""


@attrs.frozen(eq=False)
class View:
    """Some of a column's texts, each with a NUL behind it."""

    data: Bytes
    rows: Positions
    """For every byte, the text that it belongs to; ascending."""
    starts: Positions
    """For every byte, where what it was written as begins in the column's data."""
    stops: Positions
    """For every byte, where that ends. For a NUL it begins and ends behind the text."""
    left_out: Positions | None = None
    """When bytes are left out: for every byte, how many before it."""

    def __getitem__(self, kept: Flags | Positions) -> View:
        return View(self.data[kept], self.rows[kept], self.starts[kept], self.stops[kept])

    @property
    def buffer(self) -> pa.Buffer:
        """The bytes."""
        return pa.py_buffer(self.data)

    @property
    def ends(self) -> Positions:
        """Where its texts begin and end in its data: one more than texts."""
        return np.concatenate(([0], np.flatnonzero(self.rows[1:] != self.rows[:-1]) + 1, [self.data.size]))

    def take_rows(self, rows: Positions) -> View:
        """Return the view of some of its texts; `rows` ascends."""
        return self[np.isin(self.rows, rows)]

    def written(self, found: Occurrences) -> Occurrences:
        """Return what was found in this view where it stands in the column's data."""
        last = found.stops - 1
        real = self.starts[last] < self.stops[last]
        if self.left_out is not None:
            real &= self.left_out[last] > self.left_out[found.starts]
        return Occurrences(found.which[real], self.starts[found.starts[real]], self.stops[last[real]])


def view_of(data: Bytes, ends: Positions, rows: Positions) -> View:
    """Return the texts `rows` (ascending) of the ones that end at `ends` as they are written."""
    starts, sizes = ends[rows], ends[rows + 1] - ends[rows] + 1
    nuls = np.cumsum(sizes) - 1
    places = np.arange(sizes.sum()) + np.repeat(starts - (nuls + 1 - sizes), sizes)
    stops = places + 1
    stops[nuls] = places[nuls]
    taken = data[np.minimum(places, max(data.size - 1, 0))]
    taken[nuls] = 0
    return View(taken, np.repeat(rows, sizes), places, stops)


def may_be_escaped(data: Bytes, ends: Positions, pairs: Flags) -> Positions:
    """Return the texts, ascending, that may hold an escape which matters. Cheap, for all of a column's bytes.

    `pairs` (256 x 256) says which bytes stand side by side in names.
    """
    places = [_escapes(data, escape) for escape in ESCAPES if escape is not DOUBLED]
    if (pairs[_QUOTE] | pairs[:, _QUOTE]).any():
        places.append(_doubled(data, pairs))
    return np.unique(np.searchsorted(ends, np.concatenate(places), side="right") - 1)


def _doubled(data: Bytes, pairs: Flags) -> Positions:
    """Return the first of quotes side by side, where a name may hold one. Beside an escape there is no need to look."""
    quotes = np.flatnonzero(data == _QUOTE)
    if not quotes.size:
        return quotes
    first = np.flatnonzero(np.concatenate(([True], np.diff(quotes) > 1)))
    last = np.append(first[1:], quotes.size) - 1
    before, behind = data[np.maximum(quotes[first] - 1, 0)], data[np.minimum(quotes[last] + 1, data.size - 1)]
    likely = pairs[_lower(before), _QUOTE] | pairs[_QUOTE, _lower(behind)] | pairs[_QUOTE, _QUOTE]
    places: Positions = quotes[first][likely & (last > first)]
    return places


def _escapes(data: Bytes, escape: Escape) -> Positions:
    if len(escape.signs) > 1:
        return np.flatnonzero(data >= escape.signs[0])
    places = np.flatnonzero(data == escape.signs[0])
    behind = data[np.minimum(places + 1, data.size - 1)]
    return places[np.isin(behind, np.frombuffer(escape.followed_by, np.uint8))]


def may_be_joined(data: Bytes, ends: Positions, pairs: Flags) -> Positions:
    """Return the texts, ascending, that hold something that may stand in the middle of a name. Cheap.

    `pairs` (256 x 256) says which bytes stand side by side in names.
    """
    out = data == _BETWEEN[0]
    for sign in _BETWEEN[1:]:
        out |= data == sign
    places = np.flatnonzero(out)
    if not places.size:
        return places
    heads = np.flatnonzero(np.concatenate(([True], np.diff(places) > 1)))
    first, last = places[heads], places[np.append(heads[1:], places.size) - 1]
    before, behind = data[np.maximum(first - 1, 0)], data[np.minimum(last + 1, data.size - 1)]
    # Behind a line break what matters comes after the blanks.
    breaks = np.logical_or.reduceat((data[places] == ord("\n")) | (data[places] == ord("\r")), heads)
    likely = pairs[_lower(before), _lower(behind)] | (breaks & ((behind == ord(" ")) | (behind == ord("\t"))))
    return np.unique(np.searchsorted(ends, first[likely], side="right") - 1)


def decoded(view: View, depth: int = _DEPTH) -> Iterator[View]:
    """Yield the view's texts with escapes undone, kind by kind and one within the other; only what then differs."""
    for escape in ESCAPES if depth else ():
        undone = _undone(view, escape)
        if undone is not None:
            yield undone
            yield from decoded(undone, depth - 1)


def _undone(view: View, escape: Escape) -> View | None:
    signs = view.data >= escape.signs[0] if len(escape.signs) > 1 else view.data == escape.signs[0]
    if not signs.any():
        return None
    view = view.take_rows(np.unique(view.rows[signs]))
    written = list(escape.undone(view.data.tobytes()))
    if not written:
        return None
    starts, stops, texts = zip(*written, strict=True)
    return _replaced(view, np.array(starts), np.array(stops), texts)


def _replaced(view: View, starts: Positions, stops: Positions, texts: tuple[bytes, ...]) -> View:
    """Return the view of those texts in which something is replaced, with other bytes from each start to its stop."""
    edges = np.zeros(view.data.size + 1, np.int64)
    edges[starts] += 1
    edges[stops] -= 1
    kept = np.flatnonzero(np.cumsum(edges[:-1]) == 0)
    owner = np.repeat(np.arange(len(texts)), [len(text) for text in texts])
    firsts, lasts = starts[owner], stops[owner] - 1
    order = np.argsort(np.concatenate((kept, firsts)), kind="stable")
    whole = View(
        np.concatenate((view.data[kept], np.frombuffer(b"".join(texts), np.uint8)))[order],
        np.concatenate((view.rows[kept], view.rows[firsts]))[order],
        np.concatenate((view.starts[kept], view.starts[firsts]))[order],
        np.concatenate((view.stops[kept], view.stops[lasts]))[order],
    )
    return whole.take_rows(np.unique(view.rows[starts]))


def joined(view: View, pairs: Flags) -> Iterator[View]:
    """Yield the view without quotes, backslashes and line breaks: of the texts in which that may complete a name.

    `pairs` (256 x 256) says which bytes stand side by side in names. Nothing when there is no such text.
    """
    out = _between(view.data)
    if not out.any():
        return
    kept = np.flatnonzero(~out)
    gaps = np.flatnonzero(kept[1:] - kept[:-1] > 1)
    before, behind = kept[gaps], kept[gaps + 1]
    lowered = _lower(view.data)
    likely = pairs[lowered[before], lowered[behind]] & (view.rows[before] == view.rows[behind])
    if likely.any():
        chosen = kept[np.isin(view.rows[kept], view.rows[before[likely]])]
        yield attrs.evolve(view[chosen], left_out=np.cumsum(out, dtype=np.int64)[chosen])


def _between(data: Bytes) -> Flags:
    out: Flags = np.isin(data, np.frombuffer(_BETWEEN, np.uint8))
    breaks = (data == ord("\n")) | (data == ord("\r"))
    if breaks.any():
        blank = (data == ord(" ")) | (data == ord("\t"))
        # Each blank of the run behind a break: the last byte that is no blank is one.
        last = np.maximum.accumulate(np.where(blank, 0, np.arange(data.size)))
        out |= blank & breaks[last]
    return out


def _lower(data: Bytes) -> Bytes:
    return np.where((data >= ord("A")) & (data <= ord("Z")), data | 0x20, data)
