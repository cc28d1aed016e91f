"""Other readings of bytes: with escapes decoded and letters folded, or without quotes and line breaks."""

from __future__ import annotations

import codecs
import html
import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from anonkit.auditing.patterns import JUNK, folded

__all__ = [
    "DROPPED",
    "LINE_BREAK",
    "SIGNS",
    "Squeezed",
    "decodings",
    "gapped",
    "place_in",
    "windows",
    "without_junk_after",
    "without_junk_before",
]

Positions = npt.NDArray[np.int64]

SIGNS = (
    rb"%[0-9a-f]{2}",
    rb"&(?:#0{0,30}[0-9]{1,7}|#x0{0,30}[0-9a-f]{1,6}|[a-z][0-9a-z]{1,31});",
    rb"\\(?:u[0-9a-f]{4}|u\{0{0,30}[0-9a-f]{1,6}\}|x[0-9a-f]{2}|t)",
    # Every byte that begins a character outside ASCII, but for dashes, with which reports rule their lines.
    rb"[\xc2-\xe1\xe3-\xf4]|\xe2[\x81-\xbf]|\xe2\x80[\x80-\x8f\x96-\xbf]",
)
"""Regular expressions, in any letter case, of bytes by which text may read otherwise once it is decoded or folded."""
LINE_BREAK = rb"\\[nr]"
"""A line break inside a string: it is both one of these signs, and something that may split a name."""

_PERCENT = re.compile(rb"%([0-9A-Fa-f]{2})")
_BYTE = re.compile(rb"\\+x([0-9A-Fa-f]{2})")
_ENTITY = re.compile(r"&(?:#0{0,30}[0-9]{1,7}|#[xX]0{0,30}[0-9A-Fa-f]{1,6}|[A-Za-z][0-9A-Za-z]{1,31});")
_POINT = re.compile(
    r"\\+(?:U(00(?:0[0-9A-Fa-f]|10)[0-9A-Fa-f]{4})|[uU](?:\{0{0,30}([0-9A-Fa-f]{1,6})\}|([0-9A-Fa-f]{4})))"
)
_CONTROL = re.compile(r"\\+[nrt]")
# Layers of escapes that are undone; in most windows there is one.
_ROUNDS = 8
# Bytes that one character may take, escaped twice.
_STRETCHED = 12
# Bytes of a window: the place of a find is told by decoding it some times over.
_LONGEST = 4096

_BLANKS = b" \t"
DROPPED = JUNK.encode() + _BLANKS
_ESCAPED_BREAK = re.compile(LINE_BREAK)
_IS_LEFT = np.ones(256, np.bool_)
_IS_LEFT[np.frombuffer(DROPPED, np.uint8)] = False
# Between two characters of a name that was split. `\n` is a line break inside a string.
_GAP = rb"(?:['\"]|(?:\\+[nr]|[\r\n])[ \t]*|\\)*"


def windows(ends: Sequence[int], reach: int, size: int) -> Iterator[tuple[int, int]]:
    """Yield the ranges within `reach` bytes of the signs that end at `ends` (ascending), those that overlap as one.

    Long ranges are cut into parts that overlap by the longest encoded form of a name of `reach` bytes.
    """
    low = high = -1
    for end in ends:
        start, stop = max(0, end - reach), min(size, end + reach)
        if start > high:
            if high > 0:
                yield from _cut(low, high, reach)
            low = start
        high = max(high, stop)
    if high > 0:
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
    raw = _BYTE.sub(_byte, _PERCENT.sub(_byte, raw))
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


def place_in(raw: bytes, which: int, tail: bytes) -> int:
    """Return the last place in `raw` from which its decoding number `which` still ends in `tail`."""

    def lacks(start: int) -> bool:
        made = decodings(raw[start:])
        return not made[min(which, len(made) - 1)].endswith(tail)

    return max(0, bisect_left(range(len(raw)), True, key=lacks) - 1)


class Squeezed:
    """Some bytes without quotes, backslashes, line breaks and blanks.

    All blanks are left out, not only those of indents: a name that is found here has to be compared in the original.
    """

    def __init__(self, data: bytes, *, line_breaks: bool = False) -> None:
        """Leave the bytes out; `line_breaks` leaves out escaped line breaks too."""
        if line_breaks:
            data = _ESCAPED_BREAK.sub(rb"\\\\", data)
        self.data = data.translate(None, DROPPED)
        self._from = data
        self._positions: Positions | None = None

    def place(self, at: int) -> int:
        """Return the position in the original of the byte at `at`."""
        if self._positions is None:
            self._positions = np.flatnonzero(_IS_LEFT[np.frombuffer(self._from, np.uint8)])
        return int(self._positions[at])


def gapped(name: bytes) -> re.Pattern[bytes]:
    """Return the pattern of a name that may be split."""
    signs = (re.escape(sign.encode()) for sign in name.decode())
    return re.compile(_GAP.join(signs), re.IGNORECASE)


_JUNK_BEFORE = re.compile(rb"(?:['\"\\]|[\r\n][ \t]*)+\Z")
_JUNK_AFTER = re.compile(rb"(?:['\"\\]|[\r\n][ \t]*)+")


def without_junk_before(text: bytes) -> bytes:
    """Return a text without the quotes, backslashes and line breaks at its end."""
    return _JUNK_BEFORE.sub(b"", text)


def without_junk_after(text: bytes) -> bytes:
    """Return a text without the quotes, backslashes and line breaks at its beginning."""
    return _JUNK_AFTER.sub(b"", text, count=1) if _JUNK_AFTER.match(text) else text
