"""The input files: where they are, and the rows and columns that their footers declare."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterable, Iterator, Sequence
from itertools import takewhile
from pathlib import Path

import attrs
import pyarrow as pa

from anonkit.errors import InputError
from anonkit.input.locations import find_remote, is_uri, out_of_reach, parquet_file, shown, size_of
from anonkit.input.normalize import unified_field
from anonkit.input.own_outputs import without_own_outputs

__all__ = ["DamagedFile", "InputFile", "Source", "damaged", "find_files"]


class DamagedFile(InputError):
    """A file that is not a parquet file, or has data that cannot be decoded."""

    def __init__(self, name: str, reason: str) -> None:
        self.name, self.reason = name, reason
        super().__init__(
            f'{name}: {reason}; mend or remove the file, or set on_bad_file = "skip" in [run] to leave it out'
        )

    def __reduce__(self) -> tuple[type[DamagedFile], tuple[str, str]]:
        return type(self), (self.name, self.reason)


@attrs.frozen
class InputFile:
    """A parquet file and the content of its footer."""

    path: str
    name: str
    """For messages: the path below the input folder, or below the folder part of a glob."""
    size: int
    row_groups: tuple[int, ...]
    """Rows in each."""
    schema: pa.Schema
    uri: str = ""
    """The input's URI, if `path` is one of the URI's filesystem; empty for a path of this machine."""

    @property
    def rows(self) -> int:
        """Rows in the file."""
        return sum(self.row_groups)


@attrs.frozen
class Source:
    """All input files of a run, in the global row order: sorted by path."""

    files: tuple[InputFile, ...]
    skipped: tuple[DamagedFile, ...] = ()
    warnings: tuple[str, ...] = ()
    """About files that are passed over: anonkit's own outputs, hidden ones."""

    @classmethod
    def open(cls, data_dir: str, *, skip_damaged: bool, without: Sequence[DamagedFile] = ()) -> Source:
        """Read the footers of all files of `data_dir` except `without`, the files that are known to be damaged.

        InputError when there is no file to read; DamagedFile for the first damaged one unless they are to be skipped.
        """
        known = {bad.name for bad in without}
        uri = data_dir if is_uri(data_dir) else ""
        files: list[InputFile] = []
        skipped = list(without)
        found, warnings = _find(data_dir)
        for path, name in found:
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
        return cls(tuple(files), tuple(sorted(skipped, key=lambda bad: bad.name)), warnings)

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
        """Return the unified schema of `columns`, in that order. InputError when the files' types cannot be unified."""
        return pa.schema([unified_field(column, list(self._types(column))) for column in columns])

    def _types(self, column: str) -> Iterator[pa.DataType]:
        for schema, name in self._schemas():
            places = schema.get_all_field_indices(column)
            if len(places) > 1:
                raise InputError(f"{name}: column {column!r} is there twice; rename one of them")
            if places:
                yield schema.field(places[0]).type

    def _schemas(self) -> Iterator[tuple[pa.Schema, str]]:
        """Yield the schemas in the files' order, each with the name of the first of the neighbours that share it."""
        before: pa.Schema | None = None
        for file in self.files:
            if file.schema is not before:
                yield file.schema, file.name
            before = file.schema


def find_files(data_dir: str) -> list[tuple[str, str]]:
    """Return path and short name of each parquet file, sorted.

    `data_dir` is a folder, which is searched to the bottom, a file, a glob, or a URI.
    Of a folder or a glob, anonkit's own outputs and hidden files are no part. Paths are absolute, or for a URI
    those of its filesystem. InputError when there is no file.
    """
    return _find(data_dir)[0]


Found = list[tuple[str, str]]


def _find(data_dir: str) -> tuple[Found, tuple[str, ...]]:
    """Return the same as `find_files`, and warnings about files that are passed over."""
    if is_uri(data_dir):
        return find_remote(data_dir), ()
    root = Path(data_dir)
    if root.is_file():
        return _named([root], root.parent), ()
    if root.is_dir():
        matched = [path for path in root.rglob("*.parquet") if path.is_file()]
        nothing = "no *.parquet file in this folder or below it"
    else:
        matched = [path for match in glob.glob(data_dir, recursive=True) if (path := Path(match)).is_file()]
        nothing = "no file matches" if glob.has_magic(data_dir) else "no such file or folder"
        root = Path(*takewhile(lambda part: not glob.has_magic(part), root.parts))
    inputs = without_own_outputs(root, sorted(matched))
    if not inputs.files:
        why = f" but those that are passed over ({'; '.join(inputs.warnings)})" if inputs.warnings else ""
        raise InputError(f"{data_dir}: {nothing}{why}; check --data-dir")
    return _named(inputs.files, root), inputs.warnings


def _named(paths: Iterable[Path], above: Path) -> Found:
    return [(os.path.abspath(path), path.relative_to(above).as_posix()) for path in paths]


def _open(path: str, name: str, uri: str, usual: pa.Schema | None) -> InputFile:
    """Read a footer. Most files have the schema of the file before: they share the object, which is checked once."""
    try:
        with parquet_file(path, uri) as file:
            footer = file.metadata
            groups = tuple(footer.row_group(i).num_rows for i in range(footer.num_row_groups))
            if any(rows < 0 for rows in groups):
                raise ValueError("a row group with a negative number of rows")
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
    """ValueError for a damaged footer that Arrow accepts."""
    for field in schema:
        # Arrow decodes names only when they are read; `unified_field` reads those of the fields of structs.
        unified_field(field.name, [field.type])


def damaged(name: str, error: Exception, reason: str, uri: str) -> Exception:
    """Return the exception to raise when a file cannot be read, without the library's text, which may quote data."""
    if isinstance(error, (FileNotFoundError, PermissionError)) and not uri:
        # Arrow's message holds the whole path.
        reason = os.strerror(error.errno) if error.errno else type(error).__name__
        return InputError(f"{name}: cannot be read ({reason}); check that it exists and that you may read it")
    if uri and not isinstance(error, pa.ArrowInvalid):
        return out_of_reach(name, error)
    known = isinstance(error, (OSError, ValueError, pa.ArrowException))
    return DamagedFile(name, reason) if known else error
