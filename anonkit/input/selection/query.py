"""`[run] sql`: a query of DuckDB between the files and the run.

A column of identities must keep its name in the result, so that the run recognises its cells as identities.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import attrs
import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from anonkit.arrow.mixed_numbers import MIXED, is_mixed
from anonkit.input.selection.condition import columns_named, refuse_unrepeatable, with_numbers
from anonkit.input.selection.session import JOBS, nodes, open_session, syntax_tree
from anonkit.input.selection.user_sql import UserSql, error_details

__all__ = ["Query"]

_TABLES = ("BASE_TABLE", "SUBQUERY", "JOIN", "EMPTY")
_COUNTS = ("count", "count_star", "approx_count_distinct")
_TRUTHS = ("COMPARISON", "CONJUNCTION", "BETWEEN")
_ROWS = 65_536


@attrs.frozen
class Query:
    """A query that has been checked against the columns of the input."""

    sql: UserSql
    columns: tuple[str, ...]
    """Those of the input that it reads; one at least."""

    @classmethod
    def from_text(
        cls,
        text: str,
        place: str,
        columns: Sequence[str],
        identities: Collection[str],
        schema_of: Callable[[Iterable[str]], pa.Schema],
    ) -> Query:
        """Return the query, which may name `columns`; in `identities` the cells are identities. ConfigError."""
        sql = UserSql(text, place)
        tree = syntax_tree(text)
        _Form(sql, columns, frozenset(map(str.casefold, identities))).check(tree)
        refuse_unrepeatable(sql, tree)
        query = cls(sql, tuple(columns_named(tree, columns)) or tuple(columns[:1]))
        query.check(schema_of(query.columns), columns)
        return query

    def check(self, schema: pa.Schema, columns: Sequence[str]) -> None:
        """ConfigError when DuckDB refuses the query for rows of a schema, or its result has two columns of one name."""
        session = open_session()
        try:
            session.register(JOBS, with_numbers(pa.RecordBatch.from_pylist([], schema)))
            names = [str(column[0]) for column in session.execute(self.sql.text).description or ()]
        except duckdb.Error as error:
            raise self.sql.mistake(error_details(error), columns) from None
        finally:
            session.close()
        folded = [name.casefold() for name in names]
        for place, name in enumerate(folded):
            if name in folded[:place]:
                raise self.sql.refused(f"the result has two columns {names[place]!r}; name one with AS")

    def spool(self, batches: Iterable[pa.RecordBatch], schema: pa.Schema, folder: Path) -> Path:
        """Return a parquet file in `folder` with the query's result over the rows of `batches`, which have `schema`."""
        session = open_session(str(folder / "jobs.duckdb"), str(folder / "spill"))
        try:
            session.register("rows", with_numbers(pa.RecordBatch.from_pylist([], schema)))
            session.execute(f"CREATE TABLE {JOBS} AS SELECT * FROM rows")
            for batch in batches:
                session.register("rows", with_numbers(batch))
                session.execute(f"INSERT INTO {JOBS} SELECT * FROM rows")
            session.unregister("rows")
            mixed = {field.name for field in schema if is_mixed(field)}
            return self._written(session, folder / "result.parquet", mixed)
        except duckdb.Error as error:
            raise self.sql.failure(error) from None
        finally:
            session.close()

    def _written(self, session: duckdb.DuckDBPyConnection, path: Path, mixed: Collection[str]) -> Path:
        """Write the result; columns of text in `mixed` keep their mark of numbers and text."""
        result = _reader(session, self.sql.text)
        marked = [field.name in mixed and pa.types.is_string(field.type) for field in result.schema]
        fields = zip(result.schema, marked, strict=True)
        schema = pa.schema([field.with_metadata(MIXED) if is_mixed else field for field, is_mixed in fields])
        try:
            with pq.ParquetWriter(path, schema) as writer:
                for batch in result:
                    writer.write_batch(batch.cast(schema))
        except pa.ArrowNotImplementedError:
            raise self.sql.refused(
                "a column of the result has a type that no file holds; write CAST(column AS VARCHAR)"
            ) from None
        return path


def _reader(session: duckdb.DuckDBPyConnection, text: str) -> Any:
    """Return the reader of a result (`pa.RecordBatchReader`)."""
    return session.sql(text).to_arrow_reader(_ROWS)


@attrs.frozen
class _Form:
    """The form that a query must have: SELECTs over `jobs`, in which columns of identities keep their names."""

    sql: UserSql
    columns: Sequence[str]
    identities: frozenset[str]
    """Names of columns in folded case."""

    def check(self, tree: Mapping[str, Any]) -> None:
        """ConfigError for a query of another form."""
        if tree["error"] and tree.get("error_type") != "not implemented":
            raise self.sql.mistake(tree, self.columns)
        statements = tree.get("statements", ())
        if len(statements) != 1:
            raise self.sql.refused("expected one statement that begins with SELECT, WITH or FROM")
        named = {entry["key"].casefold() for inner in nodes(tree) for entry in _common_tables(inner)} | {JOBS}
        for node in nodes(tree):
            self._check_node(node)
            if "from_table" in node:
                for table in _tables(node["from_table"]):
                    self._check_table(table, named)
                aliases = {str(table.get("alias") or "").casefold() for table in _tables(node["from_table"])}
                self._check_values(node["select_list"])
                for item in node["select_list"]:
                    self._check_item(item, named | aliases)

    def _check_node(self, node: Mapping[str, Any]) -> None:
        kind = str(node.get("type", ""))
        if kind in ("SET_OPERATION_NODE", "RECURSIVE_CTE_NODE"):
            raise self.sql.refused("UNION, INTERSECT, EXCEPT and WITH RECURSIVE are not taken; use WHERE, or two runs")
        if node.get("sample"):
            raise self.sql.refused("SAMPLE takes other rows each time; use sample in [run]")
        if node.get("column_name_alias") or any(entry["value"].get("aliases") for entry in _common_tables(node)):
            raise self.sql.refused("a list of names after a table, t(a, b), is not taken; name columns with AS")

    def _check_values(self, items: Any) -> None:
        for node in nodes(items):
            if node.get("class") == "POSITIONAL_REFERENCE":
                raise self.sql.refused("name the column instead of its position", node.get("query_location"))

    def _check_table(self, table: Mapping[str, Any], named: Collection[str]) -> None:
        kind = table["type"]
        if kind not in _TABLES or (kind == "BASE_TABLE" and str(table["table_name"]).casefold() not in named):
            raise self.sql.refused(
                f"a query reads the table {JOBS} alone, without functions of tables, PIVOT and VALUES",
                table.get("query_location"),
            )

    def _check_item(self, item: Mapping[str, Any], tables: Collection[str]) -> None:
        """ConfigError for an item of a select list that gives identities another name, or a whole row."""
        if item["class"] == "STAR":
            if item["columns"] or item["rename_list"] or item["alias"]:
                raise self.sql.refused("COLUMNS and RENAME are not taken; name the columns", item["query_location"])
            for entry in item["replace_list"]:
                self._check_item({**entry["value"], "alias": entry["key"]}, tables)
            return
        named = list(_references(item))
        whole = [path for path in named if len(path) == 1 and path[0] in tables and path[0] not in self._folded]
        if whole:
            raise self.sql.refused("a whole row is not a column; name the columns", item["query_location"])
        reserved = {path[-1] for path in named if path[-1] in self.identities}
        name = str(item["alias"] or (item["column_names"][-1] if item["class"] == "COLUMN_REF" else "")).casefold()
        if reserved - {name}:
            column = next(known for known in self.columns if known.casefold() in reserved)
            raise self.sql.refused(
                f"the column {column!r} names identities, and keeps its name in the result: write AS {column}, or "
                "count() it",
                item["query_location"],
            )

    @property
    def _folded(self) -> frozenset[str]:
        return frozenset(map(str.casefold, self.columns))


def _common_tables(node: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    found = node.get("cte_map")
    return found["map"] if isinstance(found, Mapping) else ()


def _tables(table: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield the tables of a FROM clause; those inside its subqueries are in clauses of their own."""
    yield table
    if table["type"] == "JOIN":
        yield from _tables(table["left"])
        yield from _tables(table["right"])


def _references(item: Any) -> Iterator[tuple[str, ...]]:
    """Yield the columns, in folded case, from which an item takes values, and not only counts or comparisons.

    The select lists of its subqueries are checked by themselves.
    """
    if isinstance(item, list):
        for part in item:
            yield from _references(part)
    elif isinstance(item, Mapping):
        kind, function = str(item.get("class", "")), str(item.get("function_name", "")).casefold()
        if kind == "COLUMN_REF":
            yield tuple(str(name).casefold() for name in item["column_names"])
        elif not (_is_test(item) or kind == "SUBQUERY" or function in _COUNTS):
            for child in item.values():
                yield from _references(child)


def _is_test(item: Mapping[str, Any]) -> bool:
    """Return whether the value of an item is true, false or null."""
    operator = str(item.get("type", ""))
    return item.get("class") in _TRUTHS or operator.startswith(("OPERATOR_IS_", "OPERATOR_NOT"))
