"""Names that hold a separator, and so may span the cut between two segments of a text.

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

__all__ = ["SpanningNames", "spanning_values"]

_holds_separator = re.compile(b"[" + re.escape(SEPARATORS) + b"]").search

# Bytes that may be removed from the beginning of a segment: quotes, backslashes, line breaks, blanks.
_REMOVABLE = np.frombuffer(b"'\"\\\r\n\t ", np.uint8)


@attrs.frozen
class SpanningNames:
    """Searches for the parts of names that hold separators: what is before a separator, and what follows one."""

    heads: Search
    tails: Search

    @classmethod
    def from_patterns(cls, patterns: Iterable[bytes]) -> SpanningNames | None:
        """Return the search for those patterns that hold a separator; None when none does."""
        heads, tails = set[bytes](), set[bytes]()
        for pattern in filter(_holds_separator, patterns):
            cuts = [place + 1 for place, byte in enumerate(pattern) if byte in SEPARATORS]
            heads |= {pattern[:cut] for cut in cuts}
            tails |= {pattern[first:last] for first, last in pairwise([*cuts, len(pattern)]) if first < last}
        return cls(_search(heads), _search(tails)) if heads else None

    def open_segments(self, data: pa.Buffer, ends: Positions, views: Iterable[View]) -> tuple[Positions, Positions]:
        """Return (open_end, open_start): the segments that may end with, or begin with, a part of such a name.

        The segments have the offsets `ends` in `data`. In their `views` the part may be anywhere.
        """
        heads = self.heads.find_all(data, ends, lambda found: np.isin(found.stops, ends))
        tails = self.tails.find_longest(data, ends)
        open_end = np.searchsorted(ends, heads.stops) - 1
        open_start = _starting(np.frombuffer(data, np.uint8), ends, tails.starts)
        for view in views:
            open_end = np.concatenate((open_end, _rows_holding(self.heads, view)))
            open_start = np.concatenate((open_start, _rows_holding(self.tails, view)))
        return open_end, open_start


def spanning_values(segments: Segments, open_end: Positions, open_start: Positions) -> Positions:
    """Return the values, ascending, in which a distinct segment of `open_end` is right before one of `open_start`."""
    if not (open_end.size and open_start.size):
        return open_end[:0]
    head, tail = np.zeros(len(segments.distinct), np.bool_), np.zeros(len(segments.distinct), np.bool_)
    head[open_end], tail[open_start] = True, True
    first = np.flatnonzero(head[segments.codes[:-1]])
    first = first[tail[segments.codes[first + 1]]]
    values = segments.parent_indices(first)
    return np.unique(values[first + 1 < segments.ends[values + 1]])


def _starting(data: Bytes, ends: Positions, starts: Positions) -> Positions:
    """Return the segments in which one of the starts is at the beginning, apart from bytes that may be removed."""
    segments = np.searchsorted(ends, starts, side="right") - 1
    if not starts.size:
        return segments
    before = np.concatenate(([0], np.cumsum(~np.isin(data, _REMOVABLE))))
    starting: Positions = segments[before[starts] == before[ends[segments]]]
    return starting


def _search(parts: Iterable[bytes]) -> Search:
    patterns = tuple(sorted(parts))
    return Search(Literals(patterns, (Boundary.ANYWHERE,) * len(patterns), ("",) * len(patterns)))


def _rows_holding(search: Search, view: View) -> Positions:
    return view.rows[search.find_longest(view.buffer, view.ends).starts]
