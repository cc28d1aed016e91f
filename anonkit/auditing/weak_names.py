"""Weak names in text: searched for only where text names a person or a group, with one expression for each such place.

An expression with all names takes 20 ms for each to compile, ten seconds for five hundred handles that are numbers. So
the expressions have the names only if they are few; else the scan, at a quarter of the speed, reads any word of the
names' characters in a place. A table has the names.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import attrs

from anonkit.auditing.expressions import AFTER_WORD, BYTES_AFTER
from anonkit.auditing.matcher import Expression, Found, Matcher, escaped
from anonkit.auditing.patterns import Pattern
from anonkit.plugin.contracts import Place

__all__ = ["WeakNames"]

_FEW = 16


class WeakNames:
    """Finds where weak names end. Pickled compiled."""

    def __init__(self, patterns: Mapping[int, Pattern], *, few: int = _FEW) -> None:
        """`patterns` are those with the rule `Boundary.NAMED`, by number; expressions have up to `few` names."""
        by_places: dict[tuple[Place, ...], dict[int, bytes]] = {}
        for number, pattern in patterns.items():
            by_places.setdefault(pattern.places, {})[number] = pattern.text
        groups = [_Group.from_texts(texts) for texts in by_places.values()]
        found = [(group, place) for group, places in zip(groups, by_places, strict=True) for place in places]
        self._groups = [group for group, _ in found]
        self._matcher = Matcher([group.expression(place, few) for group, place in found])

    def __call__(self, data: bytes) -> Found:
        """Return (number of the pattern, end of the name) of all matches, and of some other candidates."""
        ends = {
            (which, stop) for which, end in self._matcher(data) for stop in range(max(0, end - BYTES_AFTER), end + 1)
        }
        return sorted({found for which, stop in ends for found in self._groups[which].ending_at(data, stop)})


@attrs.frozen
class _Group:
    """Names that are looked for in the same places."""

    numbers: Mapping[bytes, int]
    sizes: tuple[int, ...]

    @classmethod
    def from_texts(cls, texts: Mapping[int, bytes]) -> _Group:
        return cls({text: number for number, text in texts.items()}, tuple(sorted(set(map(len, texts.values())))))

    def expression(self, place: Place, few: int) -> Expression:
        """Return the expression of these names in a place; of more than a few, of any word of their characters."""
        if len(self.numbers) <= few:
            names = b"|".join(map(escaped, self.numbers))
        else:
            names = b"[%b]+" % b"".join(b"\\x%02x" % byte for byte in sorted(set(b"".join(self.numbers))))
        return Expression(b"(?:%b)(?:%b)(?:%b)" % (place.before.encode(), names, place.after.encode() or AFTER_WORD))

    def ending_at(self, data: bytes, stop: int) -> Iterator[tuple[int, int]]:
        for size in self.sizes:
            number = self.numbers.get(data[max(0, stop - size) : stop].lower())
            if number is not None:
                yield number, stop
