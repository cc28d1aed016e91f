"""Searching the bytes of a column of text for many words at once, with the bytes around each hit.

An automaton searches the column as one block of bytes. The bytes around a word are mostly the same, so each distinct
excerpt is judged once.
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

__all__ = ["Hits", "PlainWords", "Words", "hits_in_context", "plain", "spelled_exactly"]

Flags = npt.NDArray[np.bool_]

_LOWER, _JOINERS = bytes(range(256)).lower(), b"_-.'"


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
        # A hit across two texts is no word, and may hide one: these texts are searched one by one.
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
    """Words to be found however they are written: in texts in lower case, without dashes, dots and the like."""

    def _found(self, texts: pa.Array, start: int, stop: int) -> Hits:
        data = data_of(texts)[start:stop]
        hits = self._found_in(data.tobytes().translate(_LOWER, _JOINERS))
        if not hits.which.size:
            return hits
        parting = data == _JOINERS[0]
        for byte in _JOINERS[1:]:
            parting |= data == byte
        removed = np.flatnonzero(parting)
        # The place of a hit in the text follows from the number of bytes that were removed before it.
        before, lasts = removed - np.arange(removed.size), hits.stops - 1
        starts = hits.starts + np.searchsorted(before, hits.starts, side="right")
        return Hits(hits.which, starts + start, lasts + np.searchsorted(before, lasts, side="right") + 1 + start)


def plain(word: str) -> str:
    """Return a word as `PlainWords` looks for it."""
    return word.encode().translate(_LOWER, _JOINERS).decode()


def hits_in_context(
    texts: pa.Array, hits: Hits, before: int, after: int, fits: Callable[[bytes, int, bool, bool], bool]
) -> Flags:
    """Return the hits for which `fits` returns True, given up to so many bytes before and after them in their text.

    It gets the bytes, the position of the hit in them, and whether the text goes on before and after them.
    """
    if not hits.which.size:
        return np.zeros(0, np.bool_)
    excerpts = _Excerpts.around(texts, hits, before, after)
    encoded = excerpts.encoded(texts.buffers()[2])
    known = encoded.dictionary.to_pylist()
    shape = (len(known), before + 1, 2, 2)
    parts = (encoded.indices.to_numpy(), hits.starts - excerpts.starts, excerpts.cut_before, excerpts.cut_after)
    distinct, which = np.unique(np.ravel_multi_index(parts, shape), return_inverse=True)
    cases = zip(*np.unravel_index(distinct, shape), strict=True)
    answers = [fits(known[code], int(place), bool(left), bool(right)) for code, place, left, right in cases]
    return np.array(answers, np.bool_)[which]


@attrs.frozen
class _Excerpts:
    """The bytes around each hit, in its text, and 1 where the text goes on before or after them."""

    starts: Positions
    stops: Positions
    cut_before: Positions
    cut_after: Positions

    @classmethod
    def around(cls, texts: pa.Array, hits: Hits, before: int, after: int) -> _Excerpts:
        offsets, rows = value_ends(texts), rows_of(texts, hits.starts)
        first, last = offsets[rows], offsets[rows + 1]
        starts, stops = np.maximum(hits.starts - before, first), np.minimum(hits.stops + after, last)
        cut_before, cut_after = (starts > first).astype(np.int64), (stops < last).astype(np.int64)
        return cls(starts, np.maximum(starts, stops), cut_before, cut_after)

    def encoded(self, data: pa.Buffer) -> pa.DictionaryArray:
        """Return the bytes of each, of the texts' data, with a dictionary of the distinct ones."""
        edges = np.stack((self.starts, self.stops), axis=1).reshape(-1).astype(np.int32)
        with_gaps = pa.Array.from_buffers(pa.binary(), len(edges) - 1, [None, pa.py_buffer(edges), data])
        return with_gaps.take(pa.array(np.arange(0, len(edges), 2))).dictionary_encode()


def spelled_exactly(texts: pa.Array, hits: Hits, word: bytes) -> Flags:
    """Return which hits are the word as it is spelled."""
    found: Flags = hits.stops - hits.starts == len(word)
    data = data_of(texts)
    for place, byte in enumerate(word):
        found &= data.take(hits.starts + place, mode="clip") == byte
    return found
