"""What an attacker learns who knows the class of a user: l-diversity and t-closeness, over users."""

from __future__ import annotations

from typing import Any

from anonkit_risk.people import People

__all__ = ["sensitive_entry"]


def sensitive_entry(people: People, place: int) -> dict[str, Any]:
    """Return l and t of the sensitive column at a place, in classes of all quasi-identifiers.

    A user counts once for each distinct value in a class. l is the smallest number of distinct values in a class; t
    the largest distance (half the sum of differences of shares) between a class and all classes.
    """
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
    return {
        "column": people.question.sensitive[place],
        "values": int(values),
        "l": int(least or 0),
        "t": round(float(farthest or 0.0), 6) + 0.0,
        "classes_with_one_value": int(single),
    }
