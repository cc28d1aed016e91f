"""The reader `classad`: `condor_history -long` and history files, an attribute in each line.

A blank line, or a banner that begins with three asterisks (history files) or two dashes (`condor_q -long`), ends an ad.
A line that begins with `#` is a comment. Work is done on columns: all lines of a block are split at once, and the
values of each attribute are parsed together.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Set
from typing import Any

import attrs
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from anonkit.api import BadRecord, DamagedFile, DataFile, FileHead, NoOptions
from anonkit_std.readers.cells import Cells, Kind
from anonkit_std.readers.classad_cells import parsed_cells
from anonkit_std.readers.classad_values import attribute_name
from anonkit_std.readers.text_reader import Block, Parsed, TextReader

__all__ = ["ClassAdReader"]

_LINE = re.compile(rb"(?:\s*\n|(?:\*\*\*|-- )[^\n]*\n)*[ \t]*[A-Za-z_][A-Za-z0-9_.]* = \S")
_ATTRIBUTE = re.compile(rb"^[ \t]*[A-Za-z_][A-Za-z0-9_.]* = \S|^\*\*\*", re.MULTILINE)
_END = re.compile(rb"\n(?:[ \t\r]*\n|\*\*\*[^\n]*(?:\n|\Z))")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.]*|'(?:[^'\\]|\\.)+'")
_HEAD = 1 << 16
_MOST_NAMES = 20_000
_QUOTE = b'"'[0]
_ONCE = (b"ClusterId", b"GlobalJobId")
_AGAIN = "a job begins, and no blank line or banner ends the one before it"
_NO_LINE = "it is neither a banner nor an attribute with its whole value"

Numbers = npt.NDArray[np.int64]
Bytes = npt.NDArray[np.uint8]


class ClassAdReader(TextReader):
    """Reads ads in the long form."""

    def __init__(self, options: NoOptions) -> None:
        """Take no options."""

    def recognizes(self, head: FileHead) -> bool:
        """Return whether the first line that is neither blank nor a banner is an attribute."""
        return bool(_LINE.match(head.data))

    def header(self, file: DataFile) -> tuple[None, int, int]:
        """Return the beginning. DamagedFile when no line of the file's head is an attribute: it is no file of ads."""
        with file.failures("cut off or damaged: it cannot be decompressed"), file.open() as stream:
            head = stream.read(_HEAD)
        if head.strip() and not _ATTRIBUTE.search(head):
            raise DamagedFile(file.name, "it holds no attributes of ads", "get the file with condor_history -long")
        return None, 0, 1

    def end_of_records(self, data: bytes, header: Any, last: bool) -> int:
        """Return the place after the last blank line or banner."""
        end = 0
        for place in (data.rfind(b"\n\n"), data.rfind(b"\n\r\n"), data.rfind(b"\n***")):
            if place >= 0 and (found := _END.match(data, place)) and found[0].endswith(b"\n"):
                end = max(end, found.end())
        return end or (len(data) if last else 0)

    def parse(self, block: Block, header: Any, columns: Collection[str] | None) -> Parsed:
        """Return the ads of a block."""
        lines = _Lines.of_block(block)
        if len(lines.names.dictionary) > _MOST_NAMES:
            return Parsed(0, {}, broken=BadRecord(f"more than {_MOST_NAMES:,} different attributes", block.line))
        return Parsed(lines.rows, dict(lines.cells(columns)), tuple(lines.bad))


@attrs.frozen(eq=False)
class _Lines:
    """The lines of a block that are attributes of good ads."""

    names: pa.Array
    """A dictionary of names."""
    values: pa.Array
    rows_of: Numbers
    """The row of each line."""
    rows: int
    bad: list[BadRecord]

    @classmethod
    def of_block(cls, block: Block) -> _Lines:
        data = block.data.replace(b"\r\n", b"\n") if b"\r" in block.data else block.data
        lines = _split(data)
        banner = pc.or_(pc.starts_with(lines, b"***"), pc.starts_with(lines, b"-- ")).to_numpy(zero_copy_only=False)
        parts = pc.split_pattern(lines, b" = ", max_splits=1)
        comment = pc.starts_with(lines, b"#").to_numpy(zero_copy_only=False)
        is_pair = (pc.list_value_length(parts).to_numpy() == 2) & ~banner & ~comment
        blank = pc.equal(pc.binary_length(lines), 0).to_numpy(zero_copy_only=False)
        pairs = parts.filter(pa.array(is_pair)).flatten()
        names = pairs.take(pa.array(np.arange(0, len(pairs), 2))).dictionary_encode()
        wrong_name = [not _NAME.fullmatch(name.decode("latin-1").strip()) for name in names.dictionary.to_pylist()]
        wrong = ~(is_pair | banner | blank | comment)
        wrong[is_pair] = np.array(wrong_name, np.bool_)[names.indices.to_numpy()] if len(names) else False
        wrong[is_pair] |= _not_closed(pairs.take(pa.array(np.arange(1, len(pairs), 2))))
        wrong[wrong & ~is_pair] = [not line.isspace() for line in lines.filter(pa.array(wrong & ~is_pair)).to_pylist()]
        ads = _ads(banner, blank | ~(is_pair | banner | wrong | comment))
        again = np.flatnonzero(is_pair)[_given_again(names, ads[is_pair])]
        wrong[again] = True
        return cls._of_good(block, pairs, names, wrong, is_pair, ads, frozenset(again.tolist()))

    @classmethod
    def _of_good(
        cls, block: Block, pairs: pa.Array, names: pa.Array, wrong: Any, is_pair: Any, ads: Numbers, again: Set[int]
    ) -> _Lines:
        bad = _first_of_each(ads, np.flatnonzero(wrong))
        # An attribute of a bad ad is dropped with it.
        good = ~np.isin(ads, ads[bad])
        positions = np.flatnonzero(good[is_pair])
        owners = ads[is_pair][positions]
        distinct, rows = np.unique(owners, return_inverse=True)
        records = [BadRecord(_AGAIN if line in again else _NO_LINE, block.line + line) for line in bad.tolist()]
        values = pairs.take(pa.array(positions * 2 + 1))
        return cls(names.take(pa.array(positions)), values, rows.astype(np.int64), len(distinct), records)

    def cells(self, columns: Collection[str] | None) -> Iterator[tuple[str, Cells]]:
        """Yield the values of each attribute, in the order in which they appear; None: their kinds alone."""
        # A value that begins with a quotation mark is text, be it a string or an expression.
        is_text = _first_and_last(self.values)[0] == _QUOTE if columns is None else np.zeros(len(self.values), np.bool_)
        codes = self.names.indices.to_numpy()
        order = np.argsort(codes, kind="stable")
        ends = np.cumsum(np.bincount(codes, minlength=len(self.names.dictionary))).tolist()
        for code, name in enumerate(self.names.dictionary.to_pylist()):
            text = attribute_name(name.decode("latin-1"))
            lines = order[ends[code - 1] if code else 0 : ends[code]]
            if len(lines) and is_text[lines].all():
                yield text, Cells(pa.array([], pa.string()), Kind.TEXT)
            elif len(lines) and (columns is None or text in columns):
                yield text, self._spread(lines)

    def _spread(self, lines: Numbers) -> Cells:
        """Return the values of lines, each in its row; of two in one row the last."""
        rows = self.rows_of[lines]
        last = np.append(rows[1:] != rows[:-1], True)
        lines, rows = lines[last], rows[last]
        cells = parsed_cells(self.values.take(pa.array(lines)))
        if len(rows) == self.rows:
            return cells
        places = np.full(self.rows, -1, np.int64)
        places[rows] = np.arange(len(rows))
        return cells.take(pa.array(places, mask=places < 0))


def _split(data: bytes) -> pa.Array:
    """Return the lines without their line breaks."""
    breaks = np.flatnonzero(np.frombuffer(data, np.uint8) == b"\n"[0])
    if not data.endswith(b"\n"):
        data, breaks = data + b"\n", np.append(breaks, len(data))
    offsets = np.concatenate(([0], breaks + 1)).astype(np.int32)
    lines = pa.Array.from_buffers(pa.binary(), len(breaks), [None, pa.py_buffer(offsets), pa.py_buffer(data)])
    return pc.binary_slice(lines, 0, -1)


def _not_closed(values: pa.Array) -> Any:
    """Return which values begin with a quotation mark that no second one closes: the text goes on in the next line."""
    found = np.zeros(len(values), np.bool_)
    first, last = _first_and_last(values)
    lengths = pc.binary_length(values).to_numpy()
    open_ended = np.flatnonzero((first == _QUOTE) & ((last != _QUOTE) | (lengths == 1)))
    for place in open_ended.tolist():
        value = values[place].as_py()
        found[place] = (value.count(b'"') - value.count(b'\\"')) % 2 == 1
    return found


def _first_and_last(values: pa.Array) -> tuple[Bytes, Bytes]:
    """Return the first byte of each value, and its last; of an empty one any byte."""
    if not len(values):
        return np.zeros(0, np.uint8), np.zeros(0, np.uint8)
    _, offsets, data = values.buffers()
    ends = np.frombuffer(offsets, np.int32)[values.offset : values.offset + len(values) + 1]
    bytes_ = np.frombuffer(data, np.uint8) if data else np.zeros(1, np.uint8)
    return bytes_.take(ends[:-1], mode="clip"), bytes_.take(ends[1:] - 1, mode="clip")


def _given_again(names: pa.Array, ads: Numbers) -> Numbers:
    """Return the attributes of which each ad has one, and which are not the first of their ad: two ads became one."""
    codes = names.indices.to_numpy()
    found = [np.zeros(0, np.int64)]
    for name in set(_ONCE) & set(names.dictionary.to_pylist()):
        places = np.flatnonzero(codes == names.dictionary.index(name).as_py())
        found.append(places[1:][ads[places[1:]] == ads[places[:-1]]])
    return np.concatenate(found)


def _ads(banner: Any, blank: Any) -> Numbers:
    """Return the number of the ad of each line; banners and blank lines end ads."""
    return np.cumsum(banner | blank)


def _first_of_each(ads: Numbers, wrong: Numbers) -> Numbers:
    """Return of the wrong lines the first of each ad."""
    _, first = np.unique(ads[wrong], return_index=True)
    return wrong[first]
