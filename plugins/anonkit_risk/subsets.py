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

__all__ = ["MOST_IN_SUBSET", "Subsets", "classes_of", "entries", "look_at_subsets"]

MOST_IN_SUBSET = 3


@attrs.frozen
class Subsets:
    """The classes of all subsets of up to three columns, and the uniques that need all columns of their subset."""

    sizes: dict[Subset, ClassSizes]
    minimal: dict[Subset, int]
    """Classes of one user that have no smaller combination of values with one user."""
    people: dict[int, int]
    """By number of columns: users whom such a class of so many columns singles out."""
    places: tuple[int, ...]
    """Columns whose subsets are looked at, and not they alone."""


def classes_of(people: People, subsets: Sequence[Subset], layout: KeyLayout) -> list[Classes]:
    """Return the classes of some columns, for each subset of them."""
    sortable = [subset for subset in subsets if layout.holds(people, subset)]
    found = dict(zip(sortable, sorted_classes(people, layout, sortable), strict=True))
    return [found[subset] if subset in found else grouped_classes(people, subset) for subset in subsets]


def look_at_subsets(people: People, most_columns: int, layout: KeyLayout) -> Subsets:
    """Return the subsets: all of one column, and those of up to three among the `most_columns` that tell most.

    A column tells most when most rows are in classes of one user, then when it has most classes.
    """
    uniques = _uniques(people, layout)
    places = range(len(people.question.quasi))
    found = _looked(uniques, [(place,) for place in places])
    alone = {place: sizes for (place,), (sizes, _) in found.items()}
    order = sorted(places, key=lambda place: (-alone[place].below(2)[1], -alone[place].classes, place))
    chosen = tuple(sorted(order[:most_columns]))
    for length in range(2, MOST_IN_SUBSET + 1):
        found |= _looked(uniques, list(combinations(chosen, length)))
    users = {length: uniques.singled_out(length) for length in sorted({len(subset) for subset in found})}
    uniques.close()
    sizes = {subset: sizes for subset, (sizes, _) in found.items()}
    minimal = {subset: count for subset, (_, count) in found.items()}
    return Subsets(sizes, minimal, users, chosen)


def _looked(uniques: Uniques, subsets: Sequence[Subset]) -> dict[Subset, tuple[ClassSizes, int]]:
    return dict(zip(subsets, uniques.look(subsets), strict=True))


def _uniques(people: People, layout: KeyLayout) -> Uniques:
    """Return what looks at subsets: keys, when those of the subset with most values fit."""
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
