"""Subsets of the quasi-identifiers: classes of each, and the smallest subsets that single a user out."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import Any

import attrs

from anonkit_risk.classes import Classes, ClassSizes, Subset, Uniques
from anonkit_risk.grouped_tables import GroupedUniques, grouped_classes
from anonkit_risk.people import People
from anonkit_risk.sorted_keys import KeyLayout, SortedUniques, sorted_classes

__all__ = ["MOST_IN_SUBSET", "Subsets", "classes_of", "count_subsets", "entries"]

MOST_IN_SUBSET = 3


@attrs.frozen
class Subsets:
    """The classes of all subsets of up to three columns, and the uniques that need all columns of their subset."""

    sizes: dict[Subset, ClassSizes]
    minimal: dict[Subset, int]
    """Classes of one user that have no smaller combination of values with one user."""
    singled_out: dict[int, int]
    """The number of users that minimal uniques single out, by their number of columns."""
    places: tuple[int, ...]
    """Positions of the columns of which subsets of more than one column are counted."""


def classes_of(people: People, subsets: Sequence[Subset], layout: KeyLayout) -> list[Classes]:
    """Return the classes of some columns, for each subset of them."""
    sortable = [subset for subset in subsets if layout.holds(people, subset)]
    found = dict(zip(sortable, sorted_classes(people, layout, sortable), strict=True))
    return [found[subset] if subset in found else grouped_classes(people, subset) for subset in subsets]


def count_subsets(people: People, most_columns: int, layout: KeyLayout) -> Subsets:
    """Return the classes and uniques of subsets: of each column, and of up to three among `most_columns` columns.

    These are the columns with most rows in classes of one user; of columns with as many, those with most classes.
    """
    uniques = _uniques(people, layout)
    places = range(len(people.question.quasi))
    found = _counted(uniques, [(place,) for place in places])
    alone = {place: sizes for (place,), (sizes, _) in found.items()}
    order = sorted(places, key=lambda place: (-alone[place].below(2)[1], -alone[place].classes, place))
    chosen = tuple(sorted(order[:most_columns]))
    for length in range(2, MOST_IN_SUBSET + 1):
        found |= _counted(uniques, list(combinations(chosen, length)))
    users = {length: uniques.singled_out(length) for length in sorted({len(subset) for subset in found})}
    uniques.close()
    sizes = {subset: sizes for subset, (sizes, _) in found.items()}
    minimal = {subset: count for subset, (_, count) in found.items()}
    return Subsets(sizes, minimal, users, chosen)


def _counted(uniques: Uniques, subsets: Sequence[Subset]) -> dict[Subset, tuple[ClassSizes, int]]:
    return dict(zip(subsets, uniques.count(subsets), strict=True))


def _uniques(people: People, layout: KeyLayout) -> Uniques:
    """Return the counter of minimal uniques: by sorted keys when those of the widest subset fit, else by GROUP BY."""
    widest = sorted(range(len(layout.columns)), key=lambda place: layout.columns[place])[-MOST_IN_SUBSET:]
    if layout.holds(people, tuple(widest)):
        return SortedUniques(people, layout, MOST_IN_SUBSET)
    return GroupedUniques(people)


def entries(subsets: Subsets, names: Sequence[str], small: int) -> list[dict[str, Any]]:
    """Return the subsets as they are in risk.json."""
    return [
        {
            "columns": [names[place] for place in subset],
            **sizes.entry(small),
            "minimal_sample_uniques": subsets.minimal[subset],
        }
        for subset, sizes in subsets.sizes.items()
    ]
