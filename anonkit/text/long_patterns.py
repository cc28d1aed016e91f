"""Long patterns, searched for by their first bytes and compared where these are found.

An automaton of all bytes of the forms of twenty thousand names takes hundreds of megabytes, and seconds to build.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import attrs
import numpy as np

from anonkit.arrow.offsets import Bytes, Positions

__all__ = ["MOST_SIZES", "LongPatterns"]

MOST_SIZES = 8
"""How many long patterns, at most, may begin with the same first bytes and match in one place."""

# The first bytes of a pattern: few other texts begin with these.
_HEAD = 16


@attrs.frozen(eq=False)
class LongPatterns:
    """Patterns with more bytes than their heads. Where a head is found, each size of its patterns is looked up.

    They are found by their hashes, in arrays: a dictionary of the forms of twenty thousand names takes 100 MB.
    """

    heads: tuple[bytes, ...]
    sizes: tuple[Sequence[int], ...]
    """For each head, the sizes of its patterns."""
    patterns: Sequence[bytes]
    """All patterns, short ones as well."""
    places: Positions
    """The positions of the long patterns among all, ordered by hash."""
    hashes: Positions
    """The hash of each of these."""

    @classmethod
    def from_patterns(cls, patterns: Sequence[bytes], places: Iterable[int]) -> LongPatterns:
        """Return those of the patterns at `places` that can be found by their heads."""
        long = [place for place in places if len(patterns[place]) > _HEAD]
        by_head = _sizes_by_head(patterns[place] for place in long)
        chosen = {head: sizes for head, sizes in by_head.items() if len(sizes) <= MOST_SIZES and not _is_crowded(head)}
        found = np.array([place for place in long if patterns[place][:_HEAD] in chosen], np.int64)
        hashes = np.fromiter((hash(patterns[place]) for place in found.tolist()), np.int64, found.size)
        order = np.argsort(hashes, kind="stable")
        return cls(tuple(chosen), tuple(chosen.values()), patterns, found[order], hashes[order])

    def __call__(self, text: Bytes, heads: Positions, starts: Positions) -> Positions:
        """Return pattern, start and stop (a row each) of the patterns in the text whose heads are at `starts`."""
        # Loops over the places of heads, which are few where names are long.
        spans = [
            (start, start + size)
            for head, start in zip(heads.tolist(), starts.tolist(), strict=True)
            for size in self.sizes[head]
            if start + size <= text.size
        ]
        hashes = np.fromiter((hash(text[start:stop].tobytes()) for start, stop in spans), np.int64, len(spans))
        first, last = (np.searchsorted(self.hashes, hashes, side).tolist() for side in ("left", "right"))
        found = [
            (place, *span)
            for span, low, high in zip(spans, first, last, strict=True)
            if low < high
            for place in self.places[low:high].tolist()
            if self.patterns[place] == text[slice(*span)].tobytes()
        ]
        return np.array(found, np.int64).reshape(-1, 3)


def _sizes_by_head(patterns: Iterable[bytes]) -> dict[bytes, tuple[int, ...]]:
    """Return the sizes of the patterns with each head, ascending; of very many no more than are too many."""
    found: dict[bytes, tuple[int, ...]] = {}
    # Most heads have the same sizes.
    shared: dict[tuple[int, ...], tuple[int, ...]] = {}
    for pattern in patterns:
        head = pattern[:_HEAD]
        sizes = found.get(head, ())
        if len(sizes) <= MOST_SIZES and len(pattern) not in sizes:
            more = tuple(sorted((*sizes, len(pattern))))
            found[head] = shared.setdefault(more, more)
    return found


def _is_crowded(head: bytes) -> bool:
    """Return whether a head repeats itself so that a text may hold it at nearly every byte."""
    return head[: _HEAD // 2] in head[1:]
