"""The reader `json`: objects in an array, as `condor_history -json` prints them, or one after the other.

Where objects begin and end is found with array operations, so that a large array is cut like lines are. The answer of a
search engine, in which the jobs are deep inside, is read as a whole.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any

import attrs
import numpy as np
import numpy.typing as npt

from anonkit.api import BadRecord, DamagedFile, DataFile, FileHead, NoOptions
from anonkit_std.readers.json_values import is_of_sacct, may_be_rounded, parsed_objects, records_in
from anonkit_std.readers.search_engines import Answer
from anonkit_std.readers.text_reader import MARK, Block, Parsed, TextReader

__all__ = ["JsonReader"]

_BETWEEN = re.compile(rb"[\s,\[\]]*(\xef\xbb\xbf)?[\s,\[\]]*")
_HEAD = 4096
_OPEN, _CLOSE, _QUOTE, _BACKSLASH = b'{}"\\'

Places = npt.NDArray[np.int64]


@attrs.frozen(eq=False)
class _Extents:
    """Objects in a block: where each begins, and the place after it."""

    starts: Places
    ends: Places


class JsonReader(TextReader):
    """Reads objects, and of a search engine's answer the hits."""

    def __init__(self, options: NoOptions) -> None:
        """Take no options."""

    def recognizes(self, head: FileHead) -> bool:
        """Return whether the file begins like an array of objects, or like an object."""
        start = head.data.removeprefix(MARK).lstrip()
        return start.startswith((b"[", b"{")) and start[1:].lstrip()[:1] in (b"{", b'"', b"]", b"}")

    def header(self, file: DataFile) -> tuple[None, int, int]:
        """Return where the objects begin. DamagedFile for the one object that `sacct --json` prints."""
        with file.failures("cut off or damaged: it cannot be decompressed"), file.open() as stream:
            start = stream.read(_HEAD)
        if is_of_sacct(start):
            reason = "it is an answer of sacct --json, whose jobs are not read"
            raise DamagedFile(file.name, reason, "get the jobs with sacct --allusers --parsable2 --format=ALL")
        return None, 0, 1

    def end_of_records(self, data: bytes, header: Any, last: bool) -> int:
        """Return the place after the last object that ends in the data."""
        ends = _extents(data).ends
        return int(ends[-1]) if len(ends) else 0

    def parse(self, block: Block, header: Any, columns: Collection[str] | None) -> Parsed:
        """Return the objects of a block."""
        extents = _extents(block.data)
        parsed = self._parse(block, extents, columns, exactly=False)
        return self._parse(block, extents, columns, exactly=True) if may_be_rounded(parsed.columns) else parsed

    def _parse(self, block: Block, extents: _Extents, columns: Collection[str] | None, *, exactly: bool) -> Parsed:
        objects: list[dict[str, Any]] = []
        bad: list[BadRecord] = []
        answers: list[Answer] = []
        before = 0
        for start, end in zip(extents.starts.tolist(), extents.ends.tolist(), strict=True):
            bad += _between(block, before, start)
            for record in records_in(block.data[start:end], exactly):
                if isinstance(record, str):
                    bad.append(BadRecord(record, *block.line_and_column(start)))
                elif isinstance(record, Answer):
                    answers.append(record)
                else:
                    objects.append(record)
            before = end
        rest = _between(block, before, len(block.data))
        parsed = parsed_objects(objects, columns, bad, answers)
        # The end of the object is unknown, and so is the number of objects after it.
        return attrs.evolve(parsed, broken=rest[0]) if rest else parsed


def _between(block: Block, start: int, end: int) -> list[BadRecord]:
    """Return what is between objects and is neither blank nor a comma or a bracket, as a bad record."""
    matched = _BETWEEN.match(block.data, start, end)
    place = matched.end() if matched else start
    if place >= end:
        return []
    reason = "an object that is not whole" if block.data[place] == _OPEN else "text between the objects"
    return [BadRecord(reason, *block.line_and_column(place))]


def _extents(data: bytes) -> _Extents:
    """Return the objects that are in no other one and end in the data."""
    bytes_ = np.frombuffer(data, np.uint8)
    braces = np.flatnonzero((bytes_ == _OPEN) | (bytes_ == _CLOSE))
    quotes = _quotes(bytes_, data)
    braces = braces[np.searchsorted(quotes, braces) % 2 == 0]
    depths = np.cumsum(np.where(bytes_[braces] == _OPEN, 1, -1))
    # A closing brace too many: what follows it begins anew.
    depths -= np.minimum.accumulate(np.concatenate(([0], depths)))[1:]
    closing = (bytes_[braces] == _CLOSE) & (depths == 0)
    opening = (bytes_[braces] == _OPEN) & (depths == 1)
    ends, starts = braces[closing], braces[opening]
    # A lone closing brace ends nothing.
    matched = np.searchsorted(ends, starts)
    whole = matched < len(ends)
    return _Extents(starts[whole], ends[matched[whole]] + 1)


def _quotes(bytes_: npt.NDArray[np.uint8], data: bytes) -> Places:
    """Return the places of quotes that begin or end a string: those after an even number of backslashes."""
    quotes: Places = np.flatnonzero(bytes_ == _QUOTE)
    if b'\\"' not in data:
        return quotes
    free = np.ones(len(quotes), np.bool_)
    # Those that have at least so many backslashes before them; each one more turns them round.
    places, before = np.flatnonzero(bytes_.take(quotes - 1, mode="clip") == _BACKSLASH), 1
    while len(places):
        free[places] = before % 2 == 0
        before += 1
        places = places[quotes[places] >= before]
        places = places[bytes_[quotes[places] - before] == _BACKSLASH]
    return quotes[free]
