"""Every place of a pattern in some bytes, in bounded memory, however much the patterns overlap.

An Aho-Corasick automaton (CACM 18, 1975) reports as many patterns at one place as are the end of each other, and a name
that was cut short comes with a pattern for each of its lengths. So the bytes are searched in chunks that are the
smaller the more patterns can end in one place, and of names cut short the automaton knows the shortest ones: where it
finds one, the longest that ends with the word there is looked up.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

import ahocorasick_rs
import numpy as np

from anonkit.arrow.offsets import Bytes, Positions
from anonkit.text.long_patterns import MOST_SIZES, LongPatterns

__all__ = ["MOST_MATCHES", "Automaton"]

Matches = tuple[Positions, Positions, Positions]
"""Pattern, start and stop of each."""

MOST_MATCHES = 1 << 20
"""How many matches may be in memory at a time; each takes some 150 bytes."""

# A deterministic automaton searches faster and takes longer to build: for many patterns, or long ones that repeat
# themselves (a hostile handle of one letter, thousands of times), much longer.
_DFA_BYTES, _DFA_LONGEST = 64 << 10, 1 << 10

# From so many bytes of patterns on, long ones are searched for by their first bytes.
_MANY_BYTES = 1 << 20

_IN_WORD = np.zeros(256, np.bool_)
_IN_WORD[ord("a") : ord("z") + 1] = True
_IN_WORD[ord("0") : ord("9") + 1] = True

_Known = dict[tuple[bytes, bool], Sequence[tuple[int, int]]]
"""The names found in texts from a shortest name on, by the text and whether its value ends there."""

# How many such texts are remembered.
_MOST_KNOWN = 1 << 12


class Automaton:
    """Finds patterns in bytes with ASCII letters in lower case."""

    def __init__(
        self,
        patterns: Sequence[bytes],
        at_word_end: Iterable[int] = (),
        *,
        most_matches: int = MOST_MATCHES,
        many_bytes: int = _MANY_BYTES,
    ) -> None:
        """`at_word_end` are the positions of patterns that count only where no letter or digit follows them.

        `most_matches` bounds the memory of a search; with more than `many_bytes` of patterns, `LongPatterns` finds the
        long ones.
        """
        cut_short = {patterns[place]: place for place in at_word_end}
        self._cut = _CutNames(cut_short)
        others = (place for place, pattern in enumerate(patterns) if pattern not in cut_short)
        self._long = LongPatterns.from_patterns(patterns, others if sum(map(len, patterns)) > many_bytes else ())
        are_long = np.zeros(len(patterns), np.bool_)
        are_long[self._long.places] = True
        places = [place for place in np.flatnonzero(~are_long).tolist() if not self._cut.looks_up(patterns[place])]
        searched = [*(patterns[place] for place in places), *self._long.heads]
        self._places = np.array(places, np.int64)
        self._longest = max(map(len, searched), default=0)
        depth = deepest(searched) + (MOST_SIZES if self._long.heads else 0)
        self._chunk = max(most_matches // max(depth, 1), 2 * self._longest, 1)
        small = sum(map(len, searched)) <= _DFA_BYTES and self._longest <= _DFA_LONGEST
        implementations = ahocorasick_rs.Implementation
        self._automaton = ahocorasick_rs.BytesAhoCorasick(
            searched,
            matchkind=ahocorasick_rs.MatchKind.Standard,
            implementation=implementations.DFA if small else implementations.ContiguousNFA,
        )

    def __call__(self, text: Bytes, ends: Positions) -> Iterator[Matches]:
        """Yield all matches in values with the offsets `ends`, some at a time, each time by their ends.

        Of patterns `at_word_end` that begin in one place, those are left out that an allowed longer one covers.
        """
        for low in range(0, text.size, self._chunk):
            first, high = max(low - self._longest + 1, 0), min(low + self._chunk, text.size)
            found = self._automaton.find_matches_as_indexes(text[first:high].data, overlapping=True)
            flat = np.fromiter(chain.from_iterable(found), np.int64, count=3 * len(found)).reshape(-1, 3)
            if first < low:
                # What ends earlier was found with the chunk before.
                flat = flat[flat[:, 2] > low - first]
            flat[:, 1:] += first
            yield self._cut(text, ends, self._whole(text, flat))

    def _whole(self, text: Bytes, found: Positions) -> Matches:
        """Return the matches of whole patterns for what the automaton found: pattern, start and stop (a row each)."""
        are_heads = found[:, 0] >= self._places.size
        if not are_heads.any():
            return self._places[found[:, 0]], found[:, 1], found[:, 2]
        heads, others = found[are_heads], found[~are_heads]
        long = self._long(text, heads[:, 0] - self._places.size, heads[:, 1])
        which = np.concatenate((self._places[others[:, 0]], long[:, 0]))
        starts, stops = (np.concatenate((others[:, at], long[:, at])) for at in (1, 2))
        order = np.argsort(stops, kind="stable")
        return which[order], starts[order], stops[order]


def deepest(patterns: Iterable[bytes]) -> int:
    """Return how many of the patterns, at most, can end in one place: each is the end of the next."""
    most, ends = 0, list[bytes]()
    for pattern in sorted(pattern[::-1] for pattern in patterns):
        while ends and not pattern.startswith(ends[-1]):
            ends.pop()
        ends.append(pattern)
        most = max(most, len(ends))
    return most


class _CutNames:
    """Looks up names that were cut short where the shortest of them begin."""

    def __init__(self, names: dict[bytes, int]) -> None:
        self._names = names
        self._longest: dict[int, int] = {}
        """By position of a shortest name: the bytes of the longest that begins with it."""
        shortest = b""
        for name in sorted(names):
            if not shortest or not name.startswith(shortest):
                shortest = name
            place = names[shortest]
            self._longest[place] = max(self._longest.get(place, 0), len(name))
        self._lengths = np.zeros(max(names.values(), default=-1) + 2, np.int64)
        for place, length in self._longest.items():
            self._lengths[place] = length

    def looks_up(self, pattern: bytes) -> bool:
        """Return whether a pattern is found by looking up, not by the automaton."""
        return pattern in self._names and self._names[pattern] not in self._longest

    def __call__(self, text: Bytes, ends: Positions, matches: Matches) -> Matches:
        """Return the matches with those of names cut short replaced by the ones that count."""
        which, starts, stops = matches
        lengths = self._lengths.take(which, mode="clip")
        if not lengths.any():
            return matches
        cut = np.flatnonzero(lengths)
        others = np.flatnonzero(lengths == 0)
        found = self._extended(text, ends, starts[cut], stops[cut], lengths[cut])
        which, starts, stops = (np.concatenate((old[others], new)) for old, new in zip(matches, found, strict=True))
        order = np.argsort(stops, kind="stable")
        return which[order], starts[order], stops[order]

    def _extended(
        self, text: Bytes, ends: Positions, starts: Positions, stops: Positions, lengths: Positions
    ) -> Matches:
        """Return the names that begin at `starts`, with at least the bytes to `stops`, and end with their words."""
        value_ends = ends[np.searchsorted(ends, starts, side="right")]
        limits = np.minimum(starts + lengths, value_ends)
        breaks = _word_ends(text, ends, int(starts.min()), int(limits.max()))
        lows, highs = np.searchsorted(breaks, stops), np.searchsorted(breaks, limits, side="right")
        found: list[tuple[int, int, int]] = []
        known: _Known = {}
        # A loop over the places where a word ends before the name does; in most texts these are few, or alike.
        for at in np.flatnonzero(lows < highs).tolist():
            start = int(starts[at])
            names = self._named(text, start, breaks[lows[at] : highs[at]], int(value_ends[at]), known)
            found += [(name, start, start + size) for name, size in names]
        flat = np.array(found, np.int64).reshape(-1, 3)
        return flat[:, 0], flat[:, 1], flat[:, 2]

    def _named(self, text: Bytes, start: int, stops: Positions, end: int, known: _Known) -> Sequence[tuple[int, int]]:
        """Return the same as `_longest_named`, from `known` where the text is one that was looked up before."""
        last = int(stops[-1])
        window = text[start : min(last + 1, end)].tobytes(), last == end
        if window not in known:
            if len(known) >= _MOST_KNOWN:
                known.clear()
            known[window] = list(self._longest_named(text, start, stops.tolist(), end))
        return known[window]

    def _longest_named(self, text: Bytes, start: int, stops: Sequence[int], end: int) -> Iterator[tuple[int, int]]:
        """Yield name and size of the longest name from `start` to one of the stops, and of those that it may hide."""
        for stop in reversed(stops):
            name = self._names.get(text[start:stop].tobytes())
            if name is not None:
                yield name, stop - start
                # A character outside ASCII may be a letter: then a shorter name counts.
                if stop == end or text[stop] < 128:
                    return


def _word_ends(text: Bytes, ends: Positions, low: int, high: int) -> Positions:
    """Return where from `low` to `high` no ASCII letter or digit follows, or a value ends; ascending."""
    breaks = np.ones(high - low + 1, np.bool_)
    within = ~_IN_WORD[text[low : high + 1]]
    breaks[: within.size] = within
    first, last = np.searchsorted(ends, (low, high + 1))
    breaks[ends[first:last] - low] = True
    return np.flatnonzero(breaks) + low
