"""Searching the bytes of a column of text for many words at once, with the bytes around each hit.

An automaton looks for them many bytes at a time, without looking at any text. What is around a word is mostly the same,
so of that each distinct piece is looked at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import chain

import ahocorasick_rs
import attrs
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from anonkit.arrow.offsets import Positions, value_ends
from anonkit.arrow.strings import data_of, rows_of

__all__ = ["Hits", "PlainWords", "Words", "asked_around", "plain", "spelled_so"]

Flags = npt.NDArray[np.bool_]

_LOWER, _PARTS_WORDS = bytes(range(256)).lower(), b"_-.'"


@attrs.frozen
class Hits:
    """Words found in the bytes of texts: word `which[i]` from `starts[i]` to `stops[i]`."""

    which: Positions
    starts: Positions
    stops: Positions

    def at(self, chosen: Flags | Positions) -> Hits:
        """Return some of them."""
        return Hits(self.which[chosen], self.starts[chosen], self.stops[chosen])


class Words:
    """Words to be found as they are written."""

    def __init__(self, patterns: Iterable[str]) -> None:
        """Of words that begin alike the first wins; those of `PlainWords` must be `plain`."""
        # Of two words that start in one place the first wins; none is looked for inside another.
        self._automaton = ahocorasick_rs.BytesAhoCorasick(
            [pattern.encode() for pattern in patterns], matchkind=ahocorasick_rs.MatchKind.LeftmostFirst
        )

    def find(self, texts: pa.Array) -> Hits:
        """Return where words are in texts (string; what lies under nulls counts), ascending."""
        offsets = value_ends(texts)
        hits = self._found(texts, int(offsets[0]), int(offsets[-1]))
        begins, ends = rows_of(texts, hits.starts), rows_of(texts, hits.stops - 1)
        across = begins < ends
        if not across.any():
            return hits
        # A word of the end of one text and the begin of the next is none, and may hide one: those are searched singly.
        touched = np.zeros(len(texts), np.bool_)
        for first, last in zip(begins[across].tolist(), ends[across].tolist(), strict=True):
            touched[first : last + 1] = True
        singly = [self._found(texts, int(offsets[row]), int(offsets[row + 1])) for row in np.flatnonzero(touched)]
        parts = [hits.at(~touched[begins]), *singly]
        starts = np.concatenate([part.starts for part in parts])
        hits = Hits(
            np.concatenate([part.which for part in parts]), starts, np.concatenate([part.stops for part in parts])
        )
        return hits.at(np.argsort(starts))

    def _found(self, texts: pa.Array, start: int, stop: int) -> Hits:
        hits = self._found_in(data_of(texts)[start:stop].data)
        return Hits(hits.which, hits.starts + start, hits.stops + start)

    def _found_in(self, data: bytes | memoryview) -> Hits:
        found = self._automaton.find_matches_as_indexes(data) if len(data) else []
        flat = np.fromiter(chain.from_iterable(found), np.int64, count=3 * len(found)).reshape(-1, 3)
        return Hits(flat[:, 0], flat[:, 1], flat[:, 2])


class PlainWords(Words):
    """Words to be found however they are written: in small letters and without what parts words."""

    def _found(self, texts: pa.Array, start: int, stop: int) -> Hits:
        data = data_of(texts)[start:stop]
        hits = self._found_in(data.tobytes().translate(_LOWER, _PARTS_WORDS))
        if not hits.which.size:
            return hits
        parting = data == _PARTS_WORDS[0]
        for byte in _PARTS_WORDS[1:]:
            parting |= data == byte
        removed = np.flatnonzero(parting)
        # Found by its place among what is left: how many bytes were taken out before it.
        before, lasts = removed - np.arange(removed.size), hits.stops - 1
        starts = hits.starts + np.searchsorted(before, hits.starts, side="right")
        return Hits(hits.which, starts + start, lasts + np.searchsorted(before, lasts, side="right") + 1 + start)


def plain(word: str) -> str:
    """Return a word as `PlainWords` looks for it."""
    return word.encode().translate(_LOWER, _PARTS_WORDS).decode()


def asked_around(
    texts: pa.Array, hits: Hits, before: int, behind: int, asked: Callable[[bytes, int, bool, bool], bool]
) -> Flags:
    """Return the hits for which `asked` returns True, given so many bytes before and after them in their text.

    It gets the bytes, the position of the hit in them, and whether the text goes on before and after them.
    """
    if not hits.which.size:
        return np.zeros(0, np.bool_)
    offsets, rows = value_ends(texts), rows_of(texts, hits.starts)
    starts, stops = np.maximum(hits.starts - before, offsets[rows]), np.minimum(hits.stops + behind, offsets[rows + 1])
    cuts = np.stack((starts, np.maximum(starts, stops)), axis=1).reshape(-1)
    buffers = [None, pa.py_buffer(cuts.astype(np.int32)), texts.buffers()[2]]
    pieces = pa.Array.from_buffers(pa.binary(), len(cuts) - 1, buffers).take(pa.array(np.arange(0, len(cuts), 2)))
    encoded = pieces.dictionary_encode()
    # A piece, where in it the word is, and whether it goes on: in one number.
    keys = encoded.indices.to_numpy().astype(np.int64) * (before + 1) + (hits.starts - starts)
    keys = keys * 4 + (starts > offsets[rows]) * 2 + (stops < offsets[rows + 1])
    distinct, which = np.unique(keys, return_inverse=True)
    known = encoded.dictionary.to_pylist()
    asked_of = zip(*np.divmod(distinct >> 2, before + 1), distinct & 2, distinct & 1, strict=True)
    answers = [asked(known[code], int(place), bool(left), bool(right)) for code, place, left, right in asked_of]
    return np.array(answers, np.bool_)[which]


def spelled_so(texts: pa.Array, hits: Hits, word: bytes) -> Flags:
    """Return which hits are the word as it is spelled."""
    found: Flags = hits.stops - hits.starts == len(word)
    data = data_of(texts)
    for place, byte in enumerate(word):
        found &= data.take(hits.starts + place, mode="clip") == byte
    return found
