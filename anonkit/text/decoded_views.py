"""Views of texts: with escapes decoded, or quotes removed. Each byte of a view knows its bytes in the text.

A name is found in a view, and the bytes that it was written as are replaced in the text; all others stay.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import attrs
import numpy as np
import pyarrow as pa

from anonkit.arrow.offsets import Bytes, Flags, Positions, ranges
from anonkit.text.escapes import DOUBLED, ESCAPES, Escape, Written
from anonkit.text.search import Occurrences
from anonkit.text.torn_escapes import torn_escapes

__all__ = ["View", "decoded_views", "may_be_escaped", "may_be_quoted", "torn", "unquoted_views", "unreadable"]

_DEPTH = 3
"""How many layers of escapes are decoded in each order of their kinds."""

_ROUNDS = 8
"""How many layers of all kinds together are decoded after that."""

# Bytes of a text; in each order of the kinds a longer one would take gigabytes.
_LONGEST_IN_EACH_ORDER = 1 << 16

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
    is_last: bool = False
    """Whether no more layers are decoded, though the texts may hold some."""

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
        chosen = _among(self.rows, rows)
        return self if chosen.all() else self[chosen]

    def in_column(self, found: Occurrences) -> Occurrences:
        """Return the occurrences in this view, at their places in the column's data.

        In a view with bytes removed, an occurrence counts only where some were removed within it: the search finds
        others without this view.
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


def decoded_views(view: View, depth: int = _DEPTH, rounds: int = _ROUNDS) -> Iterator[View]:
    """Yield the texts that hold escapes with these decoded, sort by sort in each order, up to `depth` layers.

    After that yield texts with more layers, and long ones, with all sorts decoded in a round, up to `rounds` times.
    """
    texts, sizes = view.rows[view.ends[:-1]], np.diff(view.ends)
    deep = [texts[sizes > _LONGEST_IN_EACH_ORDER]]
    yield from _in_each_order(view.take_rows(texts[sizes <= _LONGEST_IN_EACH_ORDER]), depth, deep)
    yield from _in_rounds(view.take_rows(np.unique(np.concatenate(deep))), rounds)


def _in_each_order(view: View, depth: int, deep: list[Positions]) -> Iterator[View]:
    """Yield the views of up to `depth` layers; enter the texts that have more into `deep`."""
    for escape in ESCAPES if view.data.size else ():
        decoded = _decoded(view, escape)
        if decoded is not None and depth:
            yield decoded
            yield from _in_each_order(decoded, depth - 1, deep)
        elif decoded is not None:
            deep.append(decoded.rows[decoded.ends[:-1]])


def _in_rounds(view: View, rounds: int) -> Iterator[View]:
    for left in reversed(range(rounds if view.data.size else 0)):
        changed: list[Positions] = []
        for escape in ESCAPES:
            written = _written(view, escape)
            if written is not None:
                changed.append(view.rows[written[0][:, 0]])
                view = _replaced(view, *written)
        if not changed:
            return
        view = view.take_rows(np.unique(np.concatenate(changed)))
        yield view if left else attrs.evolve(view, is_last=True)


def unreadable(views: Iterable[View]) -> Iterator[tuple[Positions, Positions]]:
    """Yield where, in the column's data, escapes begin and end that are left after the last round."""
    for view in views:
        for escape in ESCAPES if view.is_last else ():
            written = _written(view, escape)
            if written is not None:
                starts, stops, _ = written[0].T
                yield view.starts[starts], view.stops[stops - 1]


def torn(view: View) -> tuple[Positions, Positions]:
    """Return where, in the column's data, torn escapes begin and end in a view of texts as they are written."""
    starts, stops = np.array([*torn_escapes(view.data.tobytes())], np.int64).reshape(-1, 2).T
    return view.starts[starts], view.stops[stops - 1]


def _decoded(view: View, escape: Escape) -> View | None:
    signs = _signs(view, escape)
    if not signs.any():
        return None
    view = view.take_rows(np.unique(view.rows[signs]))
    written = _written(view, escape)
    return None if written is None else _replaced(view, *written).take_rows(np.unique(view.rows[written[0][:, 0]]))


def _written(view: View, escape: Escape) -> Written | None:
    """Return the escapes of one sort in a view; None when it has none."""
    if not _signs(view, escape).any():
        return None
    places, texts = escape.decode(view.data)
    return (places, texts) if places.size else None


def _signs(view: View, escape: Escape) -> Flags:
    return view.data >= escape.signs[0] if len(escape.signs) > 1 else view.data == escape.signs[0]


def _replaced(view: View, places: Positions, texts: bytes) -> View:
    """Return the view with escapes decoded; for these see `Written`."""
    starts, stops, sizes = places.T
    # One byte is enough for a count: at most one replacement is at a place.
    edges = np.zeros(view.data.size + 1, np.int8)
    edges[starts] += 1
    edges[stops] -= 1
    unchanged = np.flatnonzero(np.cumsum(edges[:-1], dtype=np.int8) == 0)
    owner = np.repeat(np.arange(len(places)), sizes)
    firsts, lasts = starts[owner], stops[owner] - 1
    order = np.argsort(np.concatenate((unchanged, firsts)), kind="stable")
    return View(
        np.concatenate((view.data[unchanged], np.frombuffer(texts, np.uint8)))[order],
        np.concatenate((view.rows[unchanged], view.rows[firsts]))[order],
        np.concatenate((view.starts[unchanged], view.starts[firsts]))[order],
        np.concatenate((view.stops[unchanged], view.stops[lasts]))[order],
    )


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
        chosen = rest[_among(view.rows, view.rows[before[likely]])[rest]]
        yield attrs.evolve(view[chosen], removed_before=np.cumsum(removed, dtype=np.int64)[chosen])


def _removable(data: Bytes) -> Flags:
    removable: Flags = np.isin(data, np.frombuffer(_REMOVABLE, np.uint8))
    breaks = (data == ord("\n")) | (data == ord("\r"))
    if breaks.any():
        blank = (data == ord(" ")) | (data == ord("\t"))
        # Only blanks that follow a break: the last byte before them that is not blank is a break.
        last = np.maximum.accumulate(np.where(blank, 0, np.arange(data.size)))
        removable |= blank & breaks[last]
    return removable


def _among(rows: Positions, chosen: Positions) -> Flags:
    """Return for each of the rows, which ascend, whether it is a chosen one of them."""
    # numpy.isin would copy the rows several times, of which there is one for each byte.
    flags = np.zeros(rows[-1] + 1 if rows.size else 0, np.bool_)
    flags[chosen] = True
    return flags[rows]


def _lower(data: Bytes) -> Bytes:
    return np.where((data >= ord("A")) & (data <= ord("Z")), data | 0x20, data)
