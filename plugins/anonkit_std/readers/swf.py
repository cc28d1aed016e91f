"""The reader `swf`: traces in the Standard Workload Format, 18 numbers in a line, comments from a semicolon on."""

from __future__ import annotations

import re
from collections.abc import Collection

import attrs
import pyarrow as pa
import pyarrow.compute as pc

from anonkit.api import BadRecord, DataFile, FileHead
from anonkit_std.readers.delimited import DelimitedReader, Header
from anonkit_std.readers.text_reader import Block, Parsed

__all__ = ["COLUMNS", "SwfReader"]

COLUMNS = (
    "JobNumber", "SubmitTime", "WaitTime", "RunTime", "AllocatedProcessors", "AverageCpuTime", "UsedMemory",
    "RequestedProcessors", "RequestedTime", "RequestedMemory", "Status", "UserID", "GroupID", "Executable",
    "Queue", "Partition", "PrecedingJob", "ThinkTime",
)  # fmt: skip
"""The fields of the format, version 2.2, in order."""

_COMMENT = re.compile(rb"^[ \t]*;[^\n]*", re.MULTILINE)
_BLANKS = re.compile(rb"[ \t\r]+")
_EDGES = re.compile(rb"^ | $", re.MULTILINE)
_WORD = re.compile(rb"[^-+0-9.eE \n]")
_RECORD = re.compile(rb"\s*(-?[0-9.]+\s+){17}-?[0-9.]+\s*")


class SwfReader(DelimitedReader):
    """Reads traces; -1, which means unknown, is null."""

    quoted = False

    def recognizes(self, head: FileHead) -> bool:
        """Return whether the first line that is no comment holds 18 numbers."""
        lines = head.data.split(b"\n")
        found = next((line for line in lines if line.strip() and not line.lstrip().startswith(b";")), b"")
        is_comment = head.name.endswith(".swf") and head.data.lstrip().startswith(b";")
        return bool(_RECORD.fullmatch(found)) or (is_comment and not found)

    def delimiter(self, line: bytes) -> bytes:
        """Return the blank, to which all blanks are brought."""
        return b" "

    def header(self, file: DataFile) -> tuple[Header, int, int]:
        """Return the columns of the format: the file names none."""
        return Header(COLUMNS, b" "), 0, 1

    def parse(self, block: Block, header: Header, columns: Collection[str] | None) -> Parsed:
        """Return the records of a block."""
        data = _EDGES.sub(b"", _BLANKS.sub(b" ", _COMMENT.sub(b"", block.data)))
        data, bad = _without_words(data, block.line)
        parsed = super().parse(attrs.evolve(block, data=data), header, columns)
        known = {name: attrs.evolve(cells, array=_known(cells.array)) for name, cells in parsed.columns.items()}
        return attrs.evolve(parsed, columns=known, bad=tuple(sorted((*bad, *parsed.bad), key=lambda one: one.line)))


def _without_words(data: bytes, line: int) -> tuple[bytes, list[BadRecord]]:
    """Return the records with blank lines for those that hold anything but numbers, and these."""
    if not _WORD.search(data):
        return data, []
    lines = data.split(b"\n")
    wrong = [place for place, one in enumerate(lines) if _WORD.search(one)]
    for place in wrong:
        lines[place] = b""
    return b"\n".join(lines), [BadRecord("it holds something else than numbers", line + place) for place in wrong]


def _known(texts: pa.Array) -> pa.Array:
    return pc.if_else(pc.is_in(texts, value_set=pa.array([b"-1", b"-1.0"])), pa.scalar(None, pa.binary()), texts)
