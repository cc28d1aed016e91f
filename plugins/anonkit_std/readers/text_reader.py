"""What readers of text share: a file is read block by block; a block ends where a record ends, and is a run.

Workers read the blocks of one plain file in parallel. A compressed file is one run, and is decompressed as it is read.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, BinaryIO

import attrs
import pyarrow as pa

from anonkit.api import BadRecord, Contents, DamagedFile, DataFile, Page, Reader, Run
from anonkit_std.readers.cells import Cells, Kind, column_field, record_batch

__all__ = ["BLOCK", "MARK", "Block", "Parsed", "TextReader"]

MARK = b"\xef\xbb\xbf"
"""The byte order mark of UTF-8, with which some programs begin a file."""
BLOCK = 8 << 20
"""Bytes that are read at a time; a longer record makes a longer block."""
_LISTED = 100
_LONGEST = 256 << 20
_BROKEN = "cut off or damaged: it cannot be decompressed"


@attrs.frozen
class Block:
    """Whole records."""

    data: bytes
    start: int
    """Its first byte in the file, decompressed."""
    line: int
    """The line of its first byte, from 1."""

    def line_and_column(self, place: int) -> tuple[int, int]:
        """Return the line in the file, and the byte in the line, of a place in the data; both from 1."""
        return self.line + self.data.count(b"\n", 0, place), place - self.data.rfind(b"\n", 0, place)


@attrs.frozen
class Parsed:
    """The records of a block."""

    rows: int
    columns: Mapping[str, Cells]
    """In the order in which they appear; where kinds alone are needed, a column may lack cells."""
    bad: tuple[BadRecord, ...] = ()
    """Records that are left out."""
    broken: BadRecord | None = None
    """Where the file cannot be read any further, since the beginning of the next record is unknown."""
    pages: tuple[Page, ...] = ()
    """Parts of longer lists."""
    missing_rows: tuple[str, ...] = ()
    """Why rows may be missing; a reason is given once for a file."""


class TextReader(Reader):
    """Reads text; a format says where records end, and parses a block of whole records."""

    block_bytes = BLOCK

    @abstractmethod
    def end_of_records(self, data: bytes, header: Any, last: bool) -> int:
        """Return the place after the last record that ends in the data, which begin with a record; 0 for none.

        `last`: nothing follows the data, or more than memory should hold.
        """

    @abstractmethod
    def parse(self, block: Block, header: Any, columns: Collection[str] | None) -> Parsed:
        """Return the records of a block with these columns; None: all columns, of which the kinds alone are needed."""

    def header(self, file: DataFile) -> tuple[Any, int, int]:
        """Return what is at the beginning of the file and says how to read it, and the byte and line after it."""
        return None, 0, 1

    def contents(self, file: DataFile) -> Contents:
        """Read the file once, for its columns, their types, and the number of its rows."""
        header, start, line = self.header(file)
        kinds: dict[str, Kind] = {}
        negative: set[str] = set()
        runs: list[Run] = []
        bad: list[BadRecord] = []
        pages: list[Page] = []
        missing: dict[str, None] = {}
        for block in self._blocks(file, header, Run(0, start, 0, line)):
            parsed = self._parsed(file, block, header, None)
            for name, cells in parsed.columns.items():
                kinds[name] = kinds.get(name, Kind(0)) | cells.kinds
                if cells.negative:
                    negative.add(name)
            runs.append(Run(parsed.rows, block.start, block.start + len(block.data), block.line))
            bad += parsed.bad
            pages += parsed.pages
            missing.update(dict.fromkeys(parsed.missing_rows))
        schema = self.schema(kinds, negative)
        cut = _joined(runs) if file.is_compressed else tuple(runs)
        return Contents(schema, cut, tuple(bad[:_LISTED]), len(bad), tuple(pages), tuple(missing))

    def schema(self, kinds: Mapping[str, Kind], negative: Collection[str]) -> pa.Schema:
        """Return the columns of the file, of which the values have these kinds."""
        return pa.schema([column_field(name, kind, name in negative) for name, kind in kinds.items()])

    def batches(
        self, file: DataFile, runs: Sequence[Run], columns: pa.Schema | None, rows: int
    ) -> Iterator[pa.RecordBatch]:
        """Yield a batch for each block."""
        header, start, line = self.header(file)
        if columns is None:
            columns = self.contents(file).schema
        for run in runs or (Run(0, start, 0, line),):
            for block in self._blocks(file, header, run):
                parsed = self._parsed(file, block, header, frozenset(columns.names))
                yield record_batch(parsed.rows, parsed.columns, columns)

    def _parsed(self, file: DataFile, block: Block, header: Any, columns: Collection[str] | None) -> Parsed:
        parsed = self.parse(block, header, columns)
        if parsed.broken:
            raise DamagedFile(file.name, f"{parsed.broken.place}: {parsed.broken.reason}")
        if parsed.bad and not file.skip_bad_records:
            raise file.refuse(parsed.bad[0])
        return parsed

    def _blocks(self, file: DataFile, header: Any, run: Run) -> Iterator[Block]:
        """Yield the blocks of a run; one that ends at 0 is the rest of the file."""
        start, line = run.start, run.line
        with file.failures(_BROKEN), file.open(start) as stream:
            rest = b""
            while True:
                wanted = max(self.block_bytes, len(rest))
                data = self._read(file, stream, min(wanted, run.end - start - len(rest)) if run.end else wanted)
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

    def _read(self, file: DataFile, stream: BinaryIO, size: int) -> bytes:
        """Return the next bytes; fewer only at the end."""
        parts = []
        while size > 0 and (part := stream.read(size)):
            parts.append(part)
            size -= len(part)
        return b"".join(parts)


def _joined(runs: Sequence[Run]) -> tuple[Run, ...]:
    """Return one run instead of neighbouring ones."""
    if not runs:
        return ()
    return (Run(sum(run.rows for run in runs), runs[0].start, runs[-1].end, runs[0].line),)
