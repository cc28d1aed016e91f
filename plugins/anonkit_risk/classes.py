"""Classes: the rows that are alike in some columns, and how many users each has.

Classes are found by sorting keys of 64 bits where codes of the columns fit into them, else by DuckDB's GROUP BY, which
takes five times as long, and may spill to disk.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import attrs

__all__ = ["ClassSizes", "Classes", "Subset", "Uniques"]

Subset = tuple[int, ...]
"""Places of columns among the quasi-identifiers, ascending."""


@attrs.frozen
class ClassSizes:
    """The number of classes, and of rows in them, by the number of users of a class."""

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
        """The expected share of rows that are linked rightly by guessing, for each, one of the users of its class."""
        return sum(rows / users for users, _, rows in self.histogram) / self.rows if self.rows else 0.0

    def below(self, users: int) -> tuple[int, int]:
        """Return the number of classes of fewer than `users` users, and of the rows in them."""
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


@attrs.frozen
class Classes:
    """The classes of some columns."""

    sizes: ClassSizes
    singled_out: int
    """Users with a class of their own."""


class Uniques(Protocol):
    """The classes of one user that need all columns of their subset: no smaller combination of values is that user's.

    A combination that is unique in some columns is so in more, so only subsets with one column less are compared.
    """

    def count(self, subsets: Sequence[Subset]) -> list[tuple[ClassSizes, int]]:
        """Return for each subset the sizes of its classes and the number of its minimal uniques.

        All subsets have one length; those with one column less were given in an earlier call.
        """
        ...

    def singled_out(self, length: int) -> int:
        """Return the number of users that minimal uniques of `length` columns single out."""
        ...

    def close(self) -> None:
        """Free tables and memory."""
        ...
