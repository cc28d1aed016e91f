"""The base class of readers of text: a file is read in blocks of whole records, and each block is a run.

Workers read the blocks of a plain file in parallel. A compressed file is a single run, decompressed as it is read.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, BinaryIO

import attrs
import pyarrow as pa

from anonkit.api import BadRecord, Contents, DamagedFile, DataFile, Page, Reader, Run
from anonkit_std.readers.cells import Cells, ColumnKinds, record_batch

__all__ = ["BLOCK", "MARK", "UNREADABLE", "Block", "Parsed", "TextReader", "read_head"]

MARK = b"\xef\xbb\xbf"
"""The byte order mark of UTF-8, with which some programs begin a file."""
BLOCK = 8 << 20
"""Bytes that are read at a time; a longer record makes a longer block."""
UNREADABLE = "cut off or damaged: it cannot be decompressed"
"""The reason of DamagedFile for a file that cannot be decompressed."""
# Of so many bad records the places are kept.
_LISTED = 100
# From this size on a block ends although its record may go on; one of twice the size is refused.
_LONGEST = 256 << 20


@attrs.frozen
class Block:
    """Some whole records of a file, as bytes."""

    data: bytes
    start: int
    """The position of its first byte in the decompressed file."""
    line: int
    """The line of its first byte, from 1."""

    def line_and_column(self, place: int) -> tuple[int, int]:
        """Return the line in the file and the byte in that line, both from 1, of a position in the data."""
        return self.line + self.data.count(b"\n", 0, place), place - self.data.rfind(b"\n", 0, place)


@attrs.frozen
class Parsed:
    """The records of a block."""

    rows: int
    columns: Mapping[str, Cells]
    """In the order in which they appear. When only kinds are needed, a column may have fewer cells than rows."""
    bad: tuple[BadRecord, ...] = ()
    """Records that are left out."""
    broken: BadRecord | None = None
    """The place from which the file cannot be read, because the next record's beginning is unknown; None for none."""
    pages: tuple[Page, ...] = ()
    """The pages of longer lists that the records are."""
    missing_rows: tuple[str, ...] = ()
    """Reasons why rows may be missing; each is reported once for a file."""


def read_head(file: DataFile, size: int) -> bytes:
    """Return the first `size` bytes of a file, decompressed; all of a shorter file. DamagedFile when that fails."""
    with file.failures(UNREADABLE), file.open() as stream:
        return stream.read(size)


class TextReader(Reader):
    """Reads text. A subclass says where records end (`end_of_records`) and parses whole records (`parse`).

    Both get the header that `header` returned for the file.
    """

    block_bytes = BLOCK

    @abstractmethod
    def end_of_records(self, data: bytes, header: Any, last: bool) -> int:
        """Return the position after the last record that ends in the data; 0 when none ends there.

        The data begin with a record. `last`: no more data follow, or the record is too long to wait for its end.
        """

    @abstractmethod
    def parse(self, block: Block, header: Any, columns: Collection[str] | None) -> Parsed:
        """Return the records of a block, with the given columns; None: with all columns, for their kinds only."""

    def header(self, file: DataFile) -> tuple[Any, int, int]:
        """Return the header of the file, which says how to read it, and the byte and line after it."""
        return None, 0, 1

    def contents(self, file: DataFile) -> Contents:
        """Return the columns of the file with their types, and its runs; the file is read once."""
        header, start, line = self.header(file)
        kinds = ColumnKinds()
        runs: list[Run] = []
        bad: list[BadRecord] = []
        pages: list[Page] = []
        missing: dict[str, None] = {}
        for block in self._blocks(file, header, Run(0, start, 0, line)):
            parsed = self._parsed(file, block, header, None)
            kinds.add(parsed.columns)
            runs.append(Run(parsed.rows, block.start, block.start + len(block.data), block.line))
            bad += parsed.bad
            pages += parsed.pages
            missing.update(dict.fromkeys(parsed.missing_rows))
        joined = _joined(runs) if file.is_compressed else tuple(runs)
        return Contents(self.schema(kinds), joined, tuple(bad[:_LISTED]), len(bad), tuple(pages), tuple(missing))

    def schema(self, kinds: ColumnKinds) -> pa.Schema:
        """Return the columns of the file, given the kinds of all its values."""
        return kinds.schema()

    def batches(
        self, file: DataFile, runs: Sequence[Run], columns: pa.Schema | None, rows: int
    ) -> Iterator[pa.RecordBatch]:
        """Yield the rows of the runs, a batch for each block."""
        header, start, line = self.header(file)
        if columns is None:
            columns = self.contents(file).schema
        for run in runs or (Run(0, start, 0, line),):
            for block in self._blocks(file, header, run):
                parsed = self._parsed(file, block, header, frozenset(columns.names))
                yield record_batch(parsed.rows, parsed.columns, columns)

    def _parsed(self, file: DataFile, block: Block, header: Any, columns: Collection[str] | None) -> Parsed:
        """Return what `parse` does. DamagedFile for a broken block, and for bad records that are not to be skipped."""
        parsed = self.parse(block, header, columns)
        if parsed.broken:
            raise DamagedFile(file.name, f"{parsed.broken.place}: {parsed.broken.reason}")
        if parsed.bad and not file.skip_bad_records:
            raise file.refuse(parsed.bad[0])
        return parsed

    def _blocks(self, file: DataFile, header: Any, run: Run) -> Iterator[Block]:
        """Yield the blocks of a run; a run that ends at 0 is the rest of the file."""
        start, line = run.start, run.line
        with file.failures(UNREADABLE), file.open(start) as stream:
            rest = b""
            while True:
                wanted = max(self.block_bytes, len(rest))
                data = _read(stream, min(wanted, run.end - start - len(rest)) if run.end else wanted)
                if not data:
                    break
                rest += data
                if len(rest) > 2 * _LONGEST:
                    raise DamagedFile(file.name, f"line {line}: a record of more than {2 * _LONGEST >> 20} MiB")
                while rest and (cut := self.end_of_records(rest, header, len(rest) > _LONGEST)):
                    yield Block(rest[:cut], start, line)
                    line += rest.count(b"\n", 0, cut)
                    start, rest = start + cut, rest[cut:]
            while rest:
                cut = self.end_of_records(rest, header, True) or len(rest)
                yield Block(rest[:cut], start, line)
                line += rest.count(b"\n", 0, cut)
                start, rest = start + cut, rest[cut:]


def _read(stream: BinaryIO, size: int) -> bytes:
    """Return the next `size` bytes, fewer only at the end of the stream; a single read may return less."""
    parts = []
    while size > 0 and (part := stream.read(size)):
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def _joined(runs: Sequence[Run]) -> tuple[Run, ...]:
    """Return a single run of all the rows of adjacent runs; none for none."""
    if not runs:
        return ()
    return (Run(sum(run.rows for run in runs), runs[0].start, runs[-1].end, runs[0].line),)
