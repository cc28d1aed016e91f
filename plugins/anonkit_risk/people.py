"""The rows of a data set as codes: one row of a table for each user and combination of quasi-identifiers."""

from __future__ import annotations

import attrs

from anonkit_risk.question import Question
from anonkit_risk.session import Session, quoted

__all__ = ["People", "gather", "person_of"]


@attrs.frozen
class People:
    """The tables ``people`` (person, q0, q1, …, n) and ``person`` (code, value), and their sizes.

    With sensitive columns also ``learnt`` (person, q0, q1, …, s0, s1, …, n).
    """

    session: Session
    question: Question
    count: int
    rows: int
    without_person: int
    """Rows that name no user; they are in no class."""
    entries: int
    """Rows of ``people``."""
    values: tuple[int, ...]
    """The highest code of each quasi-identifier; code 0 is a missing value."""
    learnt_values: tuple[int, ...] = ()
    """The same of each sensitive column."""

    @property
    def keys(self) -> tuple[str, ...]:
        """The columns of ``people`` that hold the codes of the quasi-identifiers."""
        return tuple(f"q{place}" for place in range(len(self.question.quasi)))


def gather(session: Session, question: Question) -> People:
    """Make the tables out of the relation ``data``: rows are read once for each column, and once together.

    A user is the part of the user column before ``@``. A missing value is a value like others.
    """
    count = _number_persons(session, question.person)
    coded = [
        *(_Coded.number(session, name, f"value_{n}", f"q{n}") for n, name in enumerate(question.quasi)),
        *(_Coded.number(session, name, f"learnt_{n}", f"s{n}") for n, name in enumerate(question.sensitive)),
    ]
    columns, joins = "".join(entry.column for entry in coded), "".join(entry.join for entry in coded)
    session.table(
        "learnt" if question.sensitive else "people",
        f"SELECT spelling.code AS person{columns}, count(*) AS n FROM data "
        f"JOIN spelling ON spelling.spelled = {quoted(question.person)}{joins} GROUP BY ALL",
    )
    quasi = len(question.quasi)
    if question.sensitive:
        keys = "".join(f", {entry.code}" for entry in coded[:quasi])
        session.table("people", f"SELECT person{keys}, sum(n)::BIGINT AS n FROM learnt GROUP BY ALL")
    rows = session.row("SELECT count(*) FROM data")[0]
    entries, counted = session.row("SELECT count(*), coalesce(sum(n), 0)::BIGINT FROM people")
    highest = tuple(entry.highest for entry in coded)
    return People(session, question, count, rows, rows - counted, entries, highest[:quasi], highest[quasi:])


def person_of(column: str) -> str:
    """Return the user of a row for SQL: the part of the user column before ``@``, null when it is empty."""
    return f"nullif(trim(split_part(CAST({quoted(column)} AS VARCHAR), '@', 1)), '')"


@attrs.frozen
class _Coded:
    """A column with a code for each value: the SQL that gives the code of a row."""

    value: str
    table: str
    code: str
    highest: int

    @classmethod
    def number(cls, session: Session, name: str, table: str, code: str) -> _Coded:
        """Make the table of codes and values of a column."""
        value = _value(session, name)
        _make_numbers(session, table, f"SELECT DISTINCT {value} AS value FROM data WHERE {value} IS NOT NULL")
        return cls(value, table, code, int(session.row(f"SELECT count(*) FROM {table}")[0]))

    @property
    def column(self) -> str:
        return f", coalesce({self.table}.code, 0) AS {self.code}"

    @property
    def join(self) -> str:
        return f" LEFT JOIN {self.table} ON {self.table}.value = {self.value}"


def _number_persons(session: Session, column: str) -> int:
    """Make the tables ``person`` and ``spelling`` (spelled as in the data, code); return the number of users."""
    session.table(
        "parted",
        f"SELECT {quoted(column)} AS spelled, {person_of(column)} AS value FROM "
        f"(SELECT DISTINCT {quoted(column)} FROM data)",
    )
    _make_numbers(session, "person", "SELECT DISTINCT value FROM parted WHERE value IS NOT NULL")
    session.table("spelling", "SELECT spelled, code FROM parted JOIN person USING (value)")
    session.drop("parted")
    return int(session.row("SELECT count(*) FROM person")[0])


def _make_numbers(session: Session, table: str, values: str) -> None:
    session.table(table, f"SELECT CAST(row_number() OVER () AS UINTEGER) AS code, value FROM ({values})")


def _value(session: Session, column: str) -> str:
    """Return a column as values that can be compared: nested ones as text."""
    kind = {name: kind for name, kind, *_ in session.rows("DESCRIBE data")}[column]
    nested = kind.endswith("]") or kind.startswith(("STRUCT", "MAP", "UNION"))
    return f"CAST({quoted(column)} AS VARCHAR)" if nested else quoted(column)
