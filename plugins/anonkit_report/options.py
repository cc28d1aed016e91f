"""The options of the page."""

from __future__ import annotations

import attrs

from anonkit.api import option

__all__ = ["HtmlOptions"]


@attrs.frozen(kw_only=True)
class HtmlOptions:
    """`[reporters.html]`."""

    file: str = option("report.html", help="name of the output", file_name=True)
    title: str = option("Batch jobs", help="title of the page")
    risk: bool = option(True, help="show how well users are hidden among each other")
    risk_columns: tuple[str, ...] = option(
        (), help="columns that an attacker may know of a job; empty: all quasi-identifiers of the catalogue"
    )
    before: str = option(
        "",
        help="risk.json of an earlier run, without the settings of this one: the page shows the risk before and after",
        flag="--risk-before",
        metavar="FILE",
    )
    min_users: int = option(11, help="a combination of values of fewer users is shown as small", minimum=1)
    most_bars: int = option(
        20, help="most users, and most sites, in a picture; a table beside it has the same", minimum=1
    )
