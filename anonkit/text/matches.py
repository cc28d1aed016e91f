"""Where identities stand in text, however they are escaped, and what must stay so that the text can still be read.

A literal is searched for in the text as it is and in every view of it (`anonkit.text.decoded_views`). All that is found
counts as if it stood where it was written, and the usual rule holds: from left to right, the longest. Two things keep a
text whole: a find takes all of an escape that it begins or ends in; and where it takes one of two quotes, a quote is
put back.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import compress

import attrs
import numpy as np
import pyarrow as pa

from anonkit.arrow.offsets import Bytes, Flags, Positions
from anonkit.text.decoded_views import View, decoded, joined, may_be_escaped, may_be_joined, view_of
from anonkit.text.search import Occurrences, Search
from anonkit.text.segmentation import SEPARATORS
from anonkit.text.spanning_names import SpanningNames
from anonkit.text.spellings import Literals

__all__ = ["QUOTES", "Replacements", "TextMatcher"]

QUOTES = ("", "'", '"', "'\"")
"""What may be put back, by number."""

_LEAST_JOINED = 5


@attrs.frozen(eq=False)
class Replacements:
    """What to replace."""

    places: Occurrences
    """Ascending and apart."""
    restored_quotes: Positions
    """For each, the number of the quotes that are put back behind its token."""
    needs_context: Positions
    """Segments of which all this cannot be told without what stands around them."""
    ended: Positions
    """Segments that a name which holds a separator may end with its beginning, and"""
    begun: Positions
    """those that it may begin with what follows."""

    def behind(self, first: int) -> Replacements:
        """Return the same of segments that are counted from `first` on."""
        return Replacements(
            self.places, self.restored_quotes, self.needs_context + first, self.ended + first, self.begun + first
        )


class TextMatcher:
    """Finds literals in the bytes of many values."""

    def __init__(self, literals: Literals) -> None:
        self._search = Search(literals)
        # Short names would come about by accident; what is no text has no quotes in it.
        long = [
            len(pattern.decode()) >= _LEAST_JOINED and pattern not in literals.disguised
            for pattern in literals.patterns
        ]
        self._joinable = np.array(long, np.bool_)
        self._pairs = _pairs(list(compress(literals.patterns, long)))
        self._pairs_of_all = _pairs([one for one in literals.patterns if one not in literals.disguised])
        # Every name with a quote is also spelled with two: only of a name of nothing else they tell something.
        self._pairs_of_all[ord("'"), ord("'")] = any(not one.strip(b"'") for one in literals.patterns)
        self._crossings = SpanningNames.from_patterns(literals.patterns)

    def __call__(self, data: pa.Buffer, ends: Positions, *, whole: bool) -> Replacements:
        """Return what to replace in the values that end at `ends` in `data`; `ends[0]` is 0, where they start.

        `whole`: the values are no segments of longer ones.
        """
        raw = np.frombuffer(data, np.uint8)
        views = list(self._views(raw, ends))
        found = [self._search.standing(data, ends)]
        for view in views:
            standing = self._search.standing(view.buffer, view.ends)
            if view.left_out is not None:
                standing = standing[self._joinable[standing.which]]
            found.append(view.written(standing))
        chosen = (
            _snapped(_together(found), _escapes(views)).leftmost_longest() if views else found[0].leftmost_longest()
        )
        restored_quotes, needs_context = _balanced(raw, ends, chosen)
        ended = begun = none = needs_context[:0]
        if self._crossings is not None and not whole:
            ended, begun = self._crossings.ends_and_begins(data, ends, views)
            needs_context = np.concatenate((needs_context, _at_separators(raw, ends, chosen)))
        return Replacements(chosen, restored_quotes, none if whole else needs_context, ended, begun)

    def _views(self, raw: Bytes, ends: Positions) -> Iterator[View]:
        """Yield the views of values that read differently."""
        rows = may_be_joined(raw, ends, self._pairs)
        if rows.size:
            yield from joined(view_of(raw, ends, rows), self._pairs)
        rows = may_be_escaped(raw, ends, self._pairs_of_all)
        if rows.size:
            for view in decoded(view_of(raw, ends, rows)):
                yield view
                yield from joined(view, self._pairs)


def _pairs(patterns: Sequence[bytes]) -> Flags:
    """Return which bytes (256 x 256) stand side by side in patterns."""
    found = np.zeros((256, 256), np.bool_)
    # No pattern holds the byte between them.
    codes = np.frombuffer(b"\xff".join(patterns), np.uint8)
    found[codes[:-1], codes[1:]] = True
    found[0xFF], found[:, 0xFF] = False, False
    return found


def _together(found: list[Occurrences]) -> Occurrences:
    return Occurrences(
        np.concatenate([one.which for one in found]),
        np.concatenate([one.starts for one in found]),
        np.concatenate([one.stops for one in found]),
    )


def _escapes(views: Sequence[View]) -> tuple[Positions, Positions]:
    """Return where in the data escapes begin and end, ascending and apart; one within the other is one."""
    starts = np.concatenate([view.starts[view.stops - view.starts > 1] for view in views])
    stops = np.concatenate([view.stops[view.stops - view.starts > 1] for view in views])
    if not starts.size:
        return starts, stops
    order = np.argsort(starts, kind="stable")
    starts, reach = starts[order], np.maximum.accumulate(stops[order])
    first = np.flatnonzero(np.concatenate(([True], starts[1:] >= reach[:-1])))
    return starts[first], reach[np.append(first[1:], reach.size) - 1]


def _snapped(found: Occurrences, escapes: tuple[Positions, Positions]) -> Occurrences:
    """Return the finds so that none begins or ends inside an escape."""
    first, last = escapes
    if not first.size:
        return found
    around = np.maximum(np.searchsorted(first, found.starts) - 1, 0)
    inside = (first[around] < found.starts) & (found.starts < last[around])
    starts = np.where(inside, first[around], found.starts)
    around = np.maximum(np.searchsorted(first, found.stops) - 1, 0)
    inside = (first[around] < found.stops) & (found.stops < last[around])
    return Occurrences(found.which, starts, np.where(inside, last[around], found.stops))


def _balanced(raw: Bytes, ends: Positions, found: Occurrences) -> tuple[Positions, Positions]:
    """Return for each find which quotes are put back, and the segments for which that cannot be told.

    Only where quotes come by twos, in what may be an environment, in its V2 form or as JSON.
    """
    restored_quotes = np.zeros(len(found), np.int64)
    needs_context: list[int] = []
    places = np.flatnonzero((raw == ord("'")) | (raw == ord('"'))) if len(found) else restored_quotes
    (taking,) = np.nonzero(np.searchsorted(places, found.starts) < np.searchsorted(places, found.stops))
    # A loop, over the few finds that hold a quote.
    for one in taking.tolist():
        stretch = raw[found.starts[one] : found.stops[one]].tobytes()
        if any(_quotes(stretch, quote) % 2 for quote in ("'", '"')):
            value = int(np.searchsorted(ends, found.starts[one], side="right")) - 1
            text = raw[ends[value] : ends[value + 1]].tobytes()
            restored_quotes[one] = sum(
                number
                for number, quote, quoting in ((1, "'", (b"=",)), (2, '"', (b"{", b"[")))
                if _quotes(stretch, quote) % 2
                and not _quotes(text, quote) % 2
                and any(sign in text for sign in quoting)
            )
            needs_context.append(value)
    return restored_quotes, np.array(needs_context, np.int64)


def _at_separators(raw: Bytes, ends: Positions, found: Occurrences) -> Positions:
    """Return the segments whose last byte is a separator that belongs to a find: what comes behind it is not known."""
    stops = found.stops[np.isin(raw[found.stops - 1], np.frombuffer(SEPARATORS, np.uint8))]
    return np.searchsorted(ends, stops[np.isin(stops, ends)]) - 1


def _quotes(text: bytes, quote: str) -> int:
    """Return how many quotes part something: double ones but for those behind a backslash."""
    if quote == "'" or b"\\" not in text:
        return text.count(quote.encode())
    return text.replace(b"\\\\", b"").replace(b'\\"', b"").count(b'"')
