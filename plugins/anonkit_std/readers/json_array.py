"""The reader `json`: objects in an array, as `condor_history -json` prints them, or one after another.

Array operations find the beginnings and ends of objects, so a large array is cut into blocks. The answer of a search
engine is a single object, with the jobs deep inside, and is read as a whole.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any

import attrs
import numpy as np
import numpy.typing as npt

from anonkit.api import BadRecord, DamagedFile, DataFile, FileHead, NoOptions
from anonkit_std.readers.json_values import Records, is_of_sacct, may_be_rounded
from anonkit_std.readers.text_reader import MARK, Block, Parsed, TextReader, read_head

__all__ = ["JsonReader"]

# Blanks, commas and brackets between objects, and a byte order mark.
_BETWEEN = re.compile(rb"[\s,\[\]]*(\xef\xbb\xbf)?[\s,\[\]]*")
_HEAD = 4096
_OPEN, _CLOSE, _QUOTE, _BACKSLASH = b'{}"\\'

Places = npt.NDArray[np.int64]


@attrs.frozen(eq=False)
class _Extents:
    """The position of the first byte of each object in a block, and the position after its last."""

    starts: Places
    ends: Places


class JsonReader(TextReader):
    """Reads objects, and the hits in the answers of search engines."""

    def __init__(self, options: NoOptions) -> None:
        """Take no options."""

    def recognizes(self, head: FileHead) -> bool:
        """Return whether the file begins like an array of objects, or like an object."""
        start = head.data.removeprefix(MARK).lstrip()
        return start.startswith((b"[", b"{")) and start[1:].lstrip()[:1] in (b"{", b'"', b"]", b"}")

    def header(self, file: DataFile) -> tuple[None, int, int]:
        """Return no header, and the beginning of the file. DamagedFile for the object that `sacct --json` prints."""
        if is_of_sacct(read_head(file, _HEAD)):
            reason = "it is an answer of sacct --json, whose jobs are not read"
            raise DamagedFile(file.name, reason, "get the jobs with sacct --allusers --parsable2 --format=ALL")
        return None, 0, 1

    def end_of_records(self, data: bytes, header: Any, last: bool) -> int:
        """Return the position after the last object that ends in the data."""
        ends = _extents(data).ends
        return int(ends[-1]) if len(ends) else 0

    def parse(self, block: Block, header: Any, columns: Collection[str] | None) -> Parsed:
        """Return the objects of a block."""
        extents = _extents(block.data)
        parsed = self._parse(block, extents, columns, exactly=False)
        return self._parse(block, extents, columns, exactly=True) if may_be_rounded(parsed.columns) else parsed

    def _parse(self, block: Block, extents: _Extents, columns: Collection[str] | None, *, exactly: bool) -> Parsed:
        """Return the objects of a block; `exactly`: with whole numbers of any size."""
        records = Records(exactly)
        before = 0
        for start, end in zip(extents.starts.tolist(), extents.ends.tolist(), strict=True):
            records.bad += _between(block, before, start)
            for reason in records.add(block.data[start:end]):
                records.bad.append(BadRecord(reason, *block.line_and_column(start)))
            before = end
        rest = _between(block, before, len(block.data))
        parsed = records.parsed(columns)
        # The rest is an object without an end, or text in which objects may begin: no one knows how many.
        return attrs.evolve(parsed, broken=rest[0]) if rest else parsed


def _between(block: Block, start: int, end: int) -> list[BadRecord]:
    """Return a bad record for text between objects that is neither blank nor a comma or bracket; none without it."""
    matched = _BETWEEN.match(block.data, start, end)
    place = matched.end() if matched else start
    if place >= end:
        return []
    reason = "an object that is not whole" if block.data[place] == _OPEN else "text between the objects"
    return [BadRecord(reason, *block.line_and_column(place))]


def _extents(data: bytes) -> _Extents:
    """Return the extents of the objects that are inside no other and end in the data."""
    bytes_ = np.frombuffer(data, np.uint8)
    braces = np.flatnonzero((bytes_ == _OPEN) | (bytes_ == _CLOSE))
    quotes = _quotes(bytes_, data)
    braces = braces[np.searchsorted(quotes, braces) % 2 == 0]
    depths = np.cumsum(np.where(bytes_[braces] == _OPEN, 1, -1))
    # After a closing brace too many the depth is 0 again.
    depths -= np.minimum.accumulate(np.concatenate(([0], depths)))[1:]
    closing = (bytes_[braces] == _CLOSE) & (depths == 0)
    opening = (bytes_[braces] == _OPEN) & (depths == 1)
    ends, starts = braces[closing], braces[opening]
    # A closing brace too many is the end of no object.
    matched = np.searchsorted(ends, starts)
    whole = matched < len(ends)
    return _Extents(starts[whole], ends[matched[whole]] + 1)


def _quotes(bytes_: npt.NDArray[np.uint8], data: bytes) -> Places:
    """Return the positions of quotes that begin or end a string: those after an even number of backslashes."""
    quotes: Places = np.flatnonzero(bytes_ == _QUOTE)
    if b'\\"' not in data:
        return quotes
    is_free = np.ones(len(quotes), np.bool_)
    # `escaped` are the quotes after at least `backslashes` backslashes: the last number of each decides.
    escaped, backslashes = np.flatnonzero(bytes_.take(quotes - 1, mode="clip") == _BACKSLASH), 1
    while len(escaped):
        is_free[escaped] = backslashes % 2 == 0
        backslashes += 1
        escaped = escaped[quotes[escaped] >= backslashes]
        escaped = escaped[bytes_[quotes[escaped] - backslashes] == _BACKSLASH]
    return quotes[is_free]
