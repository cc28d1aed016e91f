"""The options of the risk report."""

from __future__ import annotations

import attrs

from anonkit.api import option

__all__ = ["RiskOptions"]


@attrs.frozen(kw_only=True)
class RiskOptions:
    """`[reporters.risk]`, in short `[risk]`."""

    file: str = option("risk.json", help="name of the output", file_name=True)
    columns: tuple[str, ...] = option(
        (),
        help="columns that an attacker may know of a job; empty: all quasi-identifiers of the catalogue",
        flag="--risk-columns",
        metavar="A,B,…",
    )
    sensitive: tuple[str, ...] = option(
        (), help="columns that an attacker wants to learn; empty: the site", flag="--sensitive", metavar="A,B,…"
    )
    min_users: int | None = option(
        None,
        help="publish nothing when a combination of values is that of fewer users",
        flag="--min-users",
        metavar="N",
        minimum=1,
    )
    max_risk: float | None = option(
        None,
        help="publish nothing when a user can be picked out of a combination of values with a higher probability",
        flag="--max-risk",
        metavar="SHARE",
        minimum=0,
    )
    small: int = option(11, help="a class or cell of fewer users or rows counts as small, where min_users is not set",
                        minimum=1)  # fmt: skip
    most_columns: int = option(
        8, help="columns of which subsets are counted: those that single out most users", minimum=1
    )
    memory: str = option("2GB", help="memory that the computation may take; more goes to the staging folder")

    def __attrs_post_init__(self) -> None:
        if self.max_risk is not None and not 0 < self.max_risk <= 1:
            raise ValueError(f"max_risk: expected a share above 0 and up to 1, found {self.max_risk}")

    @property
    def threshold(self) -> int:
        """Classes of fewer users are small."""
        return self.min_users or self.small
