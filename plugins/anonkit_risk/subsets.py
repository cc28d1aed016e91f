"""Subsets of the quasi-identifiers: classes of each, and the smallest subsets that single a user out."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import Any

import attrs

from anonkit_risk.classes import ClassSizes, class_table, sizes_of
from anonkit_risk.people import People

__all__ = ["MOST_IN_SUBSET", "Subsets", "entries", "look_at_subsets"]

MOST_IN_SUBSET = 3
Subset = tuple[int, ...]


@attrs.frozen
class Subsets:
    """The classes of all subsets of up to three columns, and the uniques that need all columns of their subset."""

    sizes: dict[Subset, ClassSizes]
    """By places of the columns among the quasi-identifiers."""
    minimal: dict[Subset, int]
    """Classes of one user that have no smaller combination of values with one user."""
    people: dict[int, int]
    """By number of columns: users whom such a class of so many columns singles out."""
    places: tuple[int, ...]
    """Columns whose subsets are looked at, and not they alone."""


def look_at_subsets(people: People, most_columns: int) -> Subsets:
    """Return the subsets: all of one column, and those of up to three among the `most_columns` that tell most.

    A column tells most when most rows are in classes of one user, then when it has most classes.
    """
    sizes: dict[Subset, ClassSizes] = {}
    places = range(len(people.question.quasi))
    for place in places:
        sizes[(place,)] = _uniques_of(people, (place,))
    order = sorted(places, key=lambda one: (-sizes[(one,)].below(2)[1], -sizes[(one,)].classes, one))
    chosen = tuple(sorted(order[:most_columns]))
    for size in range(2, MOST_IN_SUBSET + 1):
        for subset in combinations(chosen, size):
            sizes[subset] = _uniques_of(people, subset)
    minimal = {subset: _minimal(people, subset) for subset in sizes}
    users = {size: _singled_out(people, [one for one in sizes if len(one) == size]) for size in _lengths(sizes)}
    people.session.drop(*(f"{prefix}{_name(subset)}" for subset in sizes for prefix in ("unique_", "minimal_")))
    return Subsets(sizes, minimal, users, chosen)


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


def _name(subset: Subset) -> str:
    return "_".join(map(str, subset))


def _lengths(sizes: dict[Subset, ClassSizes]) -> list[int]:
    return sorted({len(subset) for subset in sizes})


def _uniques_of(people: People, subset: Subset) -> ClassSizes:
    """Return the sizes of a subset's classes; classes of one user become a table."""
    keys = [f"q{place}" for place in subset]
    class_table(people.session, keys)
    people.session.table(f"unique_{_name(subset)}", f"SELECT {', '.join(keys)}, person FROM classes WHERE users = 1")
    return sizes_of(people.session)


def _minimal(people: People, subset: Subset) -> int:
    """Make a table of the persons of a subset's minimal uniques; return how many uniques there are.

    What is unique in some columns is unique in more, so subsets with one column less are enough to look at.
    """
    smaller = combinations(subset, len(subset) - 1) if len(subset) > 1 else ()
    joins = "".join(
        f" ANTI JOIN unique_{_name(one)} USING ({', '.join(f'q{place}' for place in one)})" for one in smaller
    )
    table = f"minimal_{_name(subset)}"
    people.session.table(table, f"SELECT person FROM unique_{_name(subset)}{joins}")
    return int(people.session.row(f"SELECT count(*) FROM {table}")[0])


def _singled_out(people: People, subsets: Sequence[Subset]) -> int:
    tables = " UNION ALL ".join(f"SELECT person FROM minimal_{_name(subset)}" for subset in subsets)
    return int(people.session.row(f"SELECT count(DISTINCT person) FROM ({tables})")[0])
