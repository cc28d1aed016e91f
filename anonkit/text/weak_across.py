"""Weak names whose place extends across the cut between two segments of a text: ``(by user prod)``, cut at blanks.

A segment does not show the text before it. So the values in which that text decides about a name are found by
replacing the name once more, with the text before it.
"""

from __future__ import annotations

from collections.abc import Callable

import attrs
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from anonkit.arrow.offsets import Positions, ranges, totals, value_ends
from anonkit.arrow.segments import Segments
from anonkit.plugin.contracts import Boundary
from anonkit.text.boundaries import BYTES_BEFORE
from anonkit.text.search import Occurrences, Search
from anonkit.text.spellings import Literals

__all__ = ["WeakNamesAtBegin", "values_decided_across"]


@attrs.frozen
class WeakNamesAtBegin:
    """Finds the segments of which the text before them may decide about a weak name."""

    search: Search
    """For the weak names as words, whatever their places."""

    @classmethod
    def from_literals(cls, literals: Literals) -> WeakNamesAtBegin | None:
        """Return the search for the weak names among the literals; None when there is none."""
        pairs = zip(literals.patterns, literals.rules, strict=True)
        names = tuple(pattern for pattern, rule in pairs if rule is Boundary.NAMED)
        return cls(Search(Literals(names, (Boundary.WORD,) * len(names), ("",) * len(names)))) if names else None

    def undecided(self, data: pa.Buffer, ends: Positions, replaced: Occurrences) -> Positions:
        """Return the segments, with the offsets `ends` in `data`, that have such a name that is not replaced."""
        starts = self.search.find_longest(data, ends).starts
        segments = np.searchsorted(ends, starts, side="right") - 1
        left = (starts - ends[segments] < BYTES_BEFORE) & ~np.isin(starts, replaced.starts)
        return np.unique(segments[left])


def values_decided_across(
    segments: Segments, undecided: Positions, replaced: pa.Array, replace: Callable[[pa.Array], pa.Array]
) -> Positions:
    """Return the values in which an undecided segment is replaced in another way after the text before it.

    `replaced` has the distinct segments as they are replaced alone; `replace` replaces names in whole texts.
    """
    flags = np.zeros(len(segments.distinct), np.bool_)
    flags[undecided] = True
    places = np.flatnonzero(flags[segments.codes])
    values = segments.parent_indices(places)
    firsts = np.maximum(_first_in_reach(segments, places), segments.ends[values])
    sizes = places + 1 - firsts
    windows = Segments(segments.distinct, segments.codes[ranges(firsts, sizes)], totals(sizes))
    texts = windows.to_strings().dictionary_encode()
    together = replace(texts.dictionary).take(texts.indices)
    differ = pc.not_equal(together, attrs.evolve(windows, distinct=replaced).to_strings())
    return np.unique(values[differ.to_numpy(zero_copy_only=False)])


def _first_in_reach(segments: Segments, places: Positions) -> Positions:
    """Return for each place in the segments' codes the first segment with text that a place of a name may include."""
    sizes = np.diff(value_ends(segments.distinct))
    begins = totals(sizes[segments.codes])
    return np.searchsorted(begins, begins[places] - BYTES_BEFORE - 1, side="right") - 1
