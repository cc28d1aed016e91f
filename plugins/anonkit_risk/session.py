"""A DuckDB session over the rows of one data set, which reads that and nothing else."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import attrs
import duckdb
import pyarrow as pa

from anonkit.api import InputError

__all__ = ["Session", "data_files", "literal", "quoted", "session", "spilling_session"]


@attrs.frozen
class Session:
    """An open session; the rows are the relation ``data``."""

    connection: duckdb.DuckDBPyConnection

    @property
    def memory(self) -> int:
        """The bytes that the session may take."""
        return int(self.row("SELECT parse_formatted_bytes(current_setting('memory_limit'))")[0])

    @property
    def threads(self) -> int:
        """The threads that the session may take."""
        return int(self.row("SELECT current_setting('threads')")[0])

    def cursor(self) -> Session:
        """Return the same session for another thread."""
        return Session(self.connection.cursor())

    def run(self, sql: str, parameters: Sequence[Any] = ()) -> None:
        """Run a statement without a result."""
        self.connection.execute(sql, list(parameters))

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Return the rows of a query."""
        return self.connection.execute(sql, list(parameters)).fetchall()

    def row(self, sql: str, parameters: Sequence[Any] = ()) -> tuple[Any, ...]:
        """Return the only row of a query."""
        return self.rows(sql, parameters)[0]

    def arrow(self, query: str) -> pa.Table:
        """Return the rows of a query as Arrow columns."""
        return self.connection.sql(query).to_arrow_table()

    def table(self, name: str, query: str) -> None:
        """Make a table of a query, instead of one of that name."""
        self.run(f"CREATE OR REPLACE TABLE {name} AS {query}")

    def load(self, name: str, rows: pa.Table | pa.RecordBatchReader) -> None:
        """Make a table of Arrow data."""
        self.connection.register("arrow_rows", rows)
        self.table(name, "SELECT * FROM arrow_rows")
        self.connection.unregister("arrow_rows")

    def append(self, name: str, rows: pa.RecordBatch) -> None:
        """Add rows to a table with the same columns."""
        self.connection.register("arrow_rows", pa.table(rows))
        self.run(f"INSERT INTO {name} SELECT * FROM arrow_rows")
        self.connection.unregister("arrow_rows")

    def drop(self, *names: str) -> None:
        """Remove tables."""
        for name in names:
            self.run(f"DROP TABLE IF EXISTS {name}")

    def read(self, files: Sequence[Path], relation: str = "data") -> tuple[str, ...]:
        """Make parquet files a relation; return its columns. InputError for files that do not fit together."""
        paths = ", ".join(literal(str(file)) for file in files)
        try:
            self.run(f"CREATE VIEW {relation} AS SELECT * FROM read_parquet([{paths}], union_by_name = true)")
            return tuple(name for name, *_ in self.rows(f"DESCRIBE {relation}"))
        except duckdb.Error as error:
            raise InputError(f"{files[0].name}: cannot be read as parquet ({type(error).__name__})") from None


@contextmanager
def session(
    *, files: Sequence[Path] = (), folder: Path | None = None, memory: str = "2GB", threads: int = 0
) -> Iterator[Session]:
    """Open a session that can read `files` and nothing else of the file system or the network.

    What does not fit into `memory` goes to `folder`; without a folder nothing is written, as original values ask for,
    and InputError is raised. `threads` is 0 for one for each core.
    """
    connection = duckdb.connect(":memory:")
    try:
        connection.execute("SET temp_directory = ?", [str(folder / "spill") if folder else ""])
        connection.execute("SET memory_limit = ?", [memory])
        connection.execute("SET preserve_insertion_order = false")
        if threads:
            connection.execute("SET threads = ?", [threads])
        connection.execute("SET allowed_paths = ?", [[str(file) for file in files]])
        connection.execute("SET enable_external_access = false")
        connection.execute("SET lock_configuration = true")
        yield Session(connection)
    except duckdb.OutOfMemoryException:
        where = "the folder for what does not fit is full" if folder else "originals are not written to disk"
        raise InputError(f"the rows need more than {memory} of memory, and {where}; give fewer rows") from None
    finally:
        connection.close()


@contextmanager
def spilling_session(*, files: Sequence[Path] = (), memory: str = "2GB") -> Iterator[Session]:
    """Open a session over published rows: what does not fit into `memory` goes to a temporary folder that vanishes."""
    with (
        tempfile.TemporaryDirectory(prefix="risk-") as folder,
        session(files=files, folder=Path(folder), memory=memory) as opened,
    ):
        yield opened


def data_files(place: str | Path) -> list[Path]:
    """Return the parquet files of a data set: a file, or a folder with ``dataset*.parquet``, or with others.

    InputError when there is none.
    """
    path = Path(place)
    if path.is_file():
        return [path]
    found = sorted(path.glob("dataset*.parquet")) or sorted(path.rglob("*.parquet"))
    if not found:
        raise InputError(
            f"{path.name or path}: no data set there; give a parquet file, or a folder with dataset.parquet, which "
            "`anonkit run --enable dataset` writes"
        )
    return found


def quoted(name: str) -> str:
    """Return a name of a column for SQL."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Return a text for SQL."""
    return "'" + text.replace("'", "''") + "'"
