"""The reader `swf`: traces in the Standard Workload Format. A line is 18 numbers, or a comment after a semicolon."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

import attrs
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from anonkit.api import BadRecord, DataFile, FileHead
from anonkit_std.readers.delimited import DelimitedReader, Header
from anonkit_std.readers.text_cells import TextCells
from anonkit_std.readers.text_reader import Block, Parsed, read_head

__all__ = ["COLUMNS", "SwfReader"]

COLUMNS = (
    "JobNumber", "SubmitTime", "WaitTime", "RunTime", "AllocatedProcessors", "AverageCpuTime", "UsedMemory",
    "RequestedProcessors", "RequestedTime", "RequestedMemory", "Status", "UserID", "GroupID", "Executable",
    "Queue", "Partition", "PrecedingJob", "ThinkTime",
)  # fmt: skip
"""The fields of the format, version 2.2, in order."""

SUBMIT, DATE = "SubmitTime", "SubmitDate"
# The comment with the time from which times count.
_START = re.compile(rb"^[ \t]*;[ \t]*UnixStartTime:[ \t]*([0-9]{1,12})[ \t]*\r?$", re.MULTILINE)
_HEADER = 1 << 20
# A time, as Arrow reads patterns.
_NUMBER = r"^[0-9]{1,12}(?:\.[0-9]*)?$"
_AS_BLANKS = bytes.maketrans(b"\t\r", b"  ")
_OF_NUMBERS = b"-+0123456789.eE \n"
_BLANK, _BREAK, _COMMENT = b" \n;"
# A number of a line, and a byte that is no part of one.
_FIELD, _WRONG = re.compile(rb"[^ \t\r]+"), re.compile(rb"[^-+0-9.eE \t\r]")
# A line of 18 numbers.
_RECORD = re.compile(rb"\s*(-?[0-9.]+\s+){17}-?[0-9.]+\s*")


@attrs.frozen
class _Trace(Header):
    """The columns of a trace, and the time at which it begins."""

    start: int | None = None
    """The second since 1970 from which `SubmitTime` counts; None when the trace does not say."""


class SwfReader(DelimitedReader):
    """Reads traces; -1, which means unknown, becomes null.

    When the header has a `UnixStartTime`, a column `SubmitDate` is added: the time of submission in seconds since 1970.
    """

    quoted = False
    first_values = 0

    def recognizes(self, head: FileHead) -> bool:
        """Return whether the first line that is no comment is 18 numbers; of an `.swf` of comments alone, True."""
        lines = head.data.split(b"\n")
        found = next((line for line in lines if line.strip() and not line.lstrip().startswith(b";")), b"")
        is_comment = head.name.endswith(".swf") and head.data.lstrip().startswith(b";")
        return bool(_RECORD.fullmatch(found)) or (is_comment and not found)

    def delimiter(self, line: bytes) -> bytes:
        """Return the blank; tabs become blanks before fields are found."""
        return b" "

    def header(self, file: DataFile) -> tuple[_Trace, int, int]:
        """Return the columns of the format, since the file has no names, and the time at which the trace begins."""
        head = read_head(file, _HEADER)
        start = _START.search(head) if b"UnixStartTime" in head else None
        return _Trace(COLUMNS, b" ", int(start[1]) if start and int(start[1]) > 0 else None), 0, 1

    def parse(self, block: Block, header: Header, columns: Collection[str] | None) -> Parsed:
        """Return the records of a block."""
        start = header.start if isinstance(header, _Trace) else None
        if start is None or (columns is not None and DATE not in columns):
            return self._records(block, header, columns)
        parsed = self._records(block, header, None if columns is None else {*columns, SUBMIT})
        submitted = TextCells.from_texts(_dates(parsed.columns[SUBMIT].array, start))
        return attrs.evolve(parsed, columns={**parsed.columns, DATE: submitted})

    def _records(self, block: Block, header: Header, columns: Collection[str] | None) -> Parsed:
        """Return the records of a block, without `SubmitDate`."""
        data, bad = _without_words(_folded(block.data), block.line)
        parsed = super().parse(attrs.evolve(block, data=data), header, columns)
        known = {name: attrs.evolve(cells, array=_known(cells.array)) for name, cells in parsed.columns.items()}
        return attrs.evolve(parsed, columns=known, bad=tuple(_placed((*bad, *parsed.bad), block)))


def _folded(data: bytes) -> bytes:
    """Return the lines with one blank between numbers and none around them; comments become empty lines."""
    bytes_ = np.frombuffer(data.translate(_AS_BLANKS), np.uint8)
    # Most traces have comments only at the beginning: the bytes after the last comment are not searched for others.
    end = data.find(b"\n", data.rfind(b";")) + 1 or len(data) if b";" in data else 0
    bytes_ = np.concatenate((bytes_[:end][~_in_comments(bytes_[:end])], bytes_[end:]))
    blank, breaks = bytes_ == _BLANK, bytes_ == _BREAK
    # The last of several blanks stays, unless the line ends after it.
    bytes_ = bytes_[~(blank & np.append((blank | breaks)[1:], True))]
    blank, breaks = bytes_ == _BLANK, bytes_ == _BREAK
    folded: bytes = bytes_[~(blank & np.concatenate(([True], breaks[:-1])))].tobytes()
    return folded


def _in_comments(bytes_: npt.NDArray[np.uint8]) -> npt.NDArray[np.bool_]:
    """Return which bytes belong to comments: lines whose first character is a semicolon, without their line breaks."""
    breaks = bytes_ == _BREAK
    filled = np.append(np.flatnonzero(~breaks & (bytes_ != _BLANK)), len(bytes_))
    starts = np.concatenate(([0], np.flatnonzero(breaks) + 1))
    firsts = filled[np.searchsorted(filled, starts)]
    # An empty line has no first character: the next one is in another line.
    ends = np.append(starts[1:], len(bytes_) + 1)
    comments = (np.append(bytes_, _BREAK)[firsts] == _COMMENT) & (firsts < ends)
    found: npt.NDArray[np.bool_] = np.repeat(comments, ends - starts)[: len(bytes_)] & ~breaks
    return found


def _without_words(data: bytes, line: int) -> tuple[bytes, list[BadRecord]]:
    """Return the lines, those with anything but numbers made empty, and a bad record for each of these.

    `line` is the number of the first line in the file.
    """
    if not data.translate(None, _OF_NUMBERS):
        return data, []
    lines = data.split(b"\n")
    wrong = [place for place, text in enumerate(lines) if text.translate(None, _OF_NUMBERS)]
    for place in wrong:
        lines[place] = b""
    return b"\n".join(lines), [BadRecord("it holds something else than numbers", line + place) for place in wrong]


def _placed(bad: Sequence[BadRecord], block: Block) -> Iterator[BadRecord]:
    """Yield bad records by line, with the column of the first byte that is no number, of field 19, or of the end."""
    lines = block.data.split(b"\n") if bad else []
    for record in sorted(bad, key=lambda record: record.line):
        text = lines[record.line - block.line]
        fields = list(_FIELD.finditer(text))
        wrong = _WRONG.search(text)
        place = wrong.start() if wrong else fields[len(COLUMNS)].start() if fields[len(COLUMNS) :] else fields[-1].end()
        yield attrs.evolve(record, column=place + 1)


def _dates(times: pa.Array, start: int) -> pa.Array:
    """Return times in seconds since 1970, given in seconds since `start`, both as text; null for no number."""
    texts = times.cast(pa.string())
    numbers = pc.if_else(pc.match_substring_regex(texts, _NUMBER), texts, None).cast(pa.float64())
    return pc.add(pc.round(numbers).cast(pa.int64(), safe=False), start).cast(pa.string()).cast(pa.binary())


def _known(texts: pa.Array) -> pa.Array:
    """Return the texts with null for -1, which means unknown."""
    return pc.if_else(pc.is_in(texts, value_set=pa.array([b"-1", b"-1.0"])), pa.scalar(None, pa.binary()), texts)
