"""The findings in a window of bytes: a scan gives candidates, and each is then compared with the bytes in its place.

The scan is fast and may give too many candidates; those that `exclusions` covers are not findings.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import cached_property
from operator import itemgetter

import attrs
import numpy as np

from anonkit.auditing import views
from anonkit.auditing.addresses import Address, as_address, read_address
from anonkit.auditing.exclusions import Labels, Tokens, begins_in_escape, is_allowed, is_bare_value, is_named
from anonkit.auditing.expressions import BYTES_AFTER, SHORT, bytes_after, scanned
from anonkit.auditing.matcher import Expression, Found, Matcher
from anonkit.auditing.original_places import OriginalPlaces
from anonkit.auditing.patterns import Pattern, Variant
from anonkit.auditing.strong_names import FEW_SHORT, StrongNames
from anonkit.auditing.views import Squeezed
from anonkit.auditing.weak_names import WeakNames
from anonkit.plugin.contracts import Boundary

__all__ = ["Hit", "Search", "Window"]

_CONTEXT = 64
# Bytes around a finding that an operator may see.
_EXCERPT = 60
# Bytes at an edge of a decoded window in which no finding counts: fewer than `Search` adds around each sign.
_EDGE = 12
# Bytes of the indents of a wrapped name.
_INDENTS = 256
# Candidates from which on arrays are faster.
_MANY = 32
# Encoded findings of one window that are returned; a window has some megabytes.
_PLACES = 64
_ESCAPE = re.compile(rb"[%&\\]")
_NONE = np.zeros(0, np.int64)


@attrs.frozen
class Window:
    """Some bytes of a stream, with as many around them as a finding may need."""

    data: bytes
    base: int
    """Where in the stream `data` begins."""
    low: int
    high: int
    """Findings that begin from `low` to `high`, counted from the stream's beginning, belong to the window."""


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

    def __init__(self, patterns: Sequence[Pattern], tokens: Tokens, *, few_short: int = FEW_SHORT) -> None:
        """Prepare the search; `few_short` (of `StrongNames`) changes how fast it is, not what it finds."""
        # Weak names come last, so that both scans number the patterns alike.
        self.patterns = tuple(sorted(patterns, key=lambda pattern: pattern.rule is Boundary.NAMED))
        self._strong = sum(pattern.rule is not Boundary.NAMED for pattern in self.patterns)
        self.tokens = tokens
        self._splittable = tuple(number for number, pattern in enumerate(self.patterns) if pattern.splittable)
        self._plain = StrongNames(self.patterns[: self._strong], few=few_short)
        self._weak = WeakNames(dict(list(enumerate(self.patterns))[self._strong :]))
        self._split = Matcher([Expression.from_literal(scanned(self._squeezed(place))) for place in self._splittable])
        readable = [len(pattern.text) for pattern in self.patterns if pattern.readable]
        self._window = max(readable, default=0) + 40
        # Each character may be escaped twice, and each line break bring an indent.
        self.reach = 12 * max(readable, default=0) + 4096
        """The most bytes of a finding: windows must overlap by so many."""
        self._addresses: dict[Address, int] = {}
        for number, pattern in enumerate(self.patterns):
            address = as_address(pattern.text.decode())
            if address is not None:
                self._addresses.setdefault(address, number)

    def __call__(self, window: Window, labels: Labels) -> list[Hit]:
        """Return the findings, by offset; of several in one place the plain one, then the longest."""
        data = window.data
        signs, breaks = views.signs(data) if self.patterns else (_NONE, _NONE)
        best: dict[int, _Candidate] = {}
        for candidate in self._unencoded(data, breaks, labels):
            self._enter_better(best, candidate, window, labels)
        places = 0
        for candidate in self._encoded(data, signs):
            places += self._enter_better(best, candidate, window, labels)
            # So many are enough to fail, and finding each place takes a millisecond.
            if places == _PLACES:
                break
        return [_hit(offset, candidate, data) for offset, candidate in sorted(best.items(), key=itemgetter(0))]

    def _unencoded(self, data: bytes, breaks: views.Positions, labels: Labels) -> Iterator[_Candidate]:
        """Yield the candidates in text as it is, whole ones and those that are split."""
        ends_by_pattern: dict[int, list[int]] = {}
        for which, end in self._candidates(data):
            ends_by_pattern.setdefault(which, []).append(end)
        for which, ends in ends_by_pattern.items():
            for end in self._unlabelled(data, which, ends, labels):
                yield from self._plainly(data, which, end)
        yield from self._splits(Squeezed(data), data, 0, labels)
        for low, high in views.windows(breaks, self._window + _INDENTS, len(data)):
            yield from self._splits(Squeezed(data[low:high], line_breaks=True), data, low, labels)

    def _enter_better(self, best: dict[int, _Candidate], candidate: _Candidate, window: Window, labels: Labels) -> bool:
        """Return whether a candidate is a finding of the window; enter it into `best` if none there is better."""
        offset = window.base + candidate.start
        if not window.low <= offset < window.high or self._is_innocent(window.data, candidate, labels):
            return False
        if offset not in best or _rank(candidate) > _rank(best[offset]):
            best[offset] = candidate
        return True

    def _candidates(self, text: bytes) -> Found:
        """Return (number of the pattern, end) of all candidates in a text."""
        return self._plain(text) + self._weak(text)

    def _unlabelled(self, data: bytes, which: int, ends: list[int], labels: Labels) -> list[int]:
        """Return the ends of candidates without most of those inside labels, which a report may write in every row."""
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

    def _is_innocent(self, data: bytes, candidate: _Candidate, labels: Labels) -> bool:
        start, stop = candidate.start, candidate.stop
        return (
            labels.cover(data, start, stop)
            or labels.cut(data, start, stop)
            or is_bare_value(data, start, stop, labels)
            or self.tokens.cover(data, start, stop)
            or self.tokens.cut(data, start, stop)
            or self._is_parted_by_token(data, candidate)
            or self._is_placed_by_token(data, candidate)
        )

    def _is_parted_by_token(self, data: bytes, candidate: _Candidate) -> bool:
        """Return whether a name is a part of a word only because the run wrote a token beside it."""
        if self.patterns[candidate.pattern].rule not in (Boundary.PART, Boundary.PART_PREFIX):
            return False
        start, stop = candidate.start, candidate.stop
        if candidate.variant is Variant.SPLIT:
            before, after = data[max(0, start - _CONTEXT) : start], data[stop : stop + _CONTEXT]
            start -= len(before) - len(views.without_junk_before(before))
            stop += len(after) - len(views.without_junk_after(after))
        return self.tokens.cover(data, start - 1, start) or self.tokens.cover(data, stop, stop + 1)

    def _is_placed_by_token(self, data: bytes, candidate: _Candidate) -> bool:
        """Return whether the place of a weak name holds a token: the original may have been none.

        ``group_HO_1.data`` may have been ``group_node-1.data``, and no name of a group has a hyphen. So a place counts
        if it begins after the token, and after the quotes that the run wrote with it: ``UR_1 user=data``.
        """
        pattern = self.patterns[candidate.pattern]
        end = self.tokens.last_end(data, candidate.start) if pattern.rule is Boundary.NAMED else None
        if end is None:
            return False
        before = data[end : candidate.start].lstrip(b"'\"\\")
        return not is_named(pattern.places, before, data[candidate.stop : candidate.stop + BYTES_AFTER])

    def _plainly(self, data: bytes, which: int, end: int) -> Iterator[_Candidate]:
        """Yield the candidates for a match of the scan that ends at `end`, if they have the pattern's boundary."""
        pattern = self.patterns[which]
        size = len(scanned(pattern.text))
        # Some names end before the match of the scan, which includes the character after them.
        for stop in range(end, end - 1 - bytes_after(pattern), -1):
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

    def _encoded(self, data: bytes, signs: views.Positions) -> Iterator[_Candidate]:
        """Yield the candidates in text that is decoded, or folded."""
        for low, high in views.windows(signs, self._window, len(data)):
            for number, text in enumerate(views.decodings(data[low:high])):
                reading = _Reading(data, low, high, number, text)
                for which, end in self._candidates(text):
                    if self.patterns[which].readable:
                        found = filter(reading.is_inside, self._plainly(text, which, end))
                        yield from map(reading.in_original, found)

    def _splits(self, view: Squeezed, data: bytes, base: int, labels: Labels) -> Iterator[_Candidate]:
        """Yield candidates that are split by quotes, backslashes or line breaks; `view` is of `data` from `base` on."""
        for number, end in self._split(view.data):
            which = self._splittable[number]
            pattern = self.patterns[which]
            at = end - len(scanned(self._squeezed(which)))
            start = base + view.place(at)
            # Without a gap it is a plain candidate.
            if data[start : start + len(pattern.text)].lower() == pattern.text:
                continue
            stop_in_view = view.end_of_split(pattern.text, at)
            if stop_in_view is None:
                continue
            stop = base + stop_in_view
            before = views.without_junk_before(data[max(0, start - _CONTEXT) : start])
            after = views.without_junk_after(data[stop : stop + _CONTEXT])
            if is_allowed(pattern.rule, before, data[start:stop], after) and not labels.begin_within(data, start, stop):
                yield _Candidate(start, stop, which, Variant.SPLIT)

    def _squeezed(self, which: int) -> bytes:
        return self.patterns[which].text.translate(None, views.DROPPED)


@attrs.frozen
class _Reading:
    """A decoding of the bytes of a window from `low` to `high`."""

    data: bytes
    low: int
    high: int
    number: int
    """As in `views.decodings`."""
    text: bytes

    def is_inside(self, candidate: _Candidate) -> bool:
        """Return whether a candidate in the text keeps clear of the edges, which may cut a word or an escape."""
        first = _EDGE if self.low else 0
        last = len(self.text) - (_EDGE if self.high < len(self.data) else 0)
        return first <= candidate.start <= candidate.stop <= last

    def in_original(self, candidate: _Candidate) -> _Candidate:
        """Return a candidate in the text as one in the window's bytes."""
        start = self._place(candidate.start)
        stop = self._place(candidate.stop) if candidate.stop < len(self.text) else self.high
        encoded = candidate.variant is Variant.PLAIN and _ESCAPE.search(self.data, start, stop)
        return _Candidate(start, stop, candidate.pattern, Variant.ENCODED if encoded else candidate.variant)

    def _place(self, at: int) -> int:
        return self.low + self._places(at)

    @cached_property
    def _places(self) -> OriginalPlaces:
        return OriginalPlaces(self.data[self.low : self.high], self.number, self.text)


def _rank(candidate: _Candidate) -> tuple[bool, int, int]:
    """Return the greater value for the better of two: the plain, then the longest, then the first pattern."""
    return candidate.variant is Variant.PLAIN, candidate.stop - candidate.start, -candidate.pattern


def _hit(offset: int, candidate: _Candidate, data: bytes) -> Hit:
    excerpt = data[max(0, candidate.start - _EXCERPT) : candidate.stop + _EXCERPT]
    return Hit(offset, candidate.pattern, candidate.variant, excerpt)


def _is_lead(pattern: Pattern) -> bool:
    return pattern.variant is Variant.SPELLED and pattern.text.endswith(b":")


def _whole(data: bytes, pattern: Pattern, which: int, start: int) -> Iterator[_Candidate]:
    stop = start + len(pattern.text)
    text = data[start:stop]
    if (text if pattern.cased else text.lower()) == pattern.text and _is_allowed_there(data, pattern, start, stop):
        yield _Candidate(start, stop, which, pattern.variant)


def _is_allowed_there(data: bytes, pattern: Pattern, start: int, stop: int) -> bool:
    """Return whether the boundary of a pattern and its places allow it where it was found."""
    before, after = data[max(0, start - _CONTEXT) : start], data[stop : stop + BYTES_AFTER]
    if begins_in_escape(data, start) or not is_allowed(pattern.rule, before, data[start:stop], after):
        return False
    return pattern.rule is not Boundary.NAMED or is_named(pattern.places, before, after)


def _cut(data: bytes, pattern: Pattern, which: int, start: int) -> Iterator[_Candidate]:
    """Yield the candidate of a name cut short, up to the end of its word."""
    full = pattern.full
    text = data[start : start + len(full)].lower()
    # By halves: a text may be nothing but beginnings of a long name.
    size = bisect_left(range(1, len(text) + 1), True, key=lambda count: not full.startswith(text[:count]))
    stop = start + size
    if len(pattern.text) <= size < len(full) and _is_allowed_there(data, pattern, start, stop):
        yield _Candidate(start, stop, which, Variant.CUT)
