"""Finding literals in the bytes of a column: the places where each has its boundary.

An Aho-Corasick automaton reports every place of a literal, overlapping ones too (Aho and Corasick, CACM 18,
1975); what crosses a value's end or breaks a rule is dropped (`Boundaries`), and NumPy picks among what overlaps: from
left to right, the longest of those that start first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import pairwise

import attrs
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from anonkit.arrow.offsets import Bytes, Flags, Positions, value_ends
from anonkit.plugin.contracts import Boundary
from anonkit.text.automaton import MOST_MATCHES, Automaton
from anonkit.text.boundaries import Boundaries
from anonkit.text.encoded_forms import BASE64
from anonkit.text.spellings import Literals

__all__ = ["SLICE_BYTES", "Occurrences", "Search", "slices"]

Spans = tuple[Positions, Positions]

SLICE_BYTES = 2 << 20
"""How much text is searched at a time: working memory stays in the processor's caches."""

# With fewer matches than one in so many bytes, it does not pay to look for the longest by their starts.
_CROWDED = 8

_BASE64 = np.isin(np.arange(256), np.frombuffer(BASE64, np.uint8))


@attrs.frozen
class Occurrences:
    """Places to replace, as a rule ascending and apart: literal `which[i]` is at `starts[i]` to `stops[i]`."""

    which: Positions
    starts: Positions
    stops: Positions

    def __len__(self) -> int:
        return int(self.which.size)

    def __getitem__(self, chosen: Positions | Flags) -> Occurrences:
        return Occurrences(self.which[chosen], self.starts[chosen], self.stops[chosen])

    def longest_by_start(self) -> Occurrences:
        """Return the longest of those that start in one place; all of them where several are as long."""
        if not len(self):
            return self
        first = int(self.starts.min())
        longest = np.zeros(int(self.starts.max()) - first + 1, np.int64)
        np.maximum.at(longest, self.starts - first, self.stops)
        return self[longest[self.starts - first] == self.stops]

    def leftmost_longest(self) -> Occurrences:
        """Return those to replace of some that may overlap; of two in one place the first."""
        return self[_leftmost_longest(self.starts, self.stops)]


Choose = Callable[[Occurrences], Flags]
"""Says of each occurrence whether it is wanted."""


class Search:
    """Finds literals in Arrow text. Pickled as its literals; the automaton is built anew where it arrives."""

    def __init__(self, literals: Literals, *, most_matches: int = MOST_MATCHES) -> None:
        """`most_matches` (of `Automaton`) bounds the memory of a search; it does not change what is found."""
        self.literals, self._most_matches = literals, most_matches
        cut_short = (place for place, rule in enumerate(literals.rules) if rule is Boundary.END)
        self._automaton = Automaton(literals.patterns, cut_short, most_matches=most_matches)
        self._boundaries = Boundaries(literals)
        margins = [literals.encoded.get(pattern, (0, 0)) for pattern in literals.patterns]
        self._margins = np.array(margins, np.int64) if literals.encoded else None

    def __reduce__(self) -> tuple[Callable[..., Search], tuple[Literals]]:
        return partial(Search, most_matches=self._most_matches), (self.literals,)

    def __call__(self, data: pa.Buffer, ends: Positions) -> Occurrences:
        """Return where to replace what in the values that end at `ends` in `data`; `ends[0]` is 0, where they start."""
        return self.find_longest(data, ends).leftmost_longest()

    def find_all(self, data: pa.Buffer, ends: Positions, chosen: Choose | None = None) -> Occurrences:
        """Return every place of a literal with its boundary and its margins; they may overlap.

        `chosen`, when given, says which of them are wanted.
        """
        return _concat(found if chosen is None else found[chosen(found)] for found in self._allowed_in(data, ends))

    def find_longest(self, data: pa.Buffer, ends: Positions, which: Flags | None = None) -> Occurrences:
        """Return the same, without most of those that a longer one covers that begins in the same place.

        `which` flags the literals that count; None counts all.
        """

        def longest(found: Occurrences) -> Occurrences:
            counted = found if which is None else found[which[found.which]]
            return counted if len(counted) * _CROWDED < data.size else counted.longest_by_start()

        return _concat(map(longest, self._allowed_in(data, ends)))

    def _allowed_in(self, data: pa.Buffer, ends: Positions) -> Iterator[Occurrences]:
        """Yield the places of literals with their boundaries, some at a time."""
        lowered = _lowered(data)
        lowered_bytes, text = np.frombuffer(lowered, np.uint8), np.frombuffer(data, np.uint8)
        for which, starts, stops in self._automaton(lowered_bytes, ends):
            if which.size:
                allowed = self._boundaries.allowed(text, ends, which, starts, stops)
                which, starts, stops = which[allowed], starts[allowed], stops[allowed]
                if self._margins is not None:
                    starts, stops = _widened(text, ends, starts, stops, self._margins[which])
            yield Occurrences(which, starts, stops)


def _concat(parts: Iterable[Occurrences]) -> Occurrences:
    found = list(parts)
    if len(found) == 1:
        return found[0]
    none = [np.zeros(0, np.int64)]
    return Occurrences(
        np.concatenate(none + [part.which for part in found]),
        np.concatenate(none + [part.starts for part in found]),
        np.concatenate(none + [part.stops for part in found]),
    )


def slices(array: pa.Array, size: int = SLICE_BYTES) -> list[pa.Array]:
    """Return a text array in slices of some `size` bytes and at least one value each."""
    ends = value_ends(array)
    targets = np.arange(ends[0] + size, ends[-1], size)
    if not targets.size:
        return [array]
    bounds = sorted({0, *np.searchsorted(ends, targets).tolist(), len(array)})
    return [array.slice(low, high - low) for low, high in pairwise(bounds)]


def _lowered(data: pa.Buffer) -> pa.Buffer:
    """Return the bytes with ASCII letters in lower case; every other byte keeps its value and its place."""
    ends = pa.py_buffer(np.array([0, data.size], np.int64))
    whole = pa.Array.from_buffers(pa.large_string(), 1, [None, ends, data])
    return pc.ascii_lower(whole).buffers()[2]


def _widened(text: Bytes, ends: Positions, starts: Positions, stops: Positions, margins: Positions) -> Spans:
    """Return starts and stops moved outwards by their margins, of at most one character, where one of base64 is."""
    wide = np.flatnonzero(margins.any(axis=1))
    if not wide.size:
        return starts, stops
    starts, stops, values = starts.copy(), stops.copy(), np.searchsorted(ends, starts[wide], side="right") - 1
    before = (margins[wide, 0] > 0) & (starts[wide] > ends[values]) & _BASE64[text[starts[wide] - 1]]
    following = (margins[wide, 1] > 0) & (stops[wide] < ends[values + 1])
    following &= _BASE64[text[np.minimum(stops[wide], text.size - 1)]]
    starts[wide] -= before
    stops[wide] += following
    return starts, stops


def _leftmost_longest(starts: Positions, stops: Positions) -> Positions:
    """Return which occurrences to replace, ascending: at each start the longest, none overlapping an earlier."""
    if np.all(starts[1:] >= stops[:-1]):
        return np.arange(starts.size)
    # By start, then longest first; one key, and nearly in order already, so that sorting costs little.
    order = np.argsort(starts * (int(stops.max()) + 1) - stops, kind="stable")
    starts, stops = starts[order], stops[order]
    # An occurrence that starts after the end of all earlier ones overlaps none of them.
    reach = np.maximum.accumulate(stops)
    heads = np.concatenate(([0], np.flatnonzero(starts[1:] >= reach[:-1]) + 1))
    tails = np.concatenate((heads[1:], [starts.size]))
    # In a crowd that its first occurrence covers, that one wins; so it does when it is alone.
    covered = stops[heads] == reach[tails - 1]
    # A loop, over what is left: each choice depends on the one before it.
    jump = np.searchsorted(starts, stops)
    picks: list[int] = []
    for head, tail in zip(heads[~covered].tolist(), tails[~covered].tolist(), strict=True):
        at = head
        while at < tail:
            picks.append(at)
            at = int(jump[at])
    picked: Positions = order[np.sort(np.concatenate((heads[covered], np.array(picks, np.int64))))]
    return picked
