"""Whether a literal may sit where it was found: the rules of `Boundary`, for all matches in a buffer at once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache, partial

import numpy as np

from anonkit.arrow.offsets import Bytes, Flags, Positions
from anonkit.plugin.contracts import LEAST_GLUED, Boundary, Place
from anonkit.text.spellings import Literals

__all__ = ["BYTES_BEFORE", "Boundaries"]

_LOWER, _UPPER, _DIGIT, _BEYOND_ASCII = 1, 2, 4, 8
_LETTER = _LOWER | _UPPER
_CLASS = np.zeros(256, np.uint8)
_CLASS[ord("a") : ord("z") + 1] = _LOWER
_CLASS[ord("A") : ord("Z") + 1] = _UPPER
_CLASS[ord("0") : ord("9") + 1] = _DIGIT
_CLASS[128:] = _BEYOND_ASCII

# Which classes of a neighbour forbid a match, by rule.
_NO_WORD = _LETTER | _DIGIT
_FORBIDDEN_BEFORE = {
    Boundary.WORD: _NO_WORD,
    Boundary.PART: _NO_WORD,
    Boundary.NAMED: _NO_WORD,
    Boundary.PREFIX: _NO_WORD,
    Boundary.PART_PREFIX: _NO_WORD,
    Boundary.NUMBER: _DIGIT,
}
_FORBIDDEN_AFTER = {
    Boundary.WORD: _NO_WORD,
    Boundary.PART: _NO_WORD,
    Boundary.NAMED: _NO_WORD,
    Boundary.END: _NO_WORD,
    Boundary.NUMBER: _DIGIT,
}
_GLUED = (Boundary.PART, Boundary.PART_PREFIX)

BYTES_BEFORE, _AFTER = 64, 8
"""How much of the text around a name its place may include (`Place`)."""

# How many answers about weak names are remembered: each takes 70 µs, and a text may repeat a name many times.
_MOST_KNOWN = 1 << 12

Places = Sequence[tuple[re.Pattern[bytes], re.Pattern[bytes]]]
"""The text before and after a name in each of its places."""


class Boundaries:
    """Tells which matches of literals are allowed where they are."""

    def __init__(self, literals: Literals) -> None:
        rules = literals.rules
        self._forbidden_before = np.array([_FORBIDDEN_BEFORE.get(rule, 0) for rule in rules], np.uint8)
        self._forbidden_after = np.array([_FORBIDDEN_AFTER.get(rule, 0) for rule in rules], np.uint8)
        self._glued = np.array([rule in _GLUED for rule in rules], np.bool_) & (literals.lengths >= LEAST_GLUED)
        self._places = {
            which: _compiled(literals.places.get(literals.patterns[which], ()))
            for which, rule in enumerate(rules)
            if rule is Boundary.NAMED
        }
        self._named = np.array([rule is Boundary.NAMED for rule in rules], np.bool_)
        self._is_place = lru_cache(maxsize=_MOST_KNOWN)(partial(_is_place, self._places))

    def allowed(self, text: Bytes, ends: Positions, which: Positions, starts: Positions, stops: Positions) -> Flags:
        """Return which matches lie in one value and where their rules let them; `text` is in its own letter case."""
        values = np.searchsorted(ends, starts, side="right") - 1
        first, last = ends[values], ends[values + 1]
        allowed = stops <= last
        glued = self._glued[which]
        following = self._follow_forbidden(text, which, first, starts)
        preceding = self._precede_forbidden(text, which, stops, last)
        for forbidden, cuts in ((following, starts), (preceding, stops)):
            inside = np.flatnonzero(forbidden & glued & allowed)
            if inside.size:
                forbidden[inside] = ~_parts(text, first[inside], cuts[inside], last[inside])
            allowed &= ~forbidden
        if self._places:
            for match in np.flatnonzero(allowed & self._named[which]).tolist():
                around = first[match], starts[match], stops[match], last[match]
                allowed[match] = self._is_named(text, int(which[match]), *map(int, around))
        return allowed

    def _follow_forbidden(self, text: Bytes, which: Positions, first: Positions, starts: Positions) -> Flags:
        """Return which matches follow a character that their rules forbid; `first` is where their values begin."""
        forbidden = self._forbidden_before[which]
        classes = np.where(starts > first, _CLASS[text[starts - 1]], 0)
        _classify_beyond_ascii(text, classes, forbidden, np.maximum(starts - 4, first), starts, last_char=True)
        touching: Flags = classes & forbidden != 0
        return touching

    def _precede_forbidden(self, text: Bytes, which: Positions, stops: Positions, last: Positions) -> Flags:
        """Return which matches precede a character that their rules forbid; `last` is where their values end."""
        forbidden = self._forbidden_after[which]
        classes = np.where(stops < last, _CLASS[text[np.minimum(stops, text.size - 1)]], 0)
        _classify_beyond_ascii(text, classes, forbidden, stops, np.minimum(stops + 4, last), last_char=False)
        touching: Flags = classes & forbidden != 0
        return touching

    def _is_named(self, text: Bytes, which: int, first: int, start: int, stop: int, last: int) -> bool:
        """Return whether a weak name is in one of its places (`Place`)."""
        low = max(first, start - BYTES_BEFORE)
        # A letter in front says that the value does not begin here.
        before = (b"x" if low > first else b"") + text[low:start].tobytes()
        # In a decoded text a NUL follows the value.
        after = text[stop : min(stop + _AFTER, last)].tobytes().partition(b"\0")[0]
        return self._is_place(which, before, after)


def _is_place(places: Mapping[int, Places], which: int, before: bytes, after: bytes) -> bool:
    """Return whether the bytes before and after a literal make one of its places."""
    return any(ahead.search(before) and following.match(after) for ahead, following in places[which])


def _compiled(places: Iterable[Place]) -> Places:
    """Return what precedes and what follows a name in each of the places; those of one ending are one pattern."""
    by_ending: dict[str, list[str]] = {}
    for place in places:
        by_ending.setdefault(place.after, []).append(place.before)
    return [
        (
            re.compile(rf"(?:{'|'.join(before)})\Z".encode(), re.IGNORECASE),
            re.compile(after.encode(), re.IGNORECASE),
        )
        for after, before in by_ending.items()
    ]


def _parts(text: Bytes, first: Positions, cuts: Positions, last: Positions) -> Flags:
    """Return where one part of a word ends and the next begins; a letter or digit is on one side of each cut."""
    left, right = _CLASS[text[cuts - 1]], _CLASS[text[cuts]]
    before = np.where(cuts - 2 >= first, _CLASS[text[np.maximum(cuts - 2, 0)]], 0)
    after = np.where(cuts + 1 < last, _CLASS[text[np.minimum(cuts + 1, text.size - 1)]], 0)
    parts: Flags = ((left == _DIGIT) & (right & _LETTER > 0)) | ((left & _LETTER > 0) & (right == _DIGIT))
    parts |= (left == _LOWER) & (right == _UPPER)
    parts |= (left == _UPPER) & (right == _LOWER) & (before == _UPPER)
    parts |= (left == _UPPER) & (right == _UPPER) & (after == _LOWER)
    # A loop over the few cuts beside characters outside ASCII.
    for cut in np.flatnonzero((left | right | before | after) & _BEYOND_ASCII).tolist():
        at = int(cuts[cut])
        before_cut = text[max(int(first[cut]), at - 8) : at].tobytes()
        after_cut = text[at : min(int(last[cut]), at + 8)].tobytes()
        parts[cut] = _is_part(before_cut.decode("utf-8", "ignore"), after_cut.decode("utf-8", "ignore"))
    return parts


def _is_part(left: str, right: str) -> bool:
    """Return whether one part of a word ends with `left`, and the next begins with `right`."""
    last, first = left[-1:], right[:1]
    if not (last.isalnum() and first.isalnum()):
        return False
    if last.isalpha() != first.isalpha():
        return True
    return (
        (first.isupper() and not last.isupper())
        or (last.isupper() and not first.isupper() and left[-2:-1].isupper())
        or (last.isupper() and first.isupper() and _is_small(right[1:2]))
    )


def _is_small(char: str) -> bool:
    return char.isalpha() and not char.isupper()


def _classify_beyond_ascii(
    text: Bytes,
    classes: Bytes,
    forbidden: Bytes,
    lows: Positions,
    highs: Positions,
    *,
    last_char: bool,
) -> None:
    """Write into `classes` whether a neighbour outside ASCII is a letter or digit: the last or first of its window.

    A loop, over the few matches that touch such a neighbour under a rule that looks at it; distinct windows are decoded
    once.
    """
    (undecided,) = np.nonzero((classes == _BEYOND_ASCII) & (forbidden != 0))
    known: dict[bytes, int] = {}
    for match in undecided.tolist():
        window = text[lows[match] : highs[match]].tobytes()
        if window not in known:
            # A byte that is not UTF-8 is no letter: `%ad` and what follows it are two words.
            decoded = window.decode("utf-8", "surrogateescape")
            char = decoded[-1:] if last_char else decoded[:1]
            # Of digits, `Boundary.NUMBER` means those of an address: ASCII ones.
            known[window] = _LOWER if char.isalnum() else 0
        classes[match] = known[window]
