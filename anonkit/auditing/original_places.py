"""Where a place of a decoded text is in the bytes that were decoded.

Nothing is known but how bytes are decoded, so a place is found by decoding what follows it. A text may hold a name
thousands of times; so the bytes are cut into short pieces first.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from functools import cached_property, lru_cache
from operator import attrgetter

import attrs

from anonkit.auditing.views import decodings

__all__ = ["OriginalPlaces"]

# Bytes of a piece that is not cut.
_SHORT = 64
# A byte of no escape: the text before it and the text from it on are decoded apart from each other, most of the time.
_OF_NO_ESCAPE = re.compile(rb"[^0-9A-Za-z%&\\#;{}\x80-\xff]")
# Cuts that are tried; each takes as long as decoding the bytes.
_TRIED = 4
# A name's place takes some ten decodings of what follows it, of which its neighbours need most.
_MOST_KNOWN = 1 << 12


@attrs.frozen
class _Piece:
    start: int
    """Where it begins in the bytes."""
    text_start: int
    """Where it begins in the decoded text."""
    raw: bytes
    text: bytes


@attrs.frozen
class OriginalPlaces:
    """The places of a text in the bytes of which it is a decoding."""

    raw: bytes
    which: int
    """The number of the decoding, as in `decodings`."""
    text: bytes

    def __call__(self, at: int) -> int:
        """Return the last place in the bytes from which they are decoded to the end of the text from `at` on."""
        piece = self._pieces[bisect_right(self._pieces, at, key=attrgetter("text_start")) - 1]
        return piece.start + _place_in(piece.raw, self.which, piece.text[at - piece.text_start :])

    @cached_property
    def _pieces(self) -> list[_Piece]:
        return [*_pieces(_Piece(0, 0, self.raw, self.text), self.which)]


def _pieces(whole: _Piece, which: int) -> Iterator[_Piece]:
    """Yield the pieces of one, by halves, as far as they are decoded apart from each other."""
    for place in _cuts(whole.raw) if len(whole.raw) > _SHORT else ():
        left, right = (_decoded(part, which) for part in (whole.raw[:place], whole.raw[place:]))
        if left + right == whole.text:
            yield from _pieces(_Piece(whole.start, whole.text_start, whole.raw[:place], left), which)
            text_start = whole.text_start + len(left)
            yield from _pieces(_Piece(whole.start + place, text_start, whole.raw[place:], right), which)
            return
    yield whole


def _cuts(raw: bytes) -> list[int]:
    """Return some places at which bytes may be cut, the nearest to the middle first; none is near an end."""
    places = (found.start() for found in _OF_NO_ESCAPE.finditer(raw, len(raw) // 4, len(raw) * 3 // 4))
    return sorted(places, key=lambda place: abs(place - len(raw) // 2))[:_TRIED]


def _place_in(raw: bytes, which: int, tail: bytes) -> int:
    """Return the last place in `raw` from which the text, in its decoding number `which`, ends in `tail`."""
    places = range(len(raw))
    return max(0, bisect_left(places, True, key=lambda start: not _known(raw[start:], which).endswith(tail)) - 1)


def _decoded(raw: bytes, which: int) -> bytes:
    """Return some bytes in their decoding of that number, or in the last one if they have fewer."""
    made = decodings(raw)
    return made[min(which, len(made) - 1)]


_known = lru_cache(maxsize=_MOST_KNOWN)(_decoded)
