"""The readers `csv` and `tsv`: fields with quotes as RFC 4180 has them, a header in the first line."""

from __future__ import annotations

import re

from anonkit.api import FileHead
from anonkit_std.readers.delimited import DelimitedReader, first_line, names_in
from anonkit_std.readers.text_reader import MARK

__all__ = ["CsvReader", "TsvReader"]

_NAME = re.compile(r"[^\W\d][\w.]{0,127}")


class CsvReader(DelimitedReader):
    """Reads comma-separated values, or with semicolons where the header has no comma."""

    advice = "; a field with a comma or a line break in it is written in quotes"

    def recognizes(self, head: FileHead) -> bool:
        """Return whether the file has the name, or a header of three names or more and a line like it."""
        return head.name.endswith(".csv") or _is_table(head.data, self.delimiter(first_line(head.data)[0]))

    def delimiter(self, line: bytes) -> bytes:
        """Return the comma, or the semicolon."""
        return b";" if b";" in line and b"," not in line else b","


class TsvReader(CsvReader):
    """Reads tab-separated values."""

    advice = "; a field with a tab or a line break in it is written in quotes"

    def recognizes(self, head: FileHead) -> bool:
        """Return whether the file has the name, or a header of three names or more and a line like it."""
        return head.name.endswith((".tsv", ".tab")) or _is_table(head.data, b"\t")

    def delimiter(self, line: bytes) -> bytes:
        """Return the tab."""
        return b"\t"


def _is_table(data: bytes, delimiter: bytes) -> bool:
    line, size = first_line(data)
    second, _ = first_line(data[size:])
    if line.count(delimiter) < 2 or (second and second.count(delimiter) < line.count(delimiter)):
        return False
    names = names_in(line.removeprefix(MARK), delimiter, quoted=True)
    return len(set(names)) == len(names) and all(_NAME.fullmatch(name) for name in names)
