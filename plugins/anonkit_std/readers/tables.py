"""The readers `duckdb` and `sqlite`: a table of a database file, its rows in stored order."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from typing import Any
from urllib.parse import quote

import pyarrow as pa

from anonkit.api import Contents, DamagedFile, DataFile, FileHead, InputError, Reader, Run
from anonkit_std.options.readers import TableOptions
from anonkit_std.readers.cells import Cells, ColumnKinds, record_batch

__all__ = ["DuckDbReader", "SqliteReader"]

# Rows of a run of DuckDB, and of a batch of SQLite.
_ROWS, _SQLITE_ROWS = 65_536, 8_192
_TABLES = "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite_%'"
_NO_DATABASE = "damaged: the database cannot be read"


class DuckDbReader(Reader):
    """Reads a table of a DuckDB file; workers read runs of its rows in parallel."""

    def __init__(self, options: TableOptions) -> None:
        """Take the name of the table."""
        self._table = options.table

    def recognizes(self, head: FileHead) -> bool:
        """Return whether the file has DuckDB's mark."""
        return head.data[8:12] == b"DUCK"

    def contents(self, file: DataFile) -> Contents:
        """Return the columns of the table, and runs of its rows."""
        with _duckdb(file) as database:
            table = self._name(file, database)
            schema = _stream(database, f"SELECT * FROM {_quoted(table)} LIMIT 0").schema
            rows = database.execute(f"SELECT count(*) FROM {_quoted(table)}").fetchone()[0]
        runs = (Run(min(_ROWS, rows - at), at, min(at + _ROWS, rows)) for at in range(0, rows, _ROWS))
        return Contents(schema, tuple(runs))

    def batches(
        self, file: DataFile, runs: Sequence[Run], columns: pa.Schema | None, rows: int
    ) -> Iterator[pa.RecordBatch]:
        """Yield the rows of the runs, which are adjacent; those of the whole table without runs."""
        with _duckdb(file) as database:
            table = self._name(file, database)
            present = _stream(database, f"SELECT * FROM {_quoted(table)} LIMIT 0").schema.names
            names = present if columns is None else [name for name in columns.names if name in present]
            selected = ", ".join(map(_quoted, names)) or "NULL AS nothing"
            first, end = (runs[0].start, runs[-1].end) if runs else (0, None)
            limit = "" if end is None else f" LIMIT {end - first} OFFSET {first}"
            yield from _stream(database, f"SELECT {selected} FROM {_quoted(table)}{limit}")

    def _name(self, file: DataFile, database: Any) -> str:
        """Return the name of the table to read."""
        found = database.execute("SELECT table_name FROM information_schema.tables ORDER BY 1").fetchall()
        return _chosen(file, [name for (name,) in found], self._table, "duckdb")


class SqliteReader(Reader):
    """Reads a table of an SQLite file, as a single run: the type of a column shows only when all rows were read."""

    def __init__(self, options: TableOptions) -> None:
        """Take the name of the table."""
        self._table = options.table

    def recognizes(self, head: FileHead) -> bool:
        """Return whether the file has SQLite's mark."""
        return head.data.startswith(b"SQLite format 3\0")

    def contents(self, file: DataFile) -> Contents:
        """Return the columns of the table with their types, and a run of all its rows; the table is read once."""
        kinds, count = ColumnKinds(), 0
        for names, rows in self._rows(file, None):
            kinds.add(_columns(names, rows))
            count += len(rows)
        return Contents(kinds.schema(), (Run(count),))

    def batches(
        self, file: DataFile, runs: Sequence[Run], columns: pa.Schema | None, rows: int
    ) -> Iterator[pa.RecordBatch]:
        """Yield all rows of the table."""
        columns = self.contents(file).schema if columns is None else columns
        for names, found in self._rows(file, columns.names):
            yield record_batch(len(found), _columns(names, found), columns)

    def _rows(self, file: DataFile, columns: Sequence[str] | None) -> Iterator[tuple[list[str], list[Any]]]:
        """Yield the names of the wanted columns that the table has, and some thousand rows; both at least once."""
        uri = f"file:{quote(_local(file))}?mode=ro&immutable=1"
        with _failures(file, sqlite3.Error), closing(sqlite3.connect(uri, uri=True)) as database:
            database.text_factory = _decoded
            yield from self._selected(file, database, columns)

    def _selected(
        self, file: DataFile, database: sqlite3.Connection, columns: Sequence[str] | None
    ) -> Iterator[tuple[list[str], list[Any]]]:
        """Yield what `_rows` does, from an open database."""
        listed = database.execute(_TABLES)
        table = _chosen(file, sorted(name for (name,) in listed), self._table, "sqlite")
        present = [row[1] for row in database.execute(f"PRAGMA table_info({_quoted(table)})")]
        names = present if columns is None else [name for name in columns if name in present]
        selected = ", ".join(map(_quoted, names)) or "NULL"
        found = database.execute(f"SELECT {selected} FROM {_quoted(table)}")
        rows = found.fetchmany(_SQLITE_ROWS)
        yield (names or [""]), rows
        while rows := found.fetchmany(_SQLITE_ROWS):
            yield (names or [""]), rows


def _chosen(file: DataFile, tables: Sequence[str], wanted: str | None, reader: str) -> str:
    """Return the table to read: the wanted one, or without a wanted one the only one, or else `jobs`.

    InputError, which names the option of the reader, when it is none of them.
    """
    if wanted in tables:
        return str(wanted)
    if wanted is None and len(tables) == 1:
        return tables[0]
    if wanted is None and "jobs" in tables:
        return "jobs"
    if not tables:
        raise InputError(f"{file.name}: the database has no tables; take the file out of the input")
    fault = "several tables" if wanted is None else f"no table {wanted!r}"
    raise InputError(
        f"{file.name}: the database has {fault}; its tables are {', '.join(tables[:20])}: "
        f'name one with table = "NAME" below [readers.{reader}]'
    )


@contextmanager
def _duckdb(file: DataFile) -> Iterator[Any]:
    """Open a DuckDB file for reading, with one thread and without access to other files."""
    import duckdb

    path = _local(file)
    options: Any = {"threads": 1, "enable_external_access": False}
    with _failures(file, duckdb.Error), duckdb.connect(path, read_only=True, config=options) as database:
        yield database


@contextmanager
def _failures(file: DataFile, error: type[Exception]) -> Iterator[None]:
    """Turn errors of the database library into DamagedFile."""
    with file.failures(_NO_DATABASE):
        try:
            yield
        except error:
            raise DamagedFile(file.name, _NO_DATABASE) from None


def _stream(database: Any, query: str) -> pa.RecordBatchReader:
    return pa.RecordBatchReader.from_stream(database.sql(query))


def _local(file: DataFile) -> str:
    """Return the path of a file. InputError for a file that is elsewhere or compressed."""
    path = file.random_access()
    if not isinstance(path, str) or file.is_compressed:
        raise InputError(
            f"{file.name}: a database is read only on this machine and uncompressed; copy it here, and decompress it"
        )
    return path


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _decoded(data: bytes) -> str:
    return data.decode("utf-8", "replace")


def _columns(names: Sequence[str], rows: Sequence[Sequence[Any]]) -> dict[str, Cells]:
    """Return rows as columns; bytes become text."""
    columns = zip(*rows, strict=True) if rows else [[]] * len(names)
    return {
        name: Cells.from_values([_decoded(value) if isinstance(value, bytes) else value for value in values])
        for name, values in zip(names, columns, strict=True)
    }
