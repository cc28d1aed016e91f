"""A reader: turns the files of one format into Arrow batches."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from functools import cached_property
from typing import TYPE_CHECKING, Any, BinaryIO

import attrs

from anonkit.errors import DamagedFile

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["BadRecord", "Contents", "DataFile", "FileHead", "Page", "Reader", "Run"]


class FileHead:
    """The beginning of a file, by which a reader recognizes its format."""

    def __init__(self, name: str, data: bytes | Callable[[], bytes]) -> None:
        self.name = name
        """The file's name, in lower case, without the suffix of a compression."""
        self._data = data

    @cached_property
    def data(self) -> bytes:
        """Up to 64 KiB, decompressed; they are read when they are asked for."""
        return self._data if isinstance(self._data, bytes) else self._data()


@attrs.frozen
class Run:
    """Neighbouring rows of a file that are read at once, in the order of the file."""

    rows: int
    start: int = 0
    """Where it begins: a byte, a row, whatever the reader counts in."""
    end: int = 0
    """Where it ends; the first place after it."""
    line: int = 1
    """The line in which it begins, for messages."""


@attrs.frozen
class BadRecord:
    """A record that cannot be read. Nothing of its values is in here."""

    reason: str
    """``3 fields, and the header has 4``."""
    line: int = 0
    """From 1; 0 where the format has no lines."""
    column: int = 0
    """Of the first character that is wrong, from 1; 0 for the line as a whole."""

    @property
    def place(self) -> str:
        """The place in words: ``line 3, column 7``."""
        column = f", column {self.column}" if self.column else ""
        return f"line {self.line}{column}" if self.line else "a record"


@attrs.frozen
class Page:
    """Rows of a file that are a part of a longer list, as the answer of a search engine is."""

    rows: int
    """Rows in this part."""
    total: int
    """Rows of the whole list, as the file says."""
    at_least: bool = False
    """Whether the list may be longer: then it ends with a page that is shorter than the one before."""
    advice: str = ""
    """How to get all of it, for a warning: ``ask for a larger size``."""


@attrs.frozen
class Contents:
    """The rows and columns of a file."""

    schema: pa.Schema
    """Its columns. A type here is what `Reader.batches` gives, or what it can be cast to."""
    runs: tuple[Run, ...]
    """All rows, cut for workers: about 64 MiB or 65,536 rows each where the format allows it."""
    bad: tuple[BadRecord, ...] = ()
    """Records that were left out, the first hundred of them."""
    bad_records: int = 0
    """How many were left out."""
    pages: tuple[Page, ...] = ()
    """Parts of longer lists. A list that no pages of the input complete is a warning."""
    missing_rows: tuple[str, ...] = ()
    """Why rows may be missing that the file should have, without its name and without values."""


class DataFile(ABC):
    """A file to read. It can be sent to other processes."""

    name: str
    """For messages: the path below the input folder."""
    skip_bad_records: bool
    """Whether a record that cannot be read is left out and counted; otherwise it is an error."""

    @abstractmethod
    def open(self, start: int = 0) -> BinaryIO:
        """Return the bytes from `start`, as a stream; those of a compressed file are decompressed."""

    @property
    @abstractmethod
    def is_compressed(self) -> bool:
        """Whether the file is compressed: to read its end, all before it has to be read."""

    @abstractmethod
    def random_access(self) -> Any:
        """Return a path, or for a file that is elsewhere an open `pyarrow.NativeFile`, for libraries that seek."""

    @abstractmethod
    def failures(self, reason: str) -> AbstractContextManager[None]:
        """Return a context that turns errors of libraries into those of anonkit.

        A file that is not there or out of reach is an InputError, what libraries raise for content a DamagedFile with
        `reason`. The library's words, which may quote data, are left out.
        """

    def refuse(self, bad: BadRecord) -> DamagedFile:
        """Return the error for a record that is not to be left out."""
        return DamagedFile(
            self.name,
            f"{bad.place}: {bad.reason}",
            'mend the record, or set on_bad_record = "skip" in [run] to leave such records out',
        )


class Reader(ABC):
    """Reads the files of one format. An object without state of a run: workers get copies."""

    @abstractmethod
    def recognizes(self, head: FileHead) -> bool:
        """Return whether a file that begins like this is in the format."""

    @abstractmethod
    def batches(
        self, file: DataFile, runs: Sequence[Run], columns: pa.Schema | None, rows: int
    ) -> Iterator[pa.RecordBatch]:
        """Yield the rows of neighbouring runs in order, in batches of about `rows` rows; without runs the whole file.

        `columns` are those that are needed, with the types that they are cast to afterwards; None for all columns. A
        batch may lack columns of it, which are null there, and may have a column in another type.
        """

    def contents(self, file: DataFile) -> Contents:
        """Return the rows and columns. As it is here, everything is read and counted, and is one run."""
        import pyarrow as pa

        schema, rows = pa.schema([]), 0
        for batch in self.batches(file, (), None, 16_384):
            schema = pa.unify_schemas([schema, batch.schema], promote_options="permissive")
            rows += len(batch)
        return Contents(schema, (Run(rows),))
