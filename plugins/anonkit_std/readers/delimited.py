"""The base class of the readers of CSV, TSV, sacct and SWF: each record has as many fields as the header has names."""

from __future__ import annotations

import re
from abc import abstractmethod
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

import attrs
import numpy as np
import pyarrow as pa

from anonkit.api import BadRecord, DamagedFile, DataFile, NoOptions
from anonkit_std.readers.cells import Cells, ColumnKinds, Kind, column_type
from anonkit_std.readers.fields import Fields, end_of_records, find_fields, wrong_quote
from anonkit_std.readers.text_cells import TextCells
from anonkit_std.readers.text_reader import MARK, Block, Parsed, TextReader, read_head

__all__ = ["DelimitedReader", "Header", "first_line", "names_in"]

_LONGEST_HEADER = 4 << 20
# Columns that are aligned with blanks, as in a table for a screen.
_ALIGNED = re.compile(r"\S {2,}\S")
# A name that is a number: the line is a record, and no header.
_NUMBER = re.compile(r"[-+]?[0-9.]+")


@attrs.frozen
class Header:
    """The names of the columns, and the byte between fields."""

    names: tuple[str, ...]
    delimiter: bytes


class DelimitedReader(TextReader):
    """Reads records of fields. A record with more or fewer fields than the header is bad: no value is shifted."""

    quoted = True
    """Whether fields may be quoted."""
    advice = ""
    """The end of the message for a wrong number of fields."""
    first_values = 64
    """So many values of a column are examined first: the others are not examined if these are text. 0: all at once."""

    def __init__(self, options: NoOptions) -> None:
        """Take no options."""

    @abstractmethod
    def delimiter(self, line: bytes) -> bytes:
        """Return the delimiter of a file with this first line."""

    def header(self, file: DataFile) -> tuple[Header, int, int]:
        """Return the names of the columns and the delimiter, and the byte and line at which the records begin.

        DamagedFile for a first line that is no header, or has columns that cannot be told apart.
        """
        start = read_head(file, _LONGEST_HEADER)
        line, size = first_line(start)
        delimiter = self.delimiter(line)
        if self.quoted and (cut := end_of_records(start, delimiter, last=True)):
            # A name may hold a line break.
            record = find_fields(start[:cut], delimiter, quoted=wrong_quote(start[:cut], delimiter) < 0)
            size = int(record.ends[record.counts[0] - 1]) + 1
            line = start[:size].removeprefix(MARK)
        if self.quoted and wrong_quote(line, delimiter) >= 0:
            raise DamagedFile(file.name, "line 1: a quote that neither begins nor ends its name, or is not closed")
        names = names_in(line, delimiter, self.quoted)
        if len(names) == 1 and _ALIGNED.search(names[0]):
            reason = "line 1: blanks between the columns, which values hold too"
            raise DamagedFile(file.name, reason, "get the file with sacct --parsable2 or condor_history -json")
        if fault := _fault(names, line):
            raise DamagedFile(file.name, f"line 1: {fault}", "put the names of the columns into the first line")
        return Header(names, delimiter), min(size, len(start)), 1 + start.count(b"\n", 0, size)

    def end_of_records(self, data: bytes, header: Header, last: bool) -> int:
        """Return the position after the last line break that is not inside a field."""
        return end_of_records(data, header.delimiter, last=last) if self.quoted else data.rfind(b"\n") + 1

    def schema(self, kinds: ColumnKinds) -> pa.Schema:
        """Return the columns of the file; a column with a value that is no number or boolean is text."""
        found = {name: Kind.TEXT if kind & Kind.TEXT else kind for name, kind in kinds.kinds.items()}
        return pa.schema([pa.field(name, column_type(kind, name in kinds.negative)) for name, kind in found.items()])

    def parse(self, block: Block, header: Header, columns: Collection[str] | None) -> Parsed:
        """Return the records of a block."""
        if self.quoted and (place := wrong_quote(block.data, header.delimiter)) >= 0:
            reason = "a quote that neither begins nor ends its field, or is not closed"
            return Parsed(0, {}, (BadRecord(reason, *block.line_and_column(place)),))
        fields = find_fields(block.data, header.delimiter, quoted=self.quoted)
        good = fields.counts == len(header.names)
        returns = fields.lone_returns() if self.quoted else {}
        good[list(returns)] = False
        blank = fields.is_blank() if len(header.names) > 1 else np.zeros(len(good), np.bool_)
        bad = tuple(self._bad(block, fields, header, np.flatnonzero(~good & ~blank), returns))
        return Parsed(int(good.sum()), dict(self._columns(fields, header, fields.first[good], columns)), bad)

    def _bad(
        self, block: Block, fields: Fields, header: Header, records: Any, returns: Mapping[int, int]
    ) -> Iterator[BadRecord]:
        """Yield the bad records: those at the positions `records`, of which `returns` have a lone carriage return."""
        names = len(header.names)
        for record in records.tolist():
            if record in returns:
                yield BadRecord("a carriage return outside of quotes", *block.line_and_column(returns[record]))
                continue
            first, count = int(fields.first[record]), int(fields.counts[record])
            # The first field that has no name, or the end of the last field.
            place = int(fields.starts[first + names] if count > names else fields.ends[first + count - 1])
            reason = f"{count} fields, and the header has {names}{self.advice}"
            yield BadRecord(reason, *block.line_and_column(place))

    def _columns(
        self, fields: Fields, header: Header, first: Any, columns: Collection[str] | None
    ) -> Iterator[tuple[str, Cells]]:
        """Yield the columns of the records whose first fields are at the positions `first`."""
        for place, name in enumerate(header.names):
            if columns is None:
                yield name, self._kinds(fields, first + place)
            elif name in columns:
                yield name, TextCells(fields.texts(first + place), Kind.TEXT)

    def _kinds(self, fields: Fields, positions: Any) -> Cells:
        """Return the cells of a column, for their kinds only: the first cells are enough when one of them is text."""
        few = TextCells.from_texts(fields.texts(positions[: self.first_values]))
        if len(positions) <= self.first_values or few.kinds == Kind.TEXT:
            return few
        return TextCells.from_texts(fields.texts(positions))


def _fault(names: Sequence[str], line: bytes) -> str:
    """Return the fault of a header, for a message; empty for none."""
    if not line.strip():
        return "there is no header"
    if b"\0" in line:
        return "it is not text in UTF-8; iconv -f UTF-16 -t UTF-8 converts it, if it is in UTF-16"
    if any(_NUMBER.fullmatch(name) for name in names):
        return "it is not a header, since there are numbers in it"
    if len(set(names)) < len(names):
        first = next(place for place, name in enumerate(names) if name in names[:place])
        return f"the columns {names.index(names[first]) + 1} and {first + 1} have one name"
    return ""


def first_line(data: bytes) -> tuple[bytes, int]:
    """Return the first line, without byte order mark and line break, and its size with them."""
    end = data.find(b"\n")
    size = len(data) if end < 0 else end + 1
    return data[:size].removeprefix(MARK).rstrip(b"\r\n"), size


def names_in(line: bytes, delimiter: bytes, quoted: bool) -> tuple[str, ...]:
    """Return the names in a header line; a column without a name is `column_` and its number, from 1."""
    fields = find_fields(line.rstrip(b"\r\n"), delimiter, quoted=quoted and wrong_quote(line, delimiter) < 0)
    texts = fields.texts(np.arange(len(fields.starts))).to_pylist()
    return tuple(text.decode("utf-8", "replace").strip() or f"column_{place}" for place, text in enumerate(texts, 1))
