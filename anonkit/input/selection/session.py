"""A session of DuckDB for SQL that a user writes: it reads the tables that it is given, and nothing else.

No file, extension or network is within its reach, its settings are locked, and it has one thread, so that rows keep
their order. Times are in UTC.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

import duckdb
import pyarrow as pa

__all__ = ["JOBS", "nodes", "open_session", "session_over", "syntax_tree", "unstable_functions"]

JOBS = "jobs"
"""The name of the table that holds the rows."""

_LOCKED_DOWN = {
    "threads": "1",
    "enable_external_access": "false",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "allow_community_extensions": "false",
    "python_enable_replacements": "false",
    "errors_as_json": "true",
}


def open_session(database: str = ":memory:", spill_folder: str = "") -> duckdb.DuckDBPyConnection:
    """Return a new session over a database in memory, or in a new file.

    Data that does not fit into memory goes to `spill_folder`; without one a statement fails then.
    """
    session = duckdb.connect(database, config={**_LOCKED_DOWN, "temp_directory": spill_folder})
    session.execute("SET TimeZone = 'UTC'")
    session.execute("SET lock_configuration = true")
    return session


@contextmanager
def session_over(jobs: pa.Table) -> Iterator[duckdb.DuckDBPyConnection]:
    """Give a session with the table `jobs`."""
    session = _session_of_process(os.getpid())
    session.register(JOBS, jobs)
    try:
        yield session
    finally:
        session.unregister(JOBS)


@lru_cache(maxsize=1)
def _session_of_process(process: int) -> duckdb.DuckDBPyConnection:
    """Return one session for all batches: to open one takes longer than most conditions on a batch."""
    return open_session()


def unstable_functions() -> frozenset[str]:
    """Return the functions, in lower case, that may give another value each time: ``random``, ``now``."""
    return _unstable_functions(os.getpid())


@lru_cache(maxsize=1)
def _unstable_functions(process: int) -> frozenset[str]:
    query = "SELECT DISTINCT function_name FROM duckdb_functions() WHERE stability <> 'CONSISTENT'"
    rows = _session_of_process(process).execute(query).fetchall()
    return frozenset(str(name).casefold() for (name,) in rows) - {"error"}


def syntax_tree(statement: str) -> Mapping[str, Any]:
    """Return DuckDB's tree of a statement: ``{"error": false, "statements": [{"node": …}]}``, or the error."""
    query = "SELECT json_serialize_sql(?)"
    [(text,)] = _session_of_process(os.getpid()).execute(query, [statement]).fetchall()
    tree: Mapping[str, Any] = json.loads(text)
    return tree


def nodes(tree: Any) -> Iterator[Mapping[str, Any]]:
    """Yield every object in a tree, from the top."""
    if isinstance(tree, Mapping):
        yield tree
        for child in tree.values():
            yield from nodes(child)
    elif isinstance(tree, list):
        for child in tree:
            yield from nodes(child)
