"""Unicity: how often a few known jobs of a user are those of no other user.

A point is a time and a size of a job. One known point is counted exactly; of two to four, up to `DRAWS` draws of four
points are compared for each user, the first points in the order of a digest of their values, so that the same data
gives the same draws.
"""

from __future__ import annotations

from anonkit_risk.people import People

__all__ = ["DRAWS", "MOST_POINTS", "shares_singled_out"]

MOST_POINTS = 4
DRAWS = 8


def shares_singled_out(people: People) -> dict[int, list[float]]:
    """Return for each user's code the shares of draws of 1, 2, 3, 4 points that single the user out; {} without points.

    A user with fewer than four points has one draw, of all points.
    """
    question, session = people.question, people.session
    if not question.points:
        return {}
    keys = [f"q{question.quasi.index(name)}" for name in question.points]
    values = [f"value_{question.quasi.index(name)}" for name in question.points]
    pair = ", ".join(keys)
    session.table("points", f"SELECT DISTINCT person, {pair} FROM people")
    # The digest of a point is computed once, not for each user that has the point.
    text = " || chr(31) || ".join(f"coalesce(CAST({value}.value AS VARCHAR), '')" for value in values)
    joins = "".join(f" LEFT JOIN {value} ON {value}.code = {key}" for value, key in zip(values, keys, strict=True))
    session.table(
        "shared_points",
        f"SELECT {pair}, users, md5_number_lower({text}) AS digest FROM "
        f"(SELECT {pair}, count(*) AS users FROM points GROUP BY {pair}){joins}",
    )
    session.table(
        "chosen",
        f"SELECT person, avg(CASE WHEN users = 1 THEN 1.0 ELSE 0.0 END) AS alone, "
        f"arg_min({{{', '.join(f'{key}: {key}' for key in keys)}}}, digest, {DRAWS * MOST_POINTS}) AS picked "
        f"FROM points JOIN shared_points USING ({pair}) GROUP BY person",
    )
    alone = dict(session.rows("SELECT person, alone FROM chosen"))
    shares = _from_draws(people, keys)
    session.drop("points", "shared_points", "chosen", "drawn", "others")
    return {person: [alone[person], *shares[person]] for person in alone}


def _from_draws(people: People, keys: list[str]) -> dict[int, list[float]]:
    """Return for each user the shares of draws of 2, 3, 4 points that no other user has all of."""
    session = people.session
    picked = ", ".join(f"picked[place + 1].{key} AS {key}" for key in keys)
    # Points that do not fill a draw are left out, unless the user has no other.
    session.table(
        "drawn",
        f"SELECT person, place // {MOST_POINTS} AS draw, place % {MOST_POINTS} AS bit, {picked} FROM "
        "(SELECT person, picked, unnest(range(len(picked))) AS place FROM chosen) "
        f"WHERE len(picked) < {MOST_POINTS} OR place < len(picked) - len(picked) % {MOST_POINTS}",
    )
    session.table(
        "others",
        "SELECT person, draw, other, bit_or(1 << bit) AS has FROM "
        f"(SELECT drawn.person, draw, bit, points.person AS other FROM drawn JOIN points USING ({', '.join(keys)}) "
        "WHERE points.person <> drawn.person) GROUP BY ALL",
    )
    full = [(1 << known) - 1 for known in range(2, MOST_POINTS + 1)]
    # A draw of fewer points is one of all of them.
    hidden = ", ".join(
        f"max(CASE WHEN has & least({mask}, whole) = least({mask}, whole) THEN 1 ELSE 0 END) AS h{place}"
        for place, mask in enumerate(full)
    )
    averages = ", ".join(f"avg(1.0 - coalesce(h{place}, 0))" for place in range(len(full)))
    rows = session.rows(
        f"WITH draws AS (SELECT person, draw, (1 << count(*)) - 1 AS whole FROM drawn GROUP BY ALL), "
        f"found AS (SELECT person, draw, {hidden} FROM draws JOIN others USING (person, draw) GROUP BY ALL) "
        f"SELECT person, {averages} FROM draws LEFT JOIN found USING (person, draw) GROUP BY person"
    )
    return {person: [float(share) for share in shares] for person, *shares in rows}
