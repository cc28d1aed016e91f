"""Small cells: counts of few rows in the tables that a release has besides its rows."""

from __future__ import annotations

from typing import Any

import attrs

from anonkit_risk.people import People, person_of
from anonkit_risk.session import quoted

__all__ = ["small_cells"]


@attrs.frozen
class _Cells:
    """A table of counts: its cells, and the columns and the rows that they are made of."""

    cell: str
    columns: str
    condition: str = "true"


def small_cells(people: People, small: int) -> list[dict[str, Any]]:
    """Return for each table of summary.json and failed_users.json its cells, and those of fewer than `small` rows.

    A table whose columns the data set lacks is left out.
    """
    question = people.question
    person, user = person_of(question.person), quoted(question.person)
    tables = {"summary.users": _Cells(person, user)}
    if question.address is not None:
        address = quoted(question.address)
        tables["summary.ips"] = _Cells(address, address)
        tables["summary.user_ip_pairs"] = _Cells(f"{person}, {address}", f"{user}, {address}")
    if question.starts is not None and question.completions is not None:
        starts, done = (f"TRY_CAST({quoted(column)} AS DOUBLE)" for column in (question.starts, question.completions))
        tables["failed_users.failed_users"] = _Cells(person, user, f"{starts} > 0 AND {done} = 0")
    return [{"table": name, **_counted(people, cells, small)} for name, cells in tables.items()]


def _counted(people: People, cells: _Cells, small: int) -> dict[str, int]:
    # Spellings are counted before users are made of them: rows are many, spellings are few.
    spelled = f"SELECT {cells.columns}, count(*) AS n FROM data WHERE {cells.condition} GROUP BY ALL"
    number, few = people.session.row(
        f"SELECT count(*), coalesce(sum(CASE WHEN n < {small} THEN 1 ELSE 0 END), 0)::BIGINT FROM "
        f"(SELECT {cells.cell}, sum(n) AS n FROM ({spelled}) GROUP BY ALL)"
    )
    return {"cells": number, "small": int(few)}
