"""Thousands of literals in one scan, without compiling them: each place of the text is looked up by its first bytes.

A hash of five bytes rules out nearly all places at once, and the first eight bytes nearly all others. Hyperscan reads
faster, but takes half a minute and a gigabyte to compile the forms of twenty thousand names.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import attrs
import numpy as np
import numpy.typing as npt

__all__ = ["SHORTEST", "LiteralTable"]

Words = npt.NDArray[np.uint64]
Positions = npt.NDArray[np.int64]
Found = list[tuple[int, int]]

SHORTEST = 5
"""Bytes of the shortest literal that can be in a table."""

_LONGEST_KEY = 8
_HASH_BITS = 22
# From the golden ratio: neighbours in the input are far apart in the output (Knuth, TAOCP 6.4).
_SPREAD = np.uint64(0x9E3779B97F4A7C15)
_SHIFT = np.uint64(64 - _HASH_BITS)


@attrs.frozen
class _Keys:
    """The first bytes of literals, as many bytes for each; sorted."""

    size: int
    words: Words
    firsts: Positions
    """For each key, the position in `lengths` of its first; one more at the end."""
    lengths: Positions
    """The sizes of the literals that begin with a key, key by key."""

    def lengths_of(self, key: int) -> Sequence[int]:
        """Return the sizes of the literals that begin with a key."""
        found: list[int] = self.lengths[self.firsts[key] : self.firsts[key + 1]].tolist()
        return found


class LiteralTable:
    """Finds where literals end."""

    def __init__(self, literals: Mapping[int, bytes], cased: frozenset[int]) -> None:
        """`literals` are by number, of `SHORTEST` bytes or more; letter case matters for those of `cased` only."""
        self._cased = {number: literals[number] for number in cased}
        # There may be a million texts, so for each nothing larger than a number is stored, and for few a tuple.
        self._by_text: dict[bytes, int | tuple[int, ...]] = {}
        for number, literal in literals.items():
            # Most literals are in lower case, and copies of them would take much memory.
            lowered = literal.lower()
            text = literal if lowered == literal else lowered
            self._by_text[text] = (*self._numbers(text), number) if text in self._by_text else number
        self._keys = list(_all_keys(self._by_text))
        self._likely = np.zeros(1 << _HASH_BITS, np.bool_)
        for keys in self._keys:
            self._likely[_hash(keys.words)] = True

    def __call__(self, data: bytes) -> Found:
        """Return (number of the literal, end) of all matches, by where they begin."""
        lowered = data.lower()
        places, words = self._likely_places(lowered)
        found = [
            (place, number, place + size)
            for keys in self._keys
            for place, key in _among(keys, places, words)
            for size in keys.lengths_of(key)
            for number in self._numbers(lowered[place : place + size])
            if number not in self._cased or data.startswith(self._cased[number], place)
        ]
        return [(number, end) for _, number, end in sorted(found)]

    def _numbers(self, text: bytes) -> Sequence[int]:
        found = self._by_text.get(text, ())
        return (found,) if isinstance(found, int) else found

    def _likely_places(self, lowered: bytes) -> tuple[npt.NDArray[np.int64], Words]:
        """Return where literals may begin, and the eight bytes there; bytes after the end are zero."""
        padded = lowered + bytes(2 * _LONGEST_KEY)
        places, words = [], []
        for shift in range(min(_LONGEST_KEY, len(lowered))):
            count = -(-(len(lowered) - shift) // _LONGEST_KEY)
            every = np.frombuffer(padded, "<u8", count, shift)
            (likely,) = np.nonzero(self._likely[_hash(every)])
            places.append(shift + _LONGEST_KEY * likely)
            words.append(every[likely])
        return np.concatenate([np.zeros(0, np.int64), *places]), np.concatenate([np.zeros(0, np.uint64), *words])


def _hash(words: Words) -> npt.NDArray[np.uint64]:
    """Return a hash of the first `SHORTEST` bytes of each word."""
    hashed: npt.NDArray[np.uint64] = ((words & _mask(SHORTEST)) * _SPREAD) >> _SHIFT
    return hashed


def _mask(size: int) -> np.uint64:
    return np.uint64((1 << 8 * size) - 1)


def _all_keys(texts: Iterable[bytes]) -> Iterator[_Keys]:
    """Yield the keys of literals in lower case, by their size."""
    every = list(texts)
    sizes = np.array(list(map(len, every)), np.int64)
    words = np.frombuffer(b"".join(text[:_LONGEST_KEY].ljust(_LONGEST_KEY, b"\0") for text in every), "<u8")
    for size in range(SHORTEST, _LONGEST_KEY + 1):
        of_size = np.minimum(sizes, _LONGEST_KEY) == size
        yield _keys(size, words[of_size], sizes[of_size])


def _keys(size: int, words: Words, lengths: Positions) -> _Keys:
    order = np.lexsort((lengths, words))
    words, lengths = words[order], lengths[order]
    new_key = np.diff(words, prepend=np.uint64(0)) != 0
    new_key[:1] = True
    distinct = new_key | (np.diff(lengths, prepend=0) != 0)
    words, lengths, new_key = words[distinct], lengths[distinct], new_key[distinct]
    return _Keys(size, words[new_key], np.append(np.flatnonzero(new_key), words.size), lengths)


def _among(keys: _Keys, places: npt.NDArray[np.int64], words: Words) -> Sequence[tuple[int, int]]:
    """Return the places with a key, each with the key's position."""
    if not keys.words.size:
        return ()
    masked = words & _mask(keys.size)
    at = np.minimum(np.searchsorted(keys.words, masked), keys.words.size - 1)
    (same,) = np.nonzero(keys.words[at] == masked)
    return list(zip(places[same].tolist(), at[same].tolist(), strict=True))
