"""Classes by GROUP BY, for codes that do not fit into keys of 64 bits, and for more rows than fit into the memory."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import attrs

from anonkit_risk.classes import Classes, ClassSizes, Subset
from anonkit_risk.people import People
from anonkit_risk.session import Session

__all__ = ["GroupedUniques", "grouped_classes"]


def grouped_classes(people: People, subset: Subset) -> Classes:
    """Return the classes of some columns."""
    _class_table(people.session, _keys(subset))
    users = people.session.row("SELECT count(DISTINCT person) FROM classes WHERE users = 1")[0]
    return Classes(_sizes(people.session), int(users))


@attrs.define
class GroupedUniques:
    """Minimal uniques; the uniques of each subset are a table, and so are the users of its minimal ones."""

    people: People
    _known: list[Subset] = attrs.field(factory=list, init=False)

    def count(self, subsets: Sequence[Subset]) -> list[tuple[ClassSizes, int]]:
        """Return for each subset the sizes of its classes and the number of its minimal uniques."""
        return [self._count(subset) for subset in subsets]

    def _count(self, subset: Subset) -> tuple[ClassSizes, int]:
        session, keys = self.people.session, _keys(subset)
        _class_table(session, keys)
        session.table(_named("unique", subset), f"SELECT {', '.join(keys)}, person FROM classes WHERE users = 1")
        self._known.append(subset)
        return _sizes(session), self._minimal(subset)

    def _minimal(self, subset: Subset) -> int:
        smaller = combinations(subset, len(subset) - 1) if len(subset) > 1 else ()
        joins = "".join(f" ANTI JOIN {_named('unique', part)} USING ({', '.join(_keys(part))})" for part in smaller)
        table = _named("minimal", subset)
        self.people.session.table(table, f"SELECT person FROM {_named('unique', subset)}{joins}")
        return int(self.people.session.row(f"SELECT count(*) FROM {table}")[0])

    def singled_out(self, length: int) -> int:
        """Return the number of users that minimal uniques of `length` columns single out."""
        tables = [_named("minimal", subset) for subset in self._known if len(subset) == length]
        union = " UNION ALL ".join(f"SELECT person FROM {table}" for table in tables)
        return int(self.people.session.row(f"SELECT count(DISTINCT person) FROM ({union})")[0])

    def close(self) -> None:
        """Remove the tables."""
        self.people.session.drop(*(_named(sort, subset) for subset in self._known for sort in ("unique", "minimal")))


def _keys(subset: Subset) -> list[str]:
    return [f"q{place}" for place in subset]


def _named(sort: str, subset: Subset) -> str:
    return "_".join((sort, *map(str, subset)))


def _class_table(session: Session, keys: Sequence[str]) -> None:
    """Make the table ``classes``: the keys, ``users``, ``rows``, and ``person``, one of the users."""
    if not keys:
        session.table(
            "classes",
            "SELECT count(*) AS users, sum(n)::BIGINT AS rows, any_value(person) AS person FROM "
            "(SELECT person, sum(n) AS n FROM people GROUP BY person)",
        )
        return
    key = ", ".join(keys)
    # Users are counted where there are several: in exact data most classes have one, which is half of the time.
    session.table(
        "bounds",
        f"SELECT {key}, min(person) AS person, max(person) AS other, sum(n)::BIGINT AS rows FROM people GROUP BY {key}",
    )
    session.table(
        "classes",
        f"SELECT {key}, 1 AS users, rows, person FROM bounds WHERE person = other UNION ALL "
        f"SELECT {key}, count(*), sum(n)::BIGINT, any_value(person) FROM "
        f"(SELECT {key}, person, sum(n) AS n FROM people "
        f"SEMI JOIN (SELECT {key} FROM bounds WHERE person <> other) USING ({key}) GROUP BY {key}, person) "
        f"GROUP BY {key}",
    )
    session.drop("bounds")


def _sizes(session: Session) -> ClassSizes:
    found = session.rows(
        "SELECT users, count(*), sum(rows)::BIGINT FROM classes WHERE users > 0 GROUP BY users ORDER BY users"
    )
    return ClassSizes(tuple((int(users), int(classes), int(rows)) for users, classes, rows in found))
