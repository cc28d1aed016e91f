"""Names that hold a separator, and so may stand across the cut between two segments of a text.

Such a name ends one segment with its beginning, and the next segment begins with the rest. Values in which that may be
so are found without reading whole values, of which there are many.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise

import attrs
import numpy as np
import pyarrow as pa

from anonkit.arrow.offsets import Bytes, Positions
from anonkit.arrow.segments import Segments
from anonkit.plugin.contracts import Boundary
from anonkit.text.decoded_views import View
from anonkit.text.search import Search
from anonkit.text.segmentation import SEPARATORS
from anonkit.text.spellings import Literals

__all__ = ["SpanningNames", "crossed"]

_holds_separator = re.compile(b"[" + re.escape(SEPARATORS) + b"]").search

# Quotes, escapes and the line breaks and blanks behind them.
_LEFT_OUT = np.frombuffer(b"'\"\\\r\n\t ", np.uint8)


@attrs.frozen
class SpanningNames:
    """Looks for the parts of names that separators part."""

    heads: Search
    tails: Search

    @classmethod
    def from_patterns(cls, patterns: Iterable[bytes]) -> SpanningNames | None:
        """Return the search for patterns that hold a separator; None when there are none."""
        heads, tails = set[bytes](), set[bytes]()
        for pattern in filter(_holds_separator, patterns):
            cuts = [place + 1 for place, byte in enumerate(pattern) if byte in SEPARATORS]
            heads |= {pattern[:cut] for cut in cuts}
            tails |= {pattern[first:last] for first, last in pairwise([*cuts, len(pattern)]) if first < last}
        return cls(_search(heads), _search(tails)) if heads else None

    def ends_and_begins(self, data: pa.Buffer, ends: Positions, views: Iterable[View]) -> tuple[Positions, Positions]:
        """Return the segments, which end at `ends` in `data`, that such a name may end, and those that it may begin.

        In the `views` of the segments a part may stand anywhere.
        """
        heads, tails = self.heads.standing(data, ends), self.tails.standing(data, ends)
        last = np.searchsorted(ends, heads.stops[np.isin(heads.stops, ends)]) - 1
        first = _begun(np.frombuffer(data, np.uint8), ends, tails.starts)
        for view in views:
            last = np.concatenate((last, _holding(self.heads, view)))
            first = np.concatenate((first, _holding(self.tails, view)))
        return last, first


def crossed(segments: Segments, ended: Positions, begun: Positions) -> Positions:
    """Return the values, ascending, that have a distinct segment of `ended` before one of `begun`."""
    if not (ended.size and begun.size):
        return ended[:0]
    head, tail = np.zeros(len(segments.distinct), np.bool_), np.zeros(len(segments.distinct), np.bool_)
    head[ended], tail[begun] = True, True
    first = np.flatnonzero(head[segments.codes[:-1]])
    first = first[tail[segments.codes[first + 1]]]
    values = segments.parent_indices(first)
    return np.unique(values[first + 1 < segments.ends[values + 1]])


def _begun(data: Bytes, ends: Positions, starts: Positions) -> Positions:
    """Return the segments that have one of the starts at their begin, but for signs that a name may be read without."""
    segments = np.searchsorted(ends, starts, side="right") - 1
    if not starts.size:
        return segments
    before = np.concatenate(([0], np.cumsum(~np.isin(data, _LEFT_OUT))))
    begun: Positions = segments[before[starts] == before[ends[segments]]]
    return begun


def _search(parts: Iterable[bytes]) -> Search:
    patterns = tuple(sorted(parts))
    return Search(Literals(patterns, (Boundary.ANYWHERE,) * len(patterns), ("",) * len(patterns)))


def _holding(search: Search, view: View) -> Positions:
    return view.rows[search.standing(view.buffer, view.ends).starts]
