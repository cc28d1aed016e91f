"""Search for many words in the bytes of a column of text, and for the text around each hit.

An automaton searches the column as one block of bytes. Many hits have the same bytes around them, so each distinct
excerpt is checked once.
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

# Bytes to lower case; the bytes between the words of a name, which `PlainWords` leaves out.
_LOWER, _JOINERS = bytes(range(256)).lower(), b"_-.'"


@attrs.frozen
class Hits:
    """Words found in the bytes of texts: hit i is word number `which[i]`, from `starts[i]` to before `stops[i]`."""

    which: Positions
    starts: Positions
    stops: Positions

    def at(self, chosen: Flags | Positions) -> Hits:
        """Return the chosen hits."""
        return Hits(self.which[chosen], self.starts[chosen], self.stops[chosen])


class Words:
    """A search for words exactly as they are written."""

    def __init__(self, patterns: Iterable[str]) -> None:
        """Take the words, numbered in order. For `PlainWords` they must be as `plain` returns them.

        Where several words begin at one place, only the first of them in the order is found, and none inside it.
        """
        self._automaton = ahocorasick_rs.BytesAhoCorasick(
            [pattern.encode() for pattern in patterns], matchkind=ahocorasick_rs.MatchKind.LeftmostFirst
        )

    def find(self, texts: pa.Array) -> Hits:
        """Return the hits in texts (string), ascending; bytes under nulls are searched, too."""
        offsets = value_ends(texts)
        hits = self._found(texts, int(offsets[0]), int(offsets[-1]))
        begins, ends = rows_of(texts, hits.starts), rows_of(texts, hits.stops - 1)
        across = begins < ends
        if not across.any():
            return hits
        # A hit across two texts is no word, and may hide one. These texts are searched one at a time.
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
        """Return the hits between two positions in the bytes of the texts."""
        hits = self._found_in(data_of(texts)[start:stop].data)
        return Hits(hits.which, hits.starts + start, hits.stops + start)

    def _found_in(self, data: bytes | memoryview) -> Hits:
        found = self._automaton.find_matches_as_indexes(data) if len(data) else []
        flat = np.fromiter(chain.from_iterable(found), np.int64, count=3 * len(found)).reshape(-1, 3)
        return Hits(flat[:, 0], flat[:, 1], flat[:, 2])


class PlainWords(Words):
    """A search for words in any spelling: letter case, underscores, dashes, dots and single quotes do not matter."""

    def _found(self, texts: pa.Array, start: int, stop: int) -> Hits:
        data = data_of(texts)[start:stop]
        hits = self._found_in(data.tobytes().translate(_LOWER, _JOINERS))
        if not hits.which.size:
            return hits
        is_joiner = data == _JOINERS[0]
        for byte in _JOINERS[1:]:
            is_joiner |= data == byte
        removed = np.flatnonzero(is_joiner)
        # The number of bytes removed before a hit gives its position in the text.
        before, lasts = removed - np.arange(removed.size), hits.stops - 1
        starts = hits.starts + np.searchsorted(before, hits.starts, side="right")
        return Hits(hits.which, starts + start, lasts + np.searchsorted(before, lasts, side="right") + 1 + start)


def plain(word: str) -> str:
    """Return a word as `PlainWords` searches for it: in lower case and without joiners."""
    return word.encode().translate(_LOWER, _JOINERS).decode()


def hits_in_context(
    texts: pa.Array, hits: Hits, before: int, after: int, fits: Callable[[bytes, int, bool, bool], bool]
) -> Flags:
    """Return, for each hit, whether `fits` returns True for the excerpt around it.

    The excerpt has up to `before` and `after` more bytes of the hit's text. `fits` gets the excerpt, the position of
    the hit in it, and whether the text goes on before and after it.
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
    """The bounds of the excerpt around each hit, and 1 where the text goes on before or after it."""

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
        """Return the excerpts (binary) of the texts' data; the dictionary has the distinct ones."""
        edges = np.stack((self.starts, self.stops), axis=1).reshape(-1).astype(np.int32)
        with_gaps = pa.Array.from_buffers(pa.binary(), len(edges) - 1, [None, pa.py_buffer(edges), data])
        return with_gaps.take(pa.array(np.arange(0, len(edges), 2))).dictionary_encode()


def spelled_exactly(texts: pa.Array, hits: Hits, word: bytes) -> Flags:
    """Return which hits are exactly the bytes of the word."""
    found: Flags = hits.stops - hits.starts == len(word)
    data = data_of(texts)
    for place, byte in enumerate(word):
        found &= data.take(hits.starts + place, mode="clip") == byte
    return found
