"""Options of readers."""

from __future__ import annotations

import attrs

from anonkit.api import option

__all__ = ["TableOptions"]


@attrs.frozen(kw_only=True)
class TableOptions:
    """`[readers.duckdb]`, `[readers.sqlite]`."""

    table: str | None = option(None, help="table or view to read; not set: the only one, or jobs", metavar="NAME")
