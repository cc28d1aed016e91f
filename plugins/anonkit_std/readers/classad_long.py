"""The reader `classad`, for `condor_history -long` and history files: an attribute in each line.

A blank line, or a banner that begins with three asterisks (history files) or two dashes (`condor_q -long`), ends an ad.
A line that begins with `#` is a comment. All lines of a block are split at once, and the values of each attribute are
parsed together.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
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
from anonkit_std.readers.text_reader import Block, Parsed, TextReader, read_head

__all__ = ["ClassAdReader"]

# Blank lines and banners, then an attribute.
_LINE = re.compile(rb"(?:\s*\n|(?:\*\*\*|-- )[^\n]*\n)*[ \t]*[A-Za-z_][A-Za-z0-9_.]* = \S")
# A line that is an attribute or a banner.
_ATTRIBUTE = re.compile(rb"^[ \t]*[A-Za-z_][A-Za-z0-9_.]* = \S|^\*\*\*", re.MULTILINE)
# The end of an ad after the line break of its last attribute.
_END = re.compile(rb"\n(?:[ \t\r]*\n|\*\*\*[^\n]*(?:\n|\Z))")
# A name, or any text in single quotes.
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.]*|'(?:[^'\\]|\\.)+'")
_HEAD = 1 << 16
_MOST_NAMES = 20_000
_QUOTE = b'"'[0]
# Every job has exactly one of each.
_ONCE = (b"ClusterId", b"GlobalJobId")
_AGAIN = "a job begins, and no blank line or banner ends the one before it"
_NO_LINE = "it is neither a banner nor an attribute with its whole value"

Numbers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Bytes = npt.NDArray[np.uint8]


class ClassAdReader(TextReader):
    """Reads ads in the long form."""

    def __init__(self, options: NoOptions) -> None:
        """Take no options."""

    def recognizes(self, head: FileHead) -> bool:
        """Return whether the first line that is neither blank nor a banner is an attribute."""
        return bool(_LINE.match(head.data))

    def header(self, file: DataFile) -> tuple[None, int, int]:
        """Return no header, and the beginning of the file. DamagedFile when its first lines have no attribute."""
        head = read_head(file, _HEAD)
        if head.strip() and not _ATTRIBUTE.search(head):
            raise DamagedFile(file.name, "it holds no attributes of ads", "get the file with condor_history -long")
        return None, 0, 1

    def end_of_records(self, data: bytes, header: Any, last: bool) -> int:
        """Return the position after the last blank line or banner."""
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
    """The attributes of the good ads of a block, line by line, and the bad ads."""

    names: pa.DictionaryArray
    """The name of each line, as it is written (binary)."""
    values: pa.Array
    """The value of each line, as it is written (binary)."""
    rows_of: Numbers
    """The row of each line."""
    rows: int
    """The number of good ads."""
    bad: list[BadRecord]
    """One for each bad ad, at its first wrong line."""

    @classmethod
    def of_block(cls, block: Block) -> _Lines:
        """Return the attributes and the bad ads of a block."""
        lines = _split(block.data.replace(b"\r\n", b"\n") if b"\r" in block.data else block.data)
        parts = pc.split_pattern(lines, b" = ", max_splits=1)
        is_attribute, ends_ad, is_wrong = _sorts(lines, pc.list_value_length(parts).to_numpy() == 2)
        names, values = _names_and_values(parts.filter(pa.array(is_attribute)))
        is_wrong[is_attribute] = _misnamed(names) | _not_closed(values)
        # The number of the ad of each line.
        ads: Numbers = np.cumsum(ends_ad, dtype=np.int64)
        again = np.flatnonzero(is_attribute)[_given_again(names, ads[is_attribute])]
        is_wrong[again] = True
        wrong = _first_of_each(ads, np.flatnonzero(is_wrong))
        second_job = frozenset(again.tolist())
        bad = [BadRecord(_AGAIN if line in second_job else _NO_LINE, block.line + line) for line in wrong.tolist()]
        # An attribute of a bad ad is left out with the ad.
        kept = np.flatnonzero(~np.isin(ads, ads[wrong])[is_attribute])
        distinct, rows = np.unique(ads[is_attribute][kept], return_inverse=True)
        positions = pa.array(kept)
        return cls(names.take(positions), values.take(positions), rows.astype(np.int64), len(distinct), bad)

    def cells(self, columns: Collection[str] | None) -> Iterator[tuple[str, Cells]]:
        """Yield the name and the cells of each attribute, in the order in which they appear.

        `columns` are the attributes to yield; None: all, for their kinds only.
        """
        # A value that begins with a quotation mark is a string or an expression, and so text.
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
        """Return the cells of an attribute, given its lines; a row with two lines has the value of the second."""
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
    """Return the lines (binary) without their line breaks."""
    breaks = np.flatnonzero(np.frombuffer(data, np.uint8) == b"\n"[0])
    if not data.endswith(b"\n"):
        data, breaks = data + b"\n", np.append(breaks, len(data))
    offsets = np.concatenate(([0], breaks + 1)).astype(np.int32)
    lines = pa.Array.from_buffers(pa.binary(), len(breaks), [None, pa.py_buffer(offsets), pa.py_buffer(data)])
    return pc.binary_slice(lines, 0, -1)


def _sorts(lines: pa.Array, has_sign: Flags) -> tuple[Flags, Flags, Flags]:
    """Return which lines are attributes, which end an ad (banners and blank lines), and which are none of the known.

    `has_sign` says which lines have an equals sign between blanks. Comments are in none of the three.
    """
    is_banner = _flags(pc.or_(pc.starts_with(lines, b"***"), pc.starts_with(lines, b"-- ")))
    is_comment = _flags(pc.starts_with(lines, b"#"))
    is_attribute = has_sign & ~is_banner & ~is_comment
    is_blank = _flags(pc.equal(pc.binary_length(lines), 0))
    is_other = ~(is_attribute | is_banner | is_comment | is_blank)
    is_blank[is_other] = [line.isspace() for line in lines.filter(pa.array(is_other)).to_pylist()]
    return is_attribute, is_banner | is_blank, is_other & ~is_blank


def _flags(array: pa.Array) -> Flags:
    """Return a bool array without nulls as a NumPy array that can be written."""
    flags: Flags = array.to_numpy(zero_copy_only=False).copy()
    return flags


def _names_and_values(pairs: pa.ListArray) -> tuple[pa.DictionaryArray, pa.Array]:
    """Return the names and the values of lists of two."""
    flat = pairs.flatten()
    names = flat.take(pa.array(np.arange(0, len(flat), 2))).dictionary_encode()
    return names, flat.take(pa.array(np.arange(1, len(flat), 2)))


def _misnamed(names: pa.DictionaryArray) -> Flags:
    """Return which names are not those of attributes."""
    wrong = [not _NAME.fullmatch(name.decode("latin-1").strip()) for name in names.dictionary.to_pylist()]
    return np.array(wrong, np.bool_)[names.indices.to_numpy()] if wrong else np.zeros(len(names), np.bool_)


def _not_closed(values: pa.Array) -> Flags:
    """Return which values begin with a quotation mark that no other closes: the text goes on in the next line."""
    found = np.zeros(len(values), np.bool_)
    first, last = _first_and_last(values)
    lengths = pc.binary_length(values).to_numpy()
    open_ended = np.flatnonzero((first == _QUOTE) & ((last != _QUOTE) | (lengths == 1)))
    for place in open_ended.tolist():
        value = values[place].as_py()
        found[place] = (value.count(b'"') - value.count(b'\\"')) % 2 == 1
    return found


def _first_and_last(values: pa.Array) -> tuple[Bytes, Bytes]:
    """Return the first and the last byte of each value; for an empty value the two are arbitrary."""
    if not len(values):
        return np.zeros(0, np.uint8), np.zeros(0, np.uint8)
    _, offsets, data = values.buffers()
    ends = np.frombuffer(offsets, np.int32)[values.offset : values.offset + len(values) + 1]
    bytes_ = np.frombuffer(data, np.uint8) if data else np.zeros(1, np.uint8)
    return bytes_.take(ends[:-1], mode="clip"), bytes_.take(ends[1:] - 1, mode="clip")


def _given_again(names: pa.Array, ads: Numbers) -> Numbers:
    """Return the positions of attributes of `_ONCE` that are not the first of their name in the ad.

    There a second job begins without a blank line or banner before it. `ads` is the ad of each attribute.
    """
    codes = names.indices.to_numpy()
    found = [np.zeros(0, np.int64)]
    for name in set(_ONCE) & set(names.dictionary.to_pylist()):
        places = np.flatnonzero(codes == names.dictionary.index(name).as_py())
        found.append(places[1:][ads[places[1:]] == ads[places[:-1]]])
    return np.concatenate(found)


def _first_of_each(ads: Numbers, wrong: Numbers) -> Numbers:
    """Return the first wrong line of each ad; `ads` is the ad of each line, `wrong` the positions of wrong lines."""
    _, first = np.unique(ads[wrong], return_index=True)
    return wrong[first]
