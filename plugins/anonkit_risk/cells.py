"""Small cells: counts of few rows in the tables that a release has besides its rows."""

from __future__ import annotations

from typing import Any

from anonkit_risk.people import People, person_of
from anonkit_risk.session import quoted

__all__ = ["small_cells"]


def small_cells(people: People, small: int) -> list[dict[str, Any]]:
    """Return for each table of summary.json and failed_users.json its cells, and those of fewer than `small` rows.

    A table whose columns the data set lacks is left out.
    """
    question = people.question
    person = person_of(question.person)
    tables = {"summary.users": (person, "true")}
    if question.address is not None:
        address = quoted(question.address)
        tables["summary.ips"] = (address, "true")
        tables["summary.user_ip_pairs"] = (f"{person}, {address}", "true")
    if question.starts is not None and question.completions is not None:
        starts, done = (f"TRY_CAST({quoted(one)} AS DOUBLE)" for one in (question.starts, question.completions))
        tables["failed_users.failed_users"] = (person, f"{starts} > 0 AND {done} = 0")
    found = []
    for table, (cells, condition) in tables.items():
        number, few = people.session.row(
            f"SELECT count(*), coalesce(sum(CASE WHEN n < {small} THEN 1 ELSE 0 END), 0)::BIGINT FROM "
            f"(SELECT {cells}, count(*) AS n FROM data WHERE {condition} GROUP BY ALL)"
        )
        found.append({"table": table, "cells": number, "small": int(few)})
    return found
