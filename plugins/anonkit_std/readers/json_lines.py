"""The reader `jsonl`: a JSON object in each line, as `condor_history -jsonl` and exports of search engines have it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

import orjson

from anonkit.api import BadRecord, FileHead, NoOptions
from anonkit_std.readers.json_values import is_of_sacct, may_be_rounded, parsed_objects, records_in
from anonkit_std.readers.search_engines import Answer, is_answer
from anonkit_std.readers.text_reader import MARK, Block, Parsed, TextReader

__all__ = ["JsonLinesReader"]


class JsonLinesReader(TextReader):
    """Reads JSON lines, and of a search engine's hits and bulk files the records. A blank line is none."""

    def __init__(self, options: NoOptions) -> None:
        """Take no options."""

    def recognizes(self, head: FileHead) -> bool:
        """Return whether the first line is an object of its own, or is longer than the head."""
        first, end, _ = head.data.removeprefix(MARK).lstrip().partition(b"\n")
        if not first.startswith(b"{") or is_answer(first) or is_of_sacct(first):
            return False
        if not end:
            return head.name.endswith((".jsonl", ".ndjson")) or _is_object(first) or len(head.data) >= 1 << 16
        return _is_object(first)

    def end_of_records(self, data: bytes, header: Any, last: bool) -> int:
        """Return the place after the last line break."""
        return data.rfind(b"\n") + 1

    def parse(self, block: Block, header: Any, columns: Collection[str] | None) -> Parsed:
        """Return the objects of the lines."""
        parsed = self._parse(block, columns, exactly=False)
        return self._parse(block, columns, exactly=True) if may_be_rounded(parsed.columns) else parsed

    def _parse(self, block: Block, columns: Collection[str] | None, *, exactly: bool) -> Parsed:
        objects: list[dict[str, Any]] = []
        bad: list[BadRecord] = []
        answers: list[Answer] = []
        for number, line in _lines(block):
            for record in records_in(line, exactly):
                if isinstance(record, str):
                    bad.append(BadRecord(record, number))
                elif isinstance(record, Answer):
                    answers.append(record)
                else:
                    objects.append(record)
        return parsed_objects(objects, columns, bad, answers)


def _lines(block: Block) -> Iterator[tuple[int, bytes]]:
    data = block.data.removeprefix(MARK) if block.start == 0 else block.data
    for number, line in enumerate(data.split(b"\n"), block.line):
        if line and not line.isspace():
            yield number, line


def _is_object(line: bytes) -> bool:
    try:
        return isinstance(orjson.loads(line), dict)
    except ValueError:
        return False
