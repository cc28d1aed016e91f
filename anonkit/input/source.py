"""The input: which files, and which rows of them a task has.

The global row order is the sorted order of the paths, then the order in the file. A `Fragment` is a run of rows of one
file; it knows the global number of its first row, so fragments can be read in any process and in any order.
"""

from __future__ import annotations

import glob
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise, takewhile
from pathlib import Path

import attrs
import pyarrow as pa

from anonkit.errors import InputError
from anonkit.input.locations import find_remote, is_uri, out_of_reach, parquet_file, shown, size_of
from anonkit.input.normalize import unified_field

__all__ = ["DamagedFile", "Fragment", "InputFile", "Source", "damaged", "find_files", "tasks"]

# Rows of one task: enough to make the overhead of a task vanish, few enough for progress and balance.
_TASK_ROWS = 65_536
_LEAST_TASK_ROWS = 8_192
_TASKS_PER_WORKER = 4


class DamagedFile(InputError):
    """A file that is no parquet file, or whose data cannot be decoded."""

    def __init__(self, name: str, reason: str) -> None:
        self.name, self.reason = name, reason
        super().__init__(
            f'{name}: {reason}; mend or remove the file, or set on_bad_file = "skip" in [run] to leave it out'
        )

    def __reduce__(self) -> tuple[type[DamagedFile], tuple[str, str]]:
        return type(self), (self.name, self.reason)


@attrs.frozen
class InputFile:
    """A parquet file and what its footer says."""

    path: str
    name: str
    """Below the input folder, or below the folders that a glob spells out; for messages."""
    size: int
    row_groups: tuple[int, ...]
    """Rows in each."""
    schema: pa.Schema
    uri: str = ""
    """The input's URI, whose filesystem has the path; empty for this machine's."""

    @property
    def rows(self) -> int:
        """Rows in the file."""
        return sum(self.row_groups)


@attrs.frozen
class Fragment:
    """A run of rows of one file."""

    path: str
    name: str
    row_groups: tuple[int, ...]
    """The row groups it lies in, neighbours."""
    skip: int
    """Rows of them before the run."""
    rows: int
    first_row: int
    """Global number of its first row, from 0."""
    uri: str = ""
    """See `InputFile`."""


@attrs.frozen
class Source:
    """All the input of a run."""

    files: tuple[InputFile, ...]
    skipped: tuple[DamagedFile, ...] = ()

    @classmethod
    def open(cls, data_dir: str, *, skip_damaged: bool, without: Sequence[DamagedFile] = ()) -> Source:
        """Read the footers of all files of `data_dir`, except those of `without`, which are known to be damaged.

        InputError when there is no file to read; DamagedFile for the first damaged one unless they are to be skipped.
        """
        known = {bad.name for bad in without}
        uri = data_dir if is_uri(data_dir) else ""
        files: list[InputFile] = []
        skipped = list(without)
        for path, name in find_files(data_dir):
            if name in known:
                continue
            try:
                files.append(_open(path, name, uri, files[-1].schema if files else None))
            except DamagedFile as bad:
                if not skip_damaged:
                    raise
                skipped.append(bad)
        if not files:
            raise InputError(f"{shown(data_dir)}: every parquet file in it is damaged; there is nothing to read")
        return cls(tuple(files), tuple(sorted(skipped, key=lambda bad: bad.name)))

    @property
    def rows(self) -> int:
        """Rows in all files."""
        return sum(file.rows for file in self.files)

    @property
    def names(self) -> frozenset[str]:
        """Names of the columns that any file has."""
        return frozenset(name for schema, _ in self._schemas() for name in schema.names)

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns that any file has, in the order in which they first appear."""
        return tuple(dict.fromkeys(name for schema, _ in self._schemas() for name in schema.names))

    def schema(self, columns: Iterable[str]) -> pa.Schema:
        """Return the unified schema of `columns`, in that order. InputError when the files disagree beyond repair."""
        return pa.schema([unified_field(column, list(self._types(column))) for column in columns])

    def _types(self, column: str) -> Iterator[pa.DataType]:
        for schema, name in self._schemas():
            places = schema.get_all_field_indices(column)
            if len(places) > 1:
                raise InputError(f"{name}: column {column!r} is there twice; rename one of them")
            if places:
                yield schema.field(places[0]).type

    def _schemas(self) -> Iterator[tuple[pa.Schema, str]]:
        """Yield the schemas in their order, each with the first of the neighbours that share it."""
        before: pa.Schema | None = None
        for file in self.files:
            if file.schema is not before:
                yield file.schema, file.name
            before = file.schema


def find_files(data_dir: str) -> list[tuple[str, str]]:
    """Return path and short name of each parquet file: of a folder, searched to the bottom, of a glob, or one; sorted.

    Paths are absolute, or, of a URI, those of its filesystem. InputError when there is none.
    """
    if is_uri(data_dir):
        return find_remote(data_dir)
    return [(os.path.abspath(path), name) for path, name in _find_local(data_dir)]


def _find_local(data_dir: str) -> list[tuple[str, str]]:
    root = Path(data_dir)
    if root.is_file():
        return [(str(root), root.name)]
    if root.is_dir():
        found = sorted(path for path in root.rglob("*.parquet") if path.is_file())
        if not found:
            raise InputError(f"{data_dir}: no *.parquet file in this folder or below it; check --data-dir")
        return [(str(path), path.relative_to(root).as_posix()) for path in found]
    matched = sorted(Path(path) for path in glob.glob(data_dir, recursive=True) if Path(path).is_file())
    if not matched:
        what = "no file matches" if glob.has_magic(data_dir) else "no such file or folder"
        raise InputError(f"{data_dir}: {what}; check --data-dir")
    above = Path(*takewhile(lambda part: not glob.has_magic(part), root.parts))
    return [(str(path), path.relative_to(above).as_posix()) for path in matched]


def _open(path: str, name: str, uri: str, usual: pa.Schema | None) -> InputFile:
    """Read a footer. Files mostly have the schema of the file before: then they share it, and it is checked once."""
    try:
        with parquet_file(path, uri) as file:
            footer = file.metadata
            groups = tuple(footer.row_group(i).num_rows for i in range(footer.num_row_groups))
            if any(rows < 0 for rows in groups):
                raise ValueError("a row group of fewer than no rows")
            schema = file.schema_arrow
            if usual is not None and schema.equals(usual):
                schema = usual
            else:
                _check(schema)
            return InputFile(path, name, size_of(path, uri), groups, schema, uri)
    except InputError:
        raise
    except Exception as error:  # each filesystem has its own
        raise damaged(name, error, "no parquet file, or cut off: its footer cannot be read", uri) from None


def _check(schema: pa.Schema) -> None:
    """ValueError for what Arrow lets pass in a damaged footer."""
    for field in schema:
        # Names are decoded when they are looked at: here, and of the fields of structs there.
        unified_field(field.name, [field.type])


def damaged(name: str, error: Exception, reason: str, uri: str) -> Exception:
    """Return what to raise for an error in reading a file: without the library's own words, which may quote data."""
    if isinstance(error, (FileNotFoundError, PermissionError)) and not uri:
        # Arrow's own words hold the path.
        told = os.strerror(error.errno) if error.errno else type(error).__name__
        return InputError(f"{name}: cannot be read ({told}); check that it exists and that you may read it")
    if uri and not isinstance(error, pa.ArrowInvalid):
        return out_of_reach(name, error)
    known = isinstance(error, (OSError, ValueError, pa.ArrowException))
    return DamagedFile(name, reason) if known else error


def tasks(files: Sequence[InputFile], workers: int) -> list[tuple[Fragment, ...]]:
    """Cut the rows of all files into tasks of about equal size, in global order; every row is in exactly one.

    Row groups are kept whole unless there are too few of them to keep `workers` busy: to read the second half of one,
    the first half has to be decoded too.
    """
    room = _room(files, workers)
    cut: list[tuple[Fragment, ...]] = []
    bundle: list[Fragment] = []
    bundled = 0
    for fragment in _fragments(files, workers, room):
        if bundle and bundled + fragment.rows > room(fragment.first_row):
            cut.append(tuple(bundle))
            bundle, bundled = [], 0
        bundle.append(fragment)
        bundled += fragment.rows
    if bundle:
        cut.append(tuple(bundle))
    return cut


def _room(files: Sequence[InputFile], workers: int) -> Callable[[int], int]:
    """Return how many rows a task should have, by the global number of its first row.

    Small inputs make smaller tasks. While the last one is done, other workers have nothing to do, so there the tasks of
    the last quarter are smaller still.
    """
    total = sum(file.rows for file in files)
    rows = min(max(total // (workers * _TASKS_PER_WORKER), _LEAST_TASK_ROWS), _TASK_ROWS)
    if workers == 1 or rows == _TASK_ROWS:
        return lambda first_row: _TASK_ROWS
    return lambda first_row: rows if 4 * first_row < 3 * total else max(rows // 2, _LEAST_TASK_ROWS)


def _fragments(files: Sequence[InputFile], workers: int, room: Callable[[int], int]) -> Iterator[Fragment]:
    first_row = 0
    for file in files:
        for groups, rows in _runs(file.row_groups, room(first_row)):
            parts = min(workers, max(round(rows / room(first_row)), 1))
            bounds = [rows * part // parts for part in range(parts + 1)]
            for low, high in pairwise(bounds):
                yield Fragment(file.path, file.name, groups, low, high - low, first_row + low, file.uri)
            first_row += rows


def _runs(row_groups: Sequence[int], wanted: int) -> Iterator[tuple[tuple[int, ...], int]]:
    """Yield runs of row groups with their rows: neighbours together as long as they fit a task, empty ones nowhere."""
    run: list[int] = []
    rows = 0
    for group, size in enumerate(row_groups):
        if run and rows + size > wanted:
            yield tuple(run), rows
            run, rows = [], 0
        if size:
            run.append(group)
            rows += size
    if run:
        yield tuple(run), rows
