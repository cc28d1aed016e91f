"""The reader `jsonl`: a JSON object in each line, as in `condor_history -jsonl` and exports of search engines."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

import orjson

from anonkit.api import BadRecord, FileHead, NoOptions
from anonkit_std.readers.json_values import Records, is_of_sacct, may_be_rounded
from anonkit_std.readers.search_engines import is_answer
from anonkit_std.readers.text_reader import MARK, Block, Parsed, TextReader

__all__ = ["JsonLinesReader"]


class JsonLinesReader(TextReader):
    """Reads JSON lines, among them the hits and bulk files of search engines. A blank line is no record."""

    def __init__(self, options: NoOptions) -> None:
        """Take no options."""

    def recognizes(self, head: FileHead) -> bool:
        """Return whether the first line is a whole object, or may be one that is longer than the head."""
        first, end, _ = head.data.removeprefix(MARK).lstrip().partition(b"\n")
        if not first.startswith(b"{") or is_answer(first) or is_of_sacct(first):
            return False
        if not end:
            return head.name.endswith((".jsonl", ".ndjson")) or _is_object(first) or len(head.data) >= 1 << 16
        return _is_object(first)

    def end_of_records(self, data: bytes, header: Any, last: bool) -> int:
        """Return the position after the last line break."""
        return data.rfind(b"\n") + 1

    def parse(self, block: Block, header: Any, columns: Collection[str] | None) -> Parsed:
        """Return the objects of the lines."""
        parsed = self._parse(block, columns, exactly=False)
        return self._parse(block, columns, exactly=True) if may_be_rounded(parsed.columns) else parsed

    def _parse(self, block: Block, columns: Collection[str] | None, *, exactly: bool) -> Parsed:
        """Return the objects of the lines; `exactly`: with whole numbers of any size."""
        records = Records(exactly)
        for number, line in _lines(block):
            records.bad += [BadRecord(reason, number) for reason in records.add(line)]
        return records.parsed(columns)


def _lines(block: Block) -> Iterator[tuple[int, bytes]]:
    """Yield the lines that are not blank, each with its number in the file."""
    data = block.data.removeprefix(MARK) if block.start == 0 else block.data
    for number, line in enumerate(data.split(b"\n"), block.line):
        if line and not line.isspace():
            yield number, line


def _is_object(line: bytes) -> bool:
    try:
        return isinstance(orjson.loads(line), dict)
    except ValueError:
        return False
