"""Finds in a window of bytes: candidates by a scan, each then read again where it stands.

The scan is quick and may say too much; what is told is what `exclusions` lets stand, in the bytes as they were written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

import attrs
import numpy as np

from anonkit.auditing import views
from anonkit.auditing.addresses import Address, as_address, read_address
from anonkit.auditing.exclusions import (
    Labels,
    Tokens,
    begins_in_escape,
    is_allowed,
    is_bare_value,
    is_named,
)
from anonkit.auditing.expressions import LOOKED_BEHIND, SHORT, expression, looked_behind, scanned
from anonkit.auditing.matcher import Expression, Matcher
from anonkit.auditing.patterns import Pattern, Variant
from anonkit.auditing.views import Squeezed
from anonkit.plugin.contracts import Boundary

__all__ = ["Hit", "Search", "Window"]

_CONTEXT = 64
# Bytes around a find that an operator is shown.
_EXCERPT = 60
# Bytes at an edge of a decoded window of which nothing is believed: less than `Search` adds around each sign.
_EDGE = 12
# What the indents of a wrapped name may take.
_INDENTS = 256
# Candidates that are worth a look by array.
_MANY = 32
# Encoded finds of one window that are told; a window is some megabytes.
_PLACES = 64
_ESCAPE = re.compile(rb"[%&\\]")


@attrs.frozen
class Window:
    """Some bytes of a stream, with as much around them as a find may need."""

    data: bytes
    base: int
    """Where in the stream `data` begins."""
    low: int
    high: int
    """Finds that begin in here, counted from the stream's beginning, belong to the window."""


@attrs.frozen(order=True)
class Hit:
    """Where a pattern was found, in bytes from the beginning of the stream."""

    offset: int
    pattern: int
    variant: Variant
    excerpt: bytes = attrs.field(default=b"", eq=False, order=False, repr=False)
    """The text and its surroundings: for the operator's eyes only."""


@attrs.frozen
class _Candidate:
    start: int
    stop: int
    pattern: int
    variant: Variant


class Search:
    """Finds patterns in windows of bytes. Pickled compiled."""

    def __init__(self, patterns: Sequence[Pattern], tokens: Tokens) -> None:
        self.patterns = tuple(patterns)
        self.tokens = tokens
        self._splittable = tuple(place for place, one in enumerate(self.patterns) if one.splittable)
        # Escaped line breaks come last.
        signs = [Expression(sign) for sign in (*views.SIGNS, views.LINE_BREAK)] if self.patterns else []
        self._plain = Matcher([*map(expression, self.patterns), *signs])
        self._split = Matcher([Expression.from_literal(scanned(self._squeezed(place))) for place in self._splittable])
        readable = [len(one.text) for one in self.patterns if one.readable]
        self._window = max(readable, default=0) + 40
        # Each character may be escaped twice, and each line break bring an indent.
        self.reach = 12 * max(readable, default=0) + 4096
        """How many bytes a find may take: so far must windows overlap."""
        self._addresses: dict[Address, int] = {}
        for place, one in enumerate(self.patterns):
            address = as_address(one.text.decode())
            if address is not None:
                self._addresses.setdefault(address, place)

    def __call__(self, window: Window, labels: Labels) -> list[Hit]:
        """Return what is found, by offset; of several finds in one place the plain one, then the longest."""
        data = window.data
        candidates, signs, breaks = self._sorted(self._plain(data))
        met = [
            one
            for which, ends in candidates.items()
            for end in self._unlabelled(data, which, ends, labels)
            for one in self._plainly(data, which, end)
        ]
        met += self._splits(Squeezed(data), data, 0, labels)
        for low, high in views.windows(breaks, self._window + _INDENTS, len(data)):
            met += self._splits(Squeezed(data[low:high], line_breaks=True), data, low, labels)
        best: dict[int, _Candidate] = {}
        for one in met:
            self._note(best, one, window, labels)
        places = 0
        for one in self._encoded(data, signs):
            places += self._note(best, one, window, labels)
            # Enough to fail, and telling each place takes a millisecond.
            if places == _PLACES:
                break
        return [
            Hit(offset, one.pattern, one.variant, data[max(0, one.start - _EXCERPT) : one.stop + _EXCERPT])
            for offset, one in sorted(best.items(), key=lambda item: item[0])
        ]

    def _note(self, best: dict[int, _Candidate], one: _Candidate, window: Window, labels: Labels) -> bool:
        """Enter what was met, if it is a find that belongs to the window, and return whether it is."""
        offset = window.base + one.start
        if not window.low <= offset < window.high or self._is_innocent(window.data, one, labels):
            return False
        if offset not in best or _rank(one) > _rank(best[offset]):
            best[offset] = one
        return True

    def _sorted(self, found: Sequence[tuple[int, int]]) -> tuple[dict[int, list[int]], list[int], list[int]]:
        """Return where candidates end, by pattern; where signs end; where those of them end that break lines."""
        candidates: dict[int, list[int]] = {}
        signs: list[int] = []
        breaks: list[int] = []
        last = len(self.patterns) + len(views.SIGNS)
        for which, end in found:
            if which < len(self.patterns):
                candidates.setdefault(which, []).append(end)
            else:
                signs.append(end)
                if which == last:
                    breaks.append(end)
        return candidates, signs, breaks

    def _unlabelled(self, data: bytes, which: int, ends: list[int], labels: Labels) -> list[int]:
        """Return the ends of candidates without most of those inside labels: a report writes some in every row."""
        pattern = self.patterns[which]
        if len(ends) < _MANY or pattern.variant is not Variant.PLAIN or pattern.rule is Boundary.NAMED:
            return ends
        text = np.frombuffer(data, np.uint8)
        stops = np.array(ends)
        covered = np.zeros(len(ends), np.bool_)
        for label, place in labels.holding(scanned(pattern.text)):
            size = place + len(scanned(pattern.text))
            for starts in (stops - size, stops - 1 - size) if len(pattern.text) <= SHORT else (stops - size,):
                inside = (starts >= 0) & (starts + len(label) <= text.size)
                at = np.where(inside, starts, 0)[:, None] + np.arange(len(label))
                covered |= inside & (text[np.minimum(at, text.size - 1)] == np.frombuffer(label, np.uint8)).all(axis=1)
        left: list[int] = stops[~covered].tolist()
        return left

    def _is_innocent(self, data: bytes, met: _Candidate, labels: Labels) -> bool:
        return (
            labels.cover(data, met.start, met.stop)
            or is_bare_value(data, met.start, met.stop, labels)
            or self.tokens.cover(data, met.start, met.stop)
            or self._is_parted_by_token(data, met)
        )

    def _is_parted_by_token(self, data: bytes, met: _Candidate) -> bool:
        """Return whether a token beside a name is what makes it a part of a word: before, it was none."""
        if self.patterns[met.pattern].rule not in (Boundary.PART, Boundary.PART_PREFIX):
            return False
        return self.tokens.cover(data, met.start - 1, met.start) or self.tokens.cover(data, met.stop, met.stop + 1)

    def _plainly(self, data: bytes, which: int, end: int) -> Iterator[_Candidate]:
        """Yield the pattern where it stands as it is and is allowed to."""
        pattern = self.patterns[which]
        size = len(scanned(pattern.text))
        # Some names end before the scan does, which looked at what is behind them.
        for stop in range(end, end - 1 - looked_behind(pattern), -1):
            start = stop - size
            if start < 0:
                continue
            if _is_lead(pattern):
                yield from self._address(data, start)
            elif pattern.full:
                yield from _cut(data, pattern, which, start)
            else:
                yield from _whole(data, pattern, which, start)

    def _address(self, data: bytes, start: int) -> Iterator[_Candidate]:
        read = read_address(data, start)
        if read is not None and read[0] in self._addresses:
            yield _Candidate(read[1], read[2], self._addresses[read[0]], Variant.SPELLED)

    def _encoded(self, data: bytes, ends: Sequence[int]) -> Iterator[_Candidate]:
        """Yield what reads as a pattern once it is decoded, or folded."""
        for low, high in views.windows(ends, self._window, len(data)):
            raw = data[low:high]
            for which, text in enumerate(views.decodings(raw)):
                for place, end in self._plain(text):
                    if place < len(self.patterns) and self.patterns[place].readable:
                        yield from self._decoded(data, low, high, which, text, place, end)

    def _decoded(
        self, data: bytes, low: int, high: int, which: int, text: bytes, place: int, end: int
    ) -> Iterator[_Candidate]:
        raw = data[low:high]
        # The edge of a window may cut a word, or an escape; a find with a sign in it lies well within.
        first = _EDGE if low else 0
        last = len(text) - (_EDGE if high < len(data) else 0)
        for met in self._plainly(text, place, end):
            if not first <= met.start <= met.stop <= last:
                continue
            start = low + views.place_in(raw, which, text[met.start :])
            stop = low + views.place_in(raw, which, text[met.stop :]) if met.stop < len(text) else high
            encoded = met.variant is Variant.PLAIN and _ESCAPE.search(data, start, stop)
            yield _Candidate(start, stop, met.pattern, Variant.ENCODED if encoded else met.variant)

    def _splits(self, view: Squeezed, data: bytes, base: int, labels: Labels) -> Iterator[_Candidate]:
        """Yield patterns that are split by quotes, backslashes or line breaks; `view` is of `data` from `base` on."""
        for number, end in self._split(view.data):
            which = self._splittable[number]
            start = base + view.place(end - len(scanned(self._squeezed(which))))
            yield from self._split_at(data, which, start, labels)

    def _split_at(self, data: bytes, which: int, start: int, labels: Labels) -> Iterator[_Candidate]:
        pattern = self.patterns[which]
        found = _gapped(pattern.text).match(data, start)
        # Without a gap it is plain.
        if found is None or found.end() - start == len(pattern.text):
            return
        before = views.without_junk_before(data[max(0, start - _CONTEXT) : start])
        after = views.without_junk_after(data[found.end() : found.end() + _CONTEXT])
        if is_allowed(pattern.rule, before, data[start : found.end()], after) and not labels.begin_within(
            data, start, found.end()
        ):
            yield _Candidate(start, found.end(), which, Variant.SPLIT)

    def _squeezed(self, which: int) -> bytes:
        return self.patterns[which].text.translate(None, views.DROPPED)


def _rank(met: _Candidate) -> tuple[bool, int]:
    return met.variant is Variant.PLAIN, met.stop - met.start


def _is_lead(pattern: Pattern) -> bool:
    return pattern.variant is Variant.SPELLED and pattern.text.endswith(b":")


def _whole(data: bytes, pattern: Pattern, which: int, start: int) -> Iterator[_Candidate]:
    stop = start + len(pattern.text)
    text = data[start:stop]
    if (text if pattern.cased else text.lower()) == pattern.text and _may_stand(data, pattern, start, stop):
        yield _Candidate(start, stop, which, pattern.variant)


def _may_stand(data: bytes, pattern: Pattern, start: int, stop: int) -> bool:
    before, after = data[max(0, start - _CONTEXT) : start], data[stop : stop + LOOKED_BEHIND]
    if begins_in_escape(data, start) or not is_allowed(pattern.rule, before, data[start:stop], after):
        return False
    return pattern.rule is not Boundary.NAMED or is_named(pattern.places, before, after)


def _cut(data: bytes, pattern: Pattern, which: int, start: int) -> Iterator[_Candidate]:
    """Yield a name that ends too early, with its word."""
    full = pattern.full
    text = data[start : start + len(full)].lower()
    size = next((place for place, (one, other) in enumerate(zip(text, full, strict=False)) if one != other), len(text))
    stop = start + size
    if len(pattern.text) <= size < len(full) and _may_stand(data, pattern, start, stop):
        yield _Candidate(start, stop, which, Variant.CUT)


@lru_cache(maxsize=4096)
def _gapped(name: bytes) -> re.Pattern[bytes]:
    return views.gapped(name)
