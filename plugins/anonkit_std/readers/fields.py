"""The fields of delimited text, found with array operations: their positions, and quotes that are out of place.

Quotes are those of RFC 4180: a field is quoted as a whole or not at all, and a quote inside is written twice.
"""

from __future__ import annotations

from functools import cached_property

import attrs
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

__all__ = ["Fields", "end_of_records", "find_fields", "wrong_quote"]

Places = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

_QUOTE, _BREAK, _RETURN = b'"'[0], b"\n"[0], b"\r"[0]


@attrs.frozen(eq=False, slots=False)
class Fields:
    """The fields of a block, in order. Places are positions of bytes in `data`."""

    data: bytes
    starts: Places
    """The place of the first byte of each field."""
    ends: Places
    """The place of the delimiter or the line break after each field."""
    first: Places
    """For each record, the position of its first field in `starts`."""
    counts: Places
    """For each record, the number of its fields."""
    quotes: Places
    """For each field, the number of quotes in it; empty when the block has no quotes."""

    def record_starts(self) -> Places:
        """Return the place of the first byte of each record."""
        return self.starts[self.first]

    def is_blank(self) -> Flags:
        """Return which records are blank lines."""
        ends = self.ends[self.first]
        starts = self.starts[self.first]
        bytes_ = self._padded
        carriage = (ends - starts == 1) & (bytes_[starts] == _RETURN)
        blank: Flags = (self.counts == 1) & ((starts == ends) | carriage)
        return blank

    def lone_returns(self) -> dict[int, int]:
        """Return, by record, the place of its first carriage return that is outside of quotes and ends no line.

        Such a record is ambiguous: some programs end it at the carriage return, others do not.
        """
        if not self._has_returns:
            return {}
        places = np.flatnonzero(self._padded == _RETURN)
        places = places[self._padded[places + 1] != _BREAK]
        fields = np.searchsorted(self.starts, places, side="right") - 1
        places = places[self.quotes[fields] == 0] if len(self.quotes) else places
        records = np.searchsorted(self.record_starts(), places, side="right") - 1
        return dict(zip(records[::-1].tolist(), places[::-1].tolist(), strict=True))

    def texts(self, positions: Places) -> pa.Array:
        """Return the fields at these positions (binary), without quotes around them."""
        texts = pc.binary_slice(self._whole.take(pa.array(positions)), 0, -1)
        return self._unquoted(self._without_returns(texts, positions), positions)

    @cached_property
    def _whole(self) -> pa.Array:
        """All fields (binary), each with the delimiter or line break after it."""
        offsets = np.append(self.starts, self.ends[-1] + 1).astype(np.int32)
        data = self.data if self.ends[-1] < len(self.data) else self.data + b"\n"
        return pa.Array.from_buffers(pa.binary(), len(self.starts), [None, pa.py_buffer(offsets), pa.py_buffer(data)])

    @cached_property
    def _padded(self) -> npt.NDArray[np.uint8]:
        """The bytes of the block, with a line break at the end."""
        return np.frombuffer(self.data + b"\n", np.uint8)

    @cached_property
    def _has_returns(self) -> bool:
        return b"\r" in self.data

    @cached_property
    def _ends_in_return(self) -> Flags:
        """For each field, whether it ends with the carriage return of a line break."""
        found = np.zeros(len(self.starts), np.bool_)
        if self._has_returns:
            last = self.first + self.counts - 1
            ends = self.ends[last]
            bytes_ = self._padded
            found[last] = (bytes_[ends] == _BREAK) & (bytes_[ends - 1] == _RETURN) & (ends > self.starts[last])
        return found

    def _without_returns(self, texts: pa.Array, positions: Places) -> pa.Array:
        """Return the fields at these positions without the carriage return of a line break."""
        found = self._ends_in_return[positions]
        return pc.if_else(pa.array(found), pc.binary_slice(texts, 0, -1), texts) if found.any() else texts

    def _unquoted(self, texts: pa.Array, positions: Places) -> pa.Array:
        """Return the fields at these positions without quotes around them; a doubled quote inside becomes one."""
        if len(self.quotes) == 0:
            return texts
        quoted = self.quotes[positions] > 0
        if not quoted.any():
            return texts
        inside = pc.binary_slice(pc.binary_replace_slice(texts, 0, 1, b""), 0, -1)
        return pc.if_else(pa.array(quoted), pc.replace_substring(inside, b'""', b'"'), texts)


def find_fields(data: bytes, delimiter: bytes, *, quoted: bool) -> Fields:
    """Return the fields of whole records; the last record may lack its line break."""
    bytes_ = np.frombuffer(data, np.uint8)
    quotes = np.flatnonzero(bytes_ == _QUOTE) if quoted else np.zeros(0, np.int64)
    ends = _separators(bytes_, delimiter, quotes)
    if not data.endswith(b"\n") or not len(ends) or ends[-1] != len(data) - 1:
        ends = np.append(ends, len(data))
    starts = np.concatenate(([0], ends[:-1] + 1))
    is_last = np.frombuffer(data + b"\n", np.uint8)[ends] == _BREAK
    last = np.flatnonzero(is_last)
    first = np.concatenate(([0], last[:-1] + 1))
    counted = np.searchsorted(quotes, ends) - np.searchsorted(quotes, starts) if len(quotes) else quotes
    return Fields(data, starts, ends, first, last - first + 1, counted)


def _separators(bytes_: npt.NDArray[np.uint8], delimiter: bytes, quotes: Places) -> Places:
    """Return the places of delimiters and line breaks outside of quotes."""
    places: Places = np.flatnonzero((bytes_ == delimiter[0]) | (bytes_ == _BREAK))
    return places[np.searchsorted(quotes, places) % 2 == 0] if len(quotes) else places


def end_of_records(data: bytes, delimiter: bytes, *, last: bool) -> int:
    """Return the place after the last whole record; 0 when there is none.

    When a quote is out of place, it is the place before the record with that quote. When that record is the first, it
    is the place after its first line, so that the records after it can be read. `last`: no data follow, so a quote that
    is not closed is out of place as well.
    """
    bytes_ = np.frombuffer(data, np.uint8)
    quotes = np.flatnonzero(bytes_ == _QUOTE)
    wrong = _wrong(bytes_, delimiter, quotes, last) if len(quotes) else -1
    if wrong < 0:
        breaks = np.flatnonzero(bytes_ == _BREAK)
        outside = breaks[np.searchsorted(quotes, breaks) % 2 == 0] if len(quotes) else breaks
        return int(outside[-1]) + 1 if len(outside) else 0
    before = data.rfind(b"\n", 0, _record_start(bytes_, quotes, wrong) + 1) + 1
    return before or data.find(b"\n") + 1


def _record_start(bytes_: npt.NDArray[np.uint8], quotes: Places, place: int) -> int:
    """Return the place of the last line break outside of quotes before a place; -1 for none."""
    breaks = np.flatnonzero(bytes_[:place] == _BREAK)
    outside = breaks[np.searchsorted(quotes, breaks) % 2 == 0]
    return int(outside[-1]) if len(outside) else -1


def wrong_quote(data: bytes, delimiter: bytes) -> int:
    """Return the place of the first quote that is out of place in whole records; -1 for none."""
    bytes_ = np.frombuffer(data, np.uint8)
    quotes = np.flatnonzero(bytes_ == _QUOTE)
    return _wrong(bytes_, delimiter, quotes, True) if len(quotes) else -1


def _wrong(bytes_: npt.NDArray[np.uint8], delimiter: bytes, quotes: Places, last: bool) -> int:
    """Return the place of the first quote that is out of place; -1 for none.

    In its place is a quote that begins or ends a field, or is one of two; `last`: and that is closed.
    """
    opening, closing = quotes[::2], quotes[1::2]
    before = bytes_[opening - 1]
    begins = (opening == 0) | (before == delimiter[0]) | (before == _BREAK) | (before == _QUOTE)
    after = bytes_.take(closing + 1, mode="clip")
    at_end = closing + 1 == len(bytes_)
    ends = at_end | (after == delimiter[0]) | (after == _BREAK) | (after == _RETURN) | (after == _QUOTE)
    wrong = [*opening[~begins][:1].tolist(), *closing[~ends][:1].tolist()]
    if last and len(quotes) % 2:
        wrong.append(int(quotes[-1]))
    return min(wrong, default=-1)
