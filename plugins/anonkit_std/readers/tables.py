"""The readers `duckdb` and `sqlite`: a table of a database file, in the order in which its rows are stored."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from typing import Any
from urllib.parse import quote

import pyarrow as pa

from anonkit.api import Contents, DamagedFile, DataFile, FileHead, InputError, Reader, Run
from anonkit_std.options.readers import TableOptions
from anonkit_std.readers.cells import Cells, Kind, column_field, record_batch

__all__ = ["DuckDbReader", "SqliteReader"]

_ROWS = 65_536
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
        """Return the columns of the table, and its rows in runs."""
        with _duckdb(file) as database:
            table = self._name(file, database)
            schema = _stream(database, f"SELECT * FROM {_quoted(table)} LIMIT 0").schema
            rows = database.execute(f"SELECT count(*) FROM {_quoted(table)}").fetchone()[0]
        runs = (Run(min(_ROWS, rows - at), at, min(at + _ROWS, rows)) for at in range(0, rows, _ROWS))
        return Contents(schema, tuple(runs))

    def batches(
        self, file: DataFile, runs: Sequence[Run], columns: pa.Schema | None, rows: int
    ) -> Iterator[pa.RecordBatch]:
        """Yield rows by their number."""
        with _duckdb(file) as database:
            table = self._name(file, database)
            present = _stream(database, f"SELECT * FROM {_quoted(table)} LIMIT 0").schema.names
            names = present if columns is None else [name for name in columns.names if name in present]
            shown = ", ".join(map(_quoted, names)) or "NULL AS nothing"
            first, end = (runs[0].start, runs[-1].end) if runs else (0, None)
            limit = "" if end is None else f" LIMIT {end - first} OFFSET {first}"
            yield from _stream(database, f"SELECT {shown} FROM {_quoted(table)}{limit}")

    def _name(self, file: DataFile, database: Any) -> str:
        found = database.execute("SELECT table_name FROM information_schema.tables ORDER BY 1").fetchall()
        return _chosen(file, [name for (name,) in found], self._table)


class SqliteReader(Reader):
    """Reads a table of an SQLite file. One worker streams it, since its values may be of any type in any row."""

    def __init__(self, options: TableOptions) -> None:
        """Take the name of the table."""
        self._table = options.table

    def recognizes(self, head: FileHead) -> bool:
        """Return whether the file has SQLite's mark."""
        return head.data.startswith(b"SQLite format 3\0")

    def contents(self, file: DataFile) -> Contents:
        """Read the table once, for the types of its columns and the number of its rows."""
        kinds: dict[str, Kind] = {}
        negative: set[str] = set()
        count = 0
        for names, rows in self._rows(file, None):
            for name, values in zip(names, zip(*rows, strict=True) if rows else [[]] * len(names), strict=True):
                cells = Cells.from_values(_texts(values))
                kinds[name] = kinds.get(name, Kind(0)) | cells.kinds
                negative |= {name} if cells.negative else set()
            count += len(rows)
        schema = pa.schema([column_field(name, kind, name in negative) for name, kind in kinds.items()])
        return Contents(schema, (Run(count),))

    def batches(
        self, file: DataFile, runs: Sequence[Run], columns: pa.Schema | None, rows: int
    ) -> Iterator[pa.RecordBatch]:
        """Yield the rows."""
        columns = self.contents(file).schema if columns is None else columns
        for names, found in self._rows(file, columns.names):
            values = zip(*found, strict=True) if found else [[]] * len(names)
            cells = {name: Cells.from_values(_texts(cells_of)) for name, cells_of in zip(names, values, strict=True)}
            yield record_batch(len(found), cells, columns)

    def _rows(self, file: DataFile, columns: Sequence[str] | None) -> Iterator[tuple[list[str], list[Any]]]:
        """Yield the names of the wanted columns that are there, and some rows at a time."""
        path = _local(file)
        place = f"file:{quote(path)}?mode=ro&immutable=1"
        with _failures(file, sqlite3.Error), closing(sqlite3.connect(place, uri=True)) as database:
            database.text_factory = _decoded
            yield from self._selected(file, database, columns)

    def _selected(
        self, file: DataFile, database: sqlite3.Connection, columns: Sequence[str] | None
    ) -> Iterator[tuple[list[str], list[Any]]]:
        listed = database.execute(_TABLES)
        table = _chosen(file, sorted(name for (name,) in listed), self._table)
        present = [row[1] for row in database.execute(f"PRAGMA table_info({_quoted(table)})")]
        names = present if columns is None else [name for name in columns if name in present]
        shown = ", ".join(map(_quoted, names)) or "NULL"
        found = database.execute(f"SELECT {shown} FROM {_quoted(table)}")
        rows = found.fetchmany(_ROWS // 8)
        yield (names or [""]), rows
        while rows := found.fetchmany(_ROWS // 8):
            yield (names or [""]), rows


def _chosen(file: DataFile, tables: Sequence[str], wanted: str | None) -> str:
    """Return the table to read: the one that is named, the only one, or `jobs`. InputError when none is."""
    if wanted in tables:
        return str(wanted)
    if wanted is None and len(tables) == 1:
        return tables[0]
    if wanted is None and "jobs" in tables:
        return "jobs"
    some = ", ".join(tables[:20]) or "none"
    raise InputError(
        f"{file.name}: which table is it? It has {some}; "
        'write table = "NAME" below [readers.duckdb] or [readers.sqlite]'
    )


@contextmanager
def _duckdb(file: DataFile) -> Iterator[Any]:
    """Open a file of DuckDB."""
    import duckdb

    path = _local(file)
    options: Any = {"threads": 1, "enable_external_access": False}
    with _failures(file, duckdb.Error), duckdb.connect(path, read_only=True, config=options) as database:
        yield database


@contextmanager
def _failures(file: DataFile, error: type[Exception]) -> Iterator[None]:
    """Turn errors of the database into those of anonkit."""
    with file.failures(_NO_DATABASE):
        try:
            yield
        except error:
            raise DamagedFile(file.name, _NO_DATABASE) from None


def _stream(database: Any, query: str) -> pa.RecordBatchReader:
    return pa.RecordBatchReader.from_stream(database.sql(query))


def _local(file: DataFile) -> str:
    path = file.random_access()
    if not isinstance(path, str) or file.is_compressed:
        raise InputError(f"{file.name}: a database is read here and uncompressed; copy it here, and decompress it")
    return path


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _decoded(data: bytes) -> str:
    return data.decode("utf-8", "replace")


def _texts(values: Sequence[Any]) -> list[Any]:
    return [_decoded(value) if isinstance(value, bytes) else value for value in values]
