"""Other readings of bytes: with escapes decoded and letters folded, or without quotes and line breaks."""

from __future__ import annotations

import codecs
import html
import re
from collections.abc import Iterator
from functools import cached_property
from urllib.parse import unquote_to_bytes

import numpy as np
import numpy.typing as npt

from anonkit.auditing.patterns import JUNK, folded

__all__ = [
    "DROPPED",
    "Squeezed",
    "decodings",
    "signs",
    "windows",
    "without_junk_after",
    "without_junk_before",
]

Positions = npt.NDArray[np.int64]

_HEX, _ENTITY_STARTS, _BACKSLASHED = (
    np.frombuffer(signs, np.uint8)
    for signs in (b"0123456789abcdefABCDEF", b"#abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", b"uUxXtTnNrR")
)
_BREAKS = np.frombuffer(b"nNrR", np.uint8)

# A run of backslashes is read from its beginning alone: the time grows with its length, not with the square.
_BYTE = re.compile(rb"(?<!\\)\\+x([0-9A-Fa-f]{2})")
_ENTITY = re.compile(r"&(?:#0{0,30}[0-9]{1,7}|#[xX]0{0,30}[0-9A-Fa-f]{1,6}|[A-Za-z][0-9A-Za-z]{1,31});")
_POINT = re.compile(
    r"(?<!\\)\\+(?:U(00(?:0[0-9A-Fa-f]|10)[0-9A-Fa-f]{4})|[uU](?:\{0{0,30}([0-9A-Fa-f]{1,6})\}|([0-9A-Fa-f]{4})))"
)
_CONTROL = re.compile(r"(?<!\\)\\+[nrt]")
# Layers of escapes that are undone; in most windows there is one.
_ROUNDS = 8
# Bytes that one character may take, escaped twice.
_STRETCHED = 12
# Bytes of a window: the place of a finding is known by decoding them several times.
_LONGEST = 4096

# An entity with as many zeros as there may be.
_LONGEST_SIGN = 44

_BLANKS, _LINE_BREAKS, _QUOTES = b" \t", b"\r\n", b"'\"\\"
DROPPED = JUNK.encode() + _BLANKS
# Bytes of UTF-8 that go on with a character.
_INSIDE_CHARACTER = range(0x80, 0xC0)
_ESCAPED_BREAK = re.compile(rb"\\[nr]")
_IS_LEFT = np.ones(256, np.bool_)
_IS_LEFT[np.frombuffer(DROPPED, np.uint8)] = False


def signs(data: bytes) -> tuple[Positions, Positions]:
    """Return the places of bytes that may be read in another way, and of those among them that break lines; ascending.

    These are the beginnings of escapes, and of characters outside ASCII except dashes, which reports draw lines with.
    """
    text = np.frombuffer(data, np.uint8)
    places = np.flatnonzero((text == ord("%")) | (text == ord("&")) | (text == ord("\\")) | (text >= 0xC2))
    first, second, third = (text.take(places + shift, mode="clip") for shift in range(3))
    is_dash = (first == 0xE2) & (second == 0x80) & (third >= 0x90) & (third <= 0x95)
    are_signs = (first >= 0xC2) & ~is_dash
    for sign, following in ((b"%", _HEX), (b"&", _ENTITY_STARTS), (b"\\", _BACKSLASHED)):
        are_signs |= (first == ord(sign)) & np.isin(second, following)
    return places[are_signs], places[(first == ord("\\")) & np.isin(second, _BREAKS)]


def windows(places: Positions, reach: int, size: int) -> Iterator[tuple[int, int]]:
    """Yield the ranges within `reach` bytes of signs (ascending), those that overlap as one.

    Long ranges are cut into parts that overlap by the longest encoded form of a name of `reach` bytes.
    """
    if not places.size:
        return
    (apart,) = np.nonzero(np.diff(places) > 2 * reach + _LONGEST_SIGN)
    lows = np.maximum(places[np.concatenate(([0], apart + 1))] - reach, 0)
    highs = np.minimum(places[np.concatenate((apart, [places.size - 1]))] + _LONGEST_SIGN + reach, size)
    for low, high in zip(lows.tolist(), highs.tolist(), strict=True):
        yield from _cut(low, high, reach)


def _cut(low: int, high: int, reach: int) -> Iterator[tuple[int, int]]:
    overlap = _STRETCHED * reach
    longest = max(_LONGEST, 2 * overlap)
    while high - low > longest:
        yield low, low + longest
        low += longest - overlap
    yield low, high


def decodings(raw: bytes) -> list[bytes]:
    """Return the text decoded once, twice and so on, as long as that differs; folded, as UTF-8."""
    found: list[str] = []
    for _ in range(_ROUNDS):
        text = _decoded(raw)
        found.append(folded(text))
        before, raw = raw, text.encode("utf-8", "replace")
        if raw == before:
            break
    return list(dict.fromkeys(text.encode("utf-8", "replace") for text in found))


def _decoded(raw: bytes) -> str:
    raw = _BYTE.sub(_byte, unquote_to_bytes(raw))
    text = _CONTROL.sub(" ", _POINT.sub(_point, _text(raw)))
    text = _ENTITY.sub(lambda found: html.unescape(found[0]), text)
    # Two halves of one character, each escaped, become it.
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _byte(found: re.Match[bytes]) -> bytes:
    return bytes([int(found[1], 16)])


def _point(found: re.Match[str]) -> str:
    point = int(found[1] or found[2] or found[3], 16)
    return chr(point) if point < 0x110000 else found[0]


def _text(raw: bytes) -> str:
    """Return bytes as text: UTF-8, and Latin-1 for those bytes that are not UTF-8."""
    return raw.decode("utf-8", _LATIN_1)


def _as_latin_1(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    return error.object[error.start : error.end].decode("latin-1"), error.end


_LATIN_1 = "anonkit-latin-1"
codecs.register_error(_LATIN_1, _as_latin_1)


class Squeezed:
    """Some bytes without quotes, backslashes, line breaks and blanks.

    All blanks are left out, not only those of indents: a name that is found here has to be compared in the original.
    """

    def __init__(self, data: bytes, *, line_breaks: bool = False) -> None:
        """Leave the bytes out; `line_breaks` takes ``\\n`` and ``\\r`` for line breaks, and leaves them out too."""
        self._original = _ESCAPED_BREAK.sub(b"\n\n", data) if line_breaks else data
        self.data = self._original.translate(None, DROPPED)

    def place(self, at: int) -> int:
        """Return the position in the original of the byte at `at`."""
        return int(self._positions[at])

    @cached_property
    def _positions(self) -> Positions:
        return np.flatnonzero(_IS_LEFT[np.frombuffer(self._original, np.uint8)])

    @cached_property
    def _bad_gaps(self) -> Positions:
        """For each byte, how many of the gaps before it and earlier ones are more than what may split a name."""
        text = np.frombuffer(self._original, np.uint8)
        places = np.arange(text.size)
        is_blank = np.isin(text, np.frombuffer(_BLANKS, np.uint8))
        # A blank belongs to an indent when the last byte before it that is not blank breaks a line.
        last = np.maximum.accumulate(np.where(is_blank, -1, places))
        is_bad = is_blank & ((last < 0) | ~np.isin(text[last], np.frombuffer(_LINE_BREAKS, np.uint8)))
        # Nothing splits a character.
        gaps = np.diff(self._positions, prepend=-1) > 1
        is_inside = (text[self._positions] >= 0x80) & (text[self._positions] < 0xC0)
        bad: Positions = np.cumsum(is_bad, dtype=np.int64)[self._positions] + np.cumsum(gaps & is_inside)
        return bad

    def end_of_split(self, name: bytes, at: int) -> int | None:
        """Return the position after a name, in lower case, that begins at `at` of `data` and may be split.

        None if it is not there: between two of its characters may be quotes, backslashes and line breaks with indents.
        """
        squeezed = name.translate(None, DROPPED)
        last = at + len(squeezed) - 1
        if self.data[at : last + 1].lower() != squeezed:
            return None
        if len(squeezed) < len(name):
            return self._end_of_quoted(name, self.place(at))
        return self.place(last) + 1 if self._bad_gaps[last] == self._bad_gaps[at] else None

    def _end_of_quoted(self, name: bytes, start: int) -> int | None:
        """Return the same for a name with quotes or blanks that begins at `start` of the original.

        A regular expression would try each way to divide a gap, of which there may be 2 to the power of its length.
        """
        # How many bytes of the name were read, and whether an indent may go on: all that is possible after each byte.
        states = {(0, False)}
        for at in range(start, len(self._original)):
            byte = self._original[at]
            letter = self._original[at : at + 1].lower()
            following = set()
            for count, in_indent in states:
                if letter == name[count : count + 1]:
                    if count + 1 == len(name):
                        return at + 1
                    following.add((count + 1, False))
                if not count or name[count] in _INSIDE_CHARACTER:
                    continue
                if byte in _LINE_BREAKS or (in_indent and byte in _BLANKS):
                    following.add((count, True))
                elif byte in _QUOTES:
                    following.add((count, False))
            if not following:
                return None
            states = following
        return None


_JUNK_BEFORE = re.compile(rb"(?:['\"\\]|[\r\n][ \t]*)+\Z")
_JUNK_AFTER = re.compile(rb"(?:['\"\\]|[\r\n][ \t]*)+")


def without_junk_before(text: bytes) -> bytes:
    """Return a text without the quotes, backslashes and line breaks at its end."""
    return _JUNK_BEFORE.sub(b"", text)


def without_junk_after(text: bytes) -> bytes:
    """Return a text without the quotes, backslashes and line breaks at its beginning."""
    return _JUNK_AFTER.sub(b"", text, count=1) if _JUNK_AFTER.match(text) else text
