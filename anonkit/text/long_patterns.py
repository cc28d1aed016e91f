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


@attrs.frozen
class LongPatterns:
    """Patterns with more bytes than their heads. Where a head is found, each size of its patterns is looked up."""

    heads: tuple[bytes, ...]
    sizes: tuple[Sequence[int], ...]
    """For each head, the sizes of its patterns."""
    places: dict[bytes, int]
    """The position of each pattern."""

    @classmethod
    def from_patterns(cls, patterns: Sequence[bytes], places: Iterable[int]) -> LongPatterns:
        """Return those of the patterns at `places` that can be found by their heads."""
        by_head: dict[bytes, list[int]] = {}
        for place in places:
            if len(patterns[place]) > _HEAD:
                by_head.setdefault(patterns[place][:_HEAD], []).append(place)
        sizes = {head: sorted({len(patterns[place]) for place in group}) for head, group in by_head.items()}
        chosen = [head for head in by_head if len(sizes[head]) <= MOST_SIZES and not _is_crowded(head)]
        known = {patterns[place]: place for head in chosen for place in by_head[head]}
        return cls(tuple(chosen), tuple(sizes[head] for head in chosen), known)

    def __call__(self, text: Bytes, heads: Positions, starts: Positions) -> Positions:
        """Return pattern, start and stop (a row each) of the patterns in the text whose heads are at `starts`."""
        # A loop over the places of heads, which are few where names are long.
        found = [
            (place, start, start + size)
            for head, start in zip(heads.tolist(), starts.tolist(), strict=True)
            for size in self.sizes[head]
            if start + size <= text.size
            and (place := self.places.get(text[start : start + size].tobytes())) is not None
        ]
        return np.array(found, np.int64).reshape(-1, 3)


def _is_crowded(head: bytes) -> bool:
    """Return whether a head repeats itself so that a text may hold it at nearly every byte."""
    return head[: _HEAD // 2] in head[1:]
