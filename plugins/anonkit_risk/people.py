"""The rows of a data set as codes: one row of a table for each user and combination of quasi-identifiers."""

from __future__ import annotations

import attrs

from anonkit_risk.question import Question
from anonkit_risk.session import Session, quoted

__all__ = ["People", "coded", "gather", "person_of"]


@attrs.frozen
class People:
    """The tables ``people`` (person, q0, q1, …, n) and ``person`` (code, value), and their sizes."""

    session: Session
    question: Question
    count: int
    rows: int
    without_person: int
    """Rows that name no user; they are in no class."""

    @property
    def keys(self) -> tuple[str, ...]:
        """The columns of ``people`` that hold the codes of the quasi-identifiers."""
        return tuple(f"q{place}" for place in range(len(self.question.quasi)))


def gather(session: Session, question: Question) -> People:
    """Make the tables out of the relation ``data``.

    A user is the part of the user column before ``@``. A missing value is a value like others.
    """
    types = {name: kind for name, kind, *_ in session.rows("DESCRIBE data")}
    person = person_of(question.person)
    session.table("person", _numbered(person))
    values = [_value(name, types[name]) for name in question.quasi]
    for place, value in enumerate(values):
        session.table(f"value_{place}", _numbered(value))
    joins = "".join(f" LEFT JOIN value_{place} ON value_{place}.value = {value}" for place, value in enumerate(values))
    codes = "".join(f", coalesce(value_{place}.code, 0) AS q{place}" for place in range(len(values)))
    session.table(
        "people",
        f"SELECT person.code AS person{codes}, count(*) AS n FROM data JOIN person ON person.value = {person}"
        f"{joins} GROUP BY ALL",
    )
    rows, _ = session.row("SELECT count(*), 0 FROM data")
    counted, users = session.row("SELECT coalesce(sum(n), 0), count(DISTINCT person) FROM people")
    return People(session, question, users, rows, rows - int(counted))


def coded(session: Session, question: Question, column: str, table: str) -> None:
    """Make a table of person, q0, q1, …, and the codes ``s`` of one more column, each combination once."""
    types = {name: kind for name, kind, *_ in session.rows("DESCRIBE data")}
    person = person_of(question.person)
    values = [_value(name, types[name]) for name in question.quasi]
    extra = _value(column, types[column])
    session.table("value_s", _numbered(extra))
    joins = "".join(f" LEFT JOIN value_{place} ON value_{place}.value = {one}" for place, one in enumerate(values))
    codes = "".join(f", coalesce(value_{place}.code, 0) AS q{place}" for place in range(len(values)))
    session.table(
        table,
        f"SELECT DISTINCT person.code AS person{codes}, coalesce(value_s.code, 0) AS s FROM data "
        f"JOIN person ON person.value = {person}{joins} LEFT JOIN value_s ON value_s.value = {extra}",
    )


def person_of(column: str) -> str:
    """Return the user of a row for SQL: the part of the user column before ``@``, null when it is empty."""
    return f"nullif(trim(split_part(CAST({quoted(column)} AS VARCHAR), '@', 1)), '')"


def _value(column: str, kind: str) -> str:
    """Return a column as values that can be compared: nested ones as text."""
    nested = kind.endswith("]") or kind.startswith(("STRUCT", "MAP", "UNION"))
    return f"CAST({quoted(column)} AS VARCHAR)" if nested else quoted(column)


def _numbered(value: str) -> str:
    return (
        f"SELECT CAST(row_number() OVER () AS UINTEGER) AS code, value FROM "
        f"(SELECT DISTINCT {value} AS value FROM data WHERE {value} IS NOT NULL)"
    )
