"""`[run] where`: a condition in SQL that looks at one row at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import attrs
import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from anonkit.catalogue import attribute
from anonkit.input.selection.session import JOBS, nodes, session_over, syntax_tree, unstable_functions
from anonkit.input.selection.user_sql import UserSql, error_details

__all__ = ["Condition", "columns_named", "refuse_unrepeatable", "with_numbers"]

_BEFORE = f"SELECT 1 FROM {JOBS} WHERE\n"
_WHOLE = r"^\s*-?[0-9]{1,18}\s*$"
_REAL = r"^\s*-?[0-9]+(?:\.[0-9]*)?(?:[eE][-+]?[0-9]{1,3})?\s*$"
_CLAUSES = ("modifiers", "group_expressions", "group_sets", "having", "qualify", "sample")


@attrs.frozen
class Condition:
    """A condition that has been checked against the columns of the input."""

    sql: UserSql
    columns: tuple[str, ...]
    """Those that it reads; one at least."""

    @classmethod
    def from_text(
        cls, text: str, place: str, columns: Sequence[str], schema_of: Callable[[Iterable[str]], pa.Schema]
    ) -> Condition:
        """Return the condition, which may name `columns`; `schema_of` gives their types. ConfigError."""
        sql = UserSql(text, place, _BEFORE)
        tree = syntax_tree(_BEFORE + text)
        _check_form(sql, tree, columns)
        refuse_unrepeatable(sql, tree)
        # Rows without columns would have no number.
        read = tuple(columns_named(tree, columns)) or tuple(columns[:1])
        condition = cls(sql, read)
        condition.check(schema_of(read), columns)
        return condition

    def check(self, schema: pa.Schema, columns: Sequence[str]) -> None:
        """ConfigError when DuckDB refuses the condition for rows of a schema."""
        with session_over(with_numbers(pa.RecordBatch.from_pylist([], schema))) as session:
            try:
                session.execute(_BEFORE + self.sql.text).fetchall()
            except duckdb.Error as error:
                raise self.sql.mistake(error_details(error), columns) from None

    def __call__(self, batch: pa.RecordBatch) -> npt.NDArray[np.bool_]:
        """Return which rows of a batch of its columns fulfil it; a row for which it is null does not."""
        query = f"SELECT coalesce(CAST((\n{self.sql.text}\n) AS BOOLEAN), false) AS chosen FROM {JOBS}"
        with session_over(with_numbers(batch)) as session:
            try:
                chosen = session.execute(query).fetchnumpy()["chosen"]
            except duckdb.Error as error:
                raise self.sql.failure(error) from None
        return np.asarray(chosen, np.bool_)


def with_numbers(batch: pa.RecordBatch) -> pa.Table:
    """Return the rows with numbers in each column that the catalogue knows to hold them, where the files have text."""
    arrays = [_numbers(name, column) for name, column in zip(batch.schema.names, batch.columns, strict=True)]
    return pa.table(dict(zip(batch.schema.names, arrays, strict=True)))


def _numbers(name: str, column: pa.Array) -> pa.Array:
    known = attribute(name)
    if known is None or known.type not in ("integer", "real") or not pa.types.is_string(column.type):
        return column
    shape = _WHOLE if known.type == "integer" else _REAL
    shaped = pc.if_else(pc.match_substring_regex(column, shape), pc.utf8_trim_whitespace(column), None)
    return shaped.cast(pa.int64() if known.type == "integer" else pa.float64())


def columns_named(tree: Mapping[str, Any], columns: Sequence[str]) -> Iterator[str]:
    """Yield those of `columns` that a statement may name, in their order: exactly, else without regard to case.

    A statement with ``*``, or one that names the whole row, names all of them.
    """
    referred = [tuple(node["column_names"]) for node in nodes(tree) if node.get("class") == "COLUMN_REF"]
    whole = any(node.get("class") == "STAR" or node.get("ref_type") == "NATURAL" for node in nodes(tree))
    names = {name for path in referred for name in path}
    folded = {name.casefold() for name in names}
    exact = {name.casefold() for name in columns if name in names}
    found: set[str] = set()
    for name in columns:
        key = name.casefold()
        fits = name in names if key in exact else key in folded or whole
        if fits and key not in found:
            found.add(key)
            yield name


def refuse_unrepeatable(sql: UserSql, tree: Mapping[str, Any]) -> None:
    """ConfigError for a function of the statement that gives another value each time, as ``random()`` and ``now()``."""
    unstable = unstable_functions()
    for node in nodes(tree):
        if node.get("class") == "FUNCTION" and str(node.get("function_name", "")).casefold() in unstable:
            message = (
                f"{node['function_name']}() gives another value each time, and a run gives the same outputs each time"
            )
            raise sql.refused(
                f"{message}; write the value itself, or see sample, since and until", node["query_location"]
            )


def _check_form(sql: UserSql, tree: Mapping[str, Any], columns: Sequence[str]) -> None:
    """ConfigError unless the text is one condition over the columns of a row."""
    if tree["error"] and tree.get("error_type") != "not implemented":
        raise sql.mistake(tree, columns)
    statements = tree.get("statements", ())
    top = statements[0]["node"] if statements else {"type": "none"}
    if len(statements) != 1 or top["type"] != "SELECT_NODE" or any(top.get(clause) for clause in _CLAUSES):
        raise sql.refused("expected one condition, as in RequestMemory > 4000, without a further clause of SQL")
    for node in nodes(top["where_clause"]):
        if node.get("class") in ("SUBQUERY", "WINDOW", "STAR"):
            raise sql.refused(
                "a condition looks at one row at a time, without subqueries, windows and COLUMNS",
                node.get("query_location"),
            )
