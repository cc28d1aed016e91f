"""The values that an attacker learns from the class of a user: l-diversity and t-closeness, over users.

A user counts once for each distinct value in a class. l is the smallest number of distinct values in a class; t the
largest distance (half the sum of differences of shares) between a class and all classes.
"""

from __future__ import annotations

from typing import Any

import attrs
import numpy as np

from anonkit_risk.people import People
from anonkit_risk.sorted_keys import KeyLayout, run_starts, sorted_keys

__all__ = ["sensitive_entry"]


@attrs.frozen
class _Learnt:
    values: int
    least: int
    """l"""
    farthest: float
    """t"""
    single: int
    """Classes with one value."""


def sensitive_entry(people: People, place: int, layout: KeyLayout) -> dict[str, Any]:
    """Return l and t of the sensitive column at a place, in classes of all quasi-identifiers."""
    sortable = layout.holds_learnt(people, tuple(range(len(people.keys))), place)
    found = _sorted(people, place, layout) if sortable else _grouped(people, place)
    return {
        "column": people.question.sensitive[place],
        "values": found.values,
        "l": found.least,
        "t": round(found.farthest, 6) + 0.0,
        "classes_with_one_value": found.single,
    }


def _sorted(people: People, place: int, layout: KeyLayout) -> _Learnt:
    """Return the figures of a sensitive column, by sorting keys of class, value and user."""
    value_bits = layout.learnt[place]
    class_key = layout.classes(tuple(range(len(people.keys))))
    key = f"((({class_key} << {value_bits}) | s{place}::BIGINT) << {layout.person}) | person::BIGINT"
    keys = sorted_keys(people.session, f"SELECT {key} AS key FROM learnt")
    if not len(keys):
        return _Learnt(0, 0, 0.0, 0)
    cells = keys[run_starts(keys)] >> layout.person
    starts = run_starts(cells)
    users = np.diff(np.append(starts, len(cells))).astype(np.float64)
    cells = cells[starts]
    values = cells & ((1 << value_bits) - 1)
    overall = np.bincount(values, weights=users)
    share = (overall / overall.sum())[values]
    starts = run_starts(cells >> value_bits)
    distinct = np.diff(np.append(starts, len(cells)))
    totals = np.add.reduceat(users, starts)
    # Values that a class does not have are as far away as their share of all.
    near = np.add.reduceat(np.abs(users / np.repeat(totals, distinct) - share) - share, starts)
    return _Learnt(
        int(np.count_nonzero(overall)), int(distinct.min()), float((near.max() + 1) / 2), int((distinct == 1).sum())
    )


def _grouped(people: People, place: int) -> _Learnt:
    """Return the same figures by GROUP BY."""
    session = people.session
    keys = ", ".join(people.keys)
    distinct = f"SELECT {keys}, s{place} AS s FROM learnt GROUP BY {keys}, s, person"
    session.table("shares", f"SELECT {keys}, s, count(*) AS c FROM ({distinct}) GROUP BY {keys}, s")
    session.table("overall", "SELECT s, sum(c) / sum(sum(c)) OVER () AS share FROM shares GROUP BY s")
    session.table("totals", f"SELECT {keys}, sum(c) AS total, count(*) AS l FROM shares GROUP BY {keys}")
    joined = " AND ".join(f"totals.{key} = shares.{key}" for key in people.keys)
    least, farthest, single = session.row(
        f"""SELECT min(l), max(t), coalesce(sum(CASE WHEN l = 1 THEN 1 ELSE 0 END), 0)::BIGINT FROM (
        SELECT any_value(l) AS l, (sum(abs(shares.c / totals.total - overall.share)) + 1 - sum(overall.share)) / 2 AS t
        FROM shares JOIN totals ON {joined} JOIN overall ON overall.s = shares.s
        GROUP BY {", ".join(f"totals.{key}" for key in people.keys)})"""
    )
    values = session.row("SELECT count(*) FROM overall")[0]
    session.drop("shares", "overall", "totals")
    return _Learnt(int(values), int(least or 0), float(farthest or 0.0), int(single))
