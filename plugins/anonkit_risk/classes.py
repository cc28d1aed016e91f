"""Classes: the rows that are alike in some columns, and how many users each has."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import attrs

from anonkit_risk.session import Session

__all__ = ["ClassSizes", "class_table", "sizes_of"]


@attrs.frozen
class ClassSizes:
    """How many classes, and rows in them, there are of each number of users."""

    histogram: tuple[tuple[int, int, int], ...]
    """Users in a class, classes, rows; ascending."""

    @property
    def classes(self) -> int:
        """Number of classes."""
        return sum(classes for _, classes, _ in self.histogram)

    @property
    def rows(self) -> int:
        """Rows in classes."""
        return sum(rows for *_, rows in self.histogram)

    @property
    def k(self) -> int:
        """Fewest users in a class; 0 when there is no class."""
        return self.histogram[0][0] if self.histogram else 0

    @property
    def marketer_risk(self) -> float:
        """The share of rows that is linked rightly when one of the users of its class is guessed for each."""
        return sum(rows / users for users, _, rows in self.histogram) / self.rows if self.rows else 0.0

    def below(self, users: int) -> tuple[int, int]:
        """Return classes of fewer than so many users, and rows in them."""
        small = [(classes, rows) for size, classes, rows in self.histogram if size < users]
        return sum(classes for classes, _ in small), sum(rows for _, rows in small)

    def entry(self, small: int) -> dict[str, Any]:
        """Return the figures as they are in risk.json."""
        single_classes, single_rows = self.below(2)
        small_classes, small_rows = self.below(small)
        return {
            "classes": self.classes,
            "k": self.k,
            "single_user_classes": single_classes,
            "rows_in_single_user_classes": single_rows,
            "classes_below_min_users": small_classes,
            "rows_below_min_users": small_rows,
            "prosecutor_risk": round(1 / self.k, 6) if self.k else 0.0,
            "marketer_risk": round(self.marketer_risk, 6),
        }


def class_table(session: Session, keys: Sequence[str], name: str = "classes", source: str = "people") -> None:
    """Make a table of the classes of `keys`: the keys, ``users``, ``rows``, and ``person``, one of the users."""
    if not keys:
        session.table(
            name,
            f"SELECT count(*) AS users, sum(n)::BIGINT AS rows, any_value(person) AS person FROM "
            f"(SELECT person, sum(n) AS n FROM {source} GROUP BY person)",
        )
        return
    key = ", ".join(keys)
    # Users are counted where there are several: in exact data most classes have one, which is half of the time.
    session.table(
        "bounds",
        f"SELECT {key}, min(person) AS person, max(person) AS other, sum(n)::BIGINT AS rows FROM {source} "
        f"GROUP BY {key}",
    )
    session.table(
        name,
        f"SELECT {key}, 1 AS users, rows, person FROM bounds WHERE person = other UNION ALL "
        f"SELECT {key}, count(*), sum(n)::BIGINT, any_value(person) FROM "
        f"(SELECT {key}, person, sum(n) AS n FROM {source} "
        f"SEMI JOIN (SELECT {key} FROM bounds WHERE person <> other) USING ({key}) GROUP BY {key}, person) "
        f"GROUP BY {key}",
    )
    session.drop("bounds")


def sizes_of(session: Session, name: str = "classes") -> ClassSizes:
    """Return the sizes of the classes in a table."""
    found = session.rows(
        f"SELECT users, count(*), sum(rows)::BIGINT FROM {name} WHERE users > 0 GROUP BY users ORDER BY users"
    )
    return ClassSizes(tuple((int(users), int(classes), int(rows)) for users, classes, rows in found))
