"""The input files: where they are, their readers, and the rows and columns that the readers find in them."""

from __future__ import annotations

import glob
import os
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import takewhile
from pathlib import Path
from typing import Any

import attrs
import pyarrow as pa

from anonkit.arrow.mixed_numbers import MIXED, is_mixed
from anonkit.catalogue import Preset
from anonkit.errors import DamagedFile, InputError, some
from anonkit.input.data_file import InputData
from anonkit.input.locations import find_remote, is_uri, shown
from anonkit.input.measures import Measure, measures_of
from anonkit.input.normalize import unified_field
from anonkit.input.own_outputs import without_own_outputs
from anonkit.input.pages import incomplete_lists
from anonkit.input.readers import Readers
from anonkit.plugin.contracts import Contents, Reader, Run

__all__ = ["InputFile", "Source", "find_files"]


@attrs.frozen
class InputFile:
    """A file, its reader, and the rows and columns that the reader found."""

    data: InputData
    size: int
    """Bytes, as it is stored."""
    contents: Contents
    reader: Reader
    format: str
    """The reader's name."""

    @property
    def name(self) -> str:
        """For messages: the path below the input folder, or below the folder part of a glob."""
        return self.data.name

    @property
    def runs(self) -> tuple[Run, ...]:
        """Its rows, as the reader cuts them."""
        return self.contents.runs

    @property
    def rows(self) -> int:
        """Rows in the file."""
        return sum(run.rows for run in self.runs)

    @property
    def schema(self) -> pa.Schema:
        """Its columns."""
        return self.contents.schema


@attrs.frozen
class Source:
    """All input files of a run, in the global row order: sorted by path."""

    files: tuple[InputFile, ...]
    skipped: tuple[DamagedFile, ...] = ()
    warnings: tuple[str, ...] = ()
    """About files that are passed over (anonkit's own outputs, hidden ones), and rows that are left out or lacking."""
    measures: Mapping[str, Measure] = attrs.field(factory=dict)
    """By name of a column in folded case: its unit and its type."""
    missing_rows: tuple[str, ...] = ()
    """The warnings about rows that the files should have and do not."""

    @classmethod
    def open(
        cls,
        data_dirs: str | Sequence[str],
        *,
        skip_damaged: bool,
        without: Sequence[DamagedFile] = (),
        readers: Readers | None = None,
        skip_bad_records: bool = False,
        private: Collection[str] = (),
    ) -> Source:
        """Return the files of one or several inputs, in order, each with the rows and columns that its reader finds.

        With several inputs, the names of files begin with the number of their input. The files `without` are known to
        be damaged and left out. `readers` are those that are on, or None for all that are installed; `private` are
        paths of files that are not input, wherever they are. InputError when there is no file to read; DamagedFile for
        the first damaged one unless they are to be skipped.
        """
        inputs = (data_dirs,) if isinstance(data_dirs, str) else tuple(data_dirs)
        opening = _Opening(
            inputs, readers or Readers.installed(), skip_damaged, skip_bad_records, list(without), private
        )
        return opening.source()

    def with_preset(self, preset: Preset | None) -> Source:
        """Return the source with the units of a preset's columns."""
        return attrs.evolve(self, measures=measures_of(preset))

    @property
    def rows(self) -> int:
        """Rows in all files."""
        return sum(file.rows for file in self.files)

    def by_reader(self) -> list[dict[str, Any]]:
        """Return how many files, rows and records that were left out each reader read."""
        formats = dict.fromkeys(file.format for file in self.files)
        return [
            {
                "reader": name,
                "files": len(files),
                "rows": sum(file.rows for file in files),
                "bad_records": sum(file.contents.bad_records for file in files),
            }
            for name in formats
            if (files := [file for file in self.files if file.format == name])
        ]

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
        return pa.schema([self._field(column) for column in columns])

    def _field(self, column: str) -> pa.Field:
        fields = list(self._fields(column))
        field = unified_field(column, [member.type for member in fields], self.measures.get(column.casefold()))
        # A reader may find numbers and text in one file.
        return field.with_metadata(MIXED) if pa.types.is_string(field.type) and any(map(is_mixed, fields)) else field

    def _fields(self, column: str) -> Iterator[pa.Field]:
        for schema, name in self._schemas():
            places = schema.get_all_field_indices(column)
            if len(places) > 1:
                raise InputError(f"{name}: column {column!r} is there twice; rename one of them")
            if places:
                yield schema.field(places[0])

    def _schemas(self) -> Iterator[tuple[pa.Schema, str]]:
        """Yield the schemas in the files' order, each with the name of the first of the neighbours that share it."""
        before: pa.Schema | None = None
        for file in self.files:
            if file.schema is not before:
                yield file.schema, file.name
            before = file.schema


@attrs.frozen
class _Opening:
    """The files of an input on their way into a `Source`."""

    inputs: tuple[str, ...]
    readers: Readers
    skip_damaged: bool
    skip_bad_records: bool
    skipped: list[DamagedFile]
    private: Collection[str]

    def source(self) -> Source:
        warnings: list[str] = []
        known = {bad.name for bad in self.skipped}
        files: list[InputFile] = []
        unknown: list[str] = []
        for data in self._found(warnings):
            if data.name not in known and data.path not in self.private:
                files += self._opened(data, files[-1].schema if files else None, unknown)
        if not files:
            self._refuse(unknown)
        bad = sorted(self.skipped, key=lambda bad: bad.name)
        contents = [(file.name, file.contents) for file in files]
        missing = (*_missing_rows(contents), *incomplete_lists(contents))
        passed_over = (*warnings, *_unread(unknown), *_without_bad_records(files), *missing)
        return Source(tuple(files), tuple(bad), passed_over, missing_rows=missing)

    def _found(self, warnings: list[str]) -> Iterator[InputData]:
        """Yield the files of all inputs, each once; add to `warnings`."""
        seen: set[tuple[str, str]] = set()
        for number, data_dir in enumerate(self.inputs, 1):
            found, passed_over = find_files(data_dir)
            warnings += passed_over
            uri = data_dir if is_uri(data_dir) else ""
            for path, name in found:
                if (uri, path) in seen:
                    warnings.append(f"{name} is in two inputs, and read once")
                    continue
                seen.add((uri, path))
                yield InputData(path, f"{number}/{name}" if len(self.inputs) > 1 else name, uri, self.skip_bad_records)

    def _opened(self, data: InputData, usual: pa.Schema | None, unknown: list[str]) -> Iterator[InputFile]:
        """Yield the file; none when it is skipped, or when no reader knows it, which then goes to `unknown`."""
        try:
            chosen = self.readers.reader_of(data)
            if chosen is None:
                unknown.append(data.name)
                return
            contents = chosen.reader.contents(data)
            if usual is not None and contents.schema.equals(usual, check_metadata=True):
                # Most files have the schema of the file before; one object is enough.
                contents = attrs.evolve(contents, schema=usual)
            yield InputFile(data, data.size, contents, chosen.reader, chosen.name)
        except DamagedFile as bad:
            if not self.skip_damaged:
                raise
            self.skipped.append(bad)

    def _refuse(self, unknown: Sequence[str]) -> None:
        inputs = ", ".join(map(shown, self.inputs))
        if unknown:
            raise InputError(
                f"{inputs}: no reader knows the format of {some(unknown, 3)}; the formats, and how to get one:\n"
                f"{self.readers.formats()}"
            )
        raise InputError(f"{inputs}: every file in it is damaged; there is nothing to read")


def _unread(names: Sequence[str]) -> Iterator[str]:
    if names:
        yield f"passed over {some(names, 5)}: no reader knows the format"


def _without_bad_records(files: Iterable[InputFile]) -> Iterator[str]:
    for file in files:
        if count := file.contents.bad_records:
            places = "; ".join(f"{bad.place}: {bad.reason}" for bad in file.contents.bad[:3])
            more = f"; and {count - 3:,} more" if count > 3 else ""
            records = "1 record" if count == 1 else f"{count:,} records"
            yield f"{file.name}: left out {records} that cannot be read ({places}{more})"


def _missing_rows(files: Iterable[tuple[str, Contents]]) -> Iterator[str]:
    for name, contents in files:
        yield from (f"{name}: {reason}" for reason in contents.missing_rows)


Found = list[tuple[str, str]]


def find_files(data_dir: str) -> tuple[Found, tuple[str, ...]]:
    """Return path and short name of each file, sorted by path, and warnings about files that are passed over.

    `data_dir` is a folder, which is searched to the bottom, a file, a glob, or a URI. Of a folder or a glob, anonkit's
    own outputs and hidden files are left out. Paths are absolute, or for a URI those of its filesystem. InputError when
    there is no file.
    """
    if is_uri(data_dir):
        return find_remote(data_dir), ()
    root = Path(data_dir)
    if root.is_file():
        return _named([root], root.parent), ()
    if root.is_dir():
        matched = [path for path in root.rglob("*") if path.is_file()]
        nothing = "no file in this folder or below it"
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
