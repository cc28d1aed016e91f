"""The readers `csv` and `tsv`: a header in the first line, and fields that are quoted as RFC 4180 says."""

from __future__ import annotations

import re

from anonkit.api import FileHead
from anonkit_std.readers.delimited import DelimitedReader, first_line, names_in
from anonkit_std.readers.text_reader import MARK

__all__ = ["CsvReader", "TsvReader"]

# A name of a column that a header may be recognised by.
_NAME = re.compile(r"[^\W\d][\w.]{0,127}")


class CsvReader(DelimitedReader):
    """Reads comma-separated values, or with semicolons where the header has no comma."""

    advice = "; a field with a comma or a line break in it is written in quotes"

    def recognizes(self, head: FileHead) -> bool:
        """Return whether the file is named `*.csv`, or its first line is a header of at least three names."""
        return head.name.endswith(".csv") or _is_table(head.data, self.delimiter(first_line(head.data)[0]))

    def delimiter(self, line: bytes) -> bytes:
        """Return the comma; the semicolon when the line has semicolons and no comma."""
        return b";" if b";" in line and b"," not in line else b","


class TsvReader(CsvReader):
    """Reads tab-separated values."""

    advice = "; a field with a tab or a line break in it is written in quotes"

    def recognizes(self, head: FileHead) -> bool:
        """Return whether the file is named `*.tsv` or `*.tab`, or begins with a header of at least three names."""
        return head.name.endswith((".tsv", ".tab")) or _is_table(head.data, b"\t")

    def delimiter(self, line: bytes) -> bytes:
        """Return the tab."""
        return b"\t"


def _is_table(data: bytes, delimiter: bytes) -> bool:
    """Return whether the first line is at least three distinct names, and the second has as many delimiters or more."""
    line, size = first_line(data)
    second, _ = first_line(data[size:])
    if line.count(delimiter) < 2 or (second and second.count(delimiter) < line.count(delimiter)):
        return False
    names = names_in(line.removeprefix(MARK), delimiter, quoted=True)
    return len(set(names)) == len(names) and all(_NAME.fullmatch(name) for name in names)
