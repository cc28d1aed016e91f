"""Names that are searched for wherever their boundaries allow them: all but the weak ones.

An expression for a name of a few bytes looks at its neighbours as well, and takes 3 ms to compile; a text may name
thousands of such users. So of more than a few the places are found in arrays.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

import attrs
import numpy as np
import numpy.typing as npt

from anonkit.auditing.expressions import SHORT, expression
from anonkit.auditing.matcher import Found, Matcher
from anonkit.auditing.patterns import Pattern
from anonkit.plugin.contracts import LEAST_GLUED, Boundary

__all__ = ["FEW_SHORT", "StrongNames"]

FEW_SHORT = 256
"""Short names that have expressions; where there are more, they are searched for in arrays."""

_OTHER, _LOWER, _UPPER, _DIGIT = range(4)
_CLASS = np.full(256, _OTHER, np.uint8)
for _class, _members in ((_LOWER, b"az"), (_UPPER, b"AZ"), (_DIGIT, b"09")):
    _CLASS[_members[0] : _members[1] + 1] = _class
_HASHES = 1 << 16

Bytes = npt.NDArray[np.uint8]
Codes = npt.NDArray[np.uint32]
Flags = npt.NDArray[np.bool_]
_Rule = Literal["word", "part", "any"]
"""What may be beside a name: no letter or digit; another part of a word; anything."""


class StrongNames:
    """Finds where names end. Pickled compiled."""

    def __init__(self, patterns: Sequence[Pattern], *, few: int = FEW_SHORT) -> None:
        """Prepare the search; up to `few` short names have expressions."""
        short = {number: pattern for number, pattern in enumerate(patterns) if len(pattern.text) <= SHORT}
        if len(short) <= few:
            short = {}
        self._groups = [*_groups(short)]
        self._numbers = [number for number in range(len(patterns)) if number not in short]
        self._matcher = Matcher([expression(patterns[number]) for number in self._numbers])

    def __call__(self, data: bytes) -> Found:
        """Return (number of the pattern, end) of all matches and of some other candidates.

        The end is that of the name, or `bytes_after` more; those of one pattern are sorted.
        """
        found = [(self._numbers[which], end) for which, end in self._matcher(data)]
        if self._groups:
            text = _Text.from_bytes(data)
            for group in self._groups:
                found += group.ends_in(text)
        return found


@attrs.frozen(eq=False)
class _Text:
    lowered: Bytes
    before: Bytes
    """For each place between two bytes, and both ends: the class of the byte before it."""
    after: Bytes

    @classmethod
    def from_bytes(cls, data: bytes) -> _Text:
        outside = np.full(1, _OTHER, np.uint8)
        classes = np.concatenate((outside, _CLASS[np.frombuffer(data, np.uint8)], outside))
        return cls(np.frombuffer(data.lower(), np.uint8), classes[:-1], classes[1:])

    def allowed(self, rule: _Rule, outside: Bytes) -> Flags:
        """Return at which places a name may begin, or end, and some more; `outside` is what is not in the name."""
        flags: Flags = np.ones(outside.size, np.bool_)
        if rule == "word":
            flags = outside == _OTHER
        elif rule == "part":
            flags = (self.before != self.after) | (self.before == _OTHER) | (self.before == _UPPER)
        return flags


@attrs.frozen(eq=False)
class _Group:
    """Short names of one size, of which the same may be before them and after them."""

    size: int
    begins: _Rule
    ends: _Rule
    codes: Codes
    """The names as numbers, ascending."""
    numbers: Sequence[tuple[int, ...]]
    """For each name, the numbers of its patterns."""
    likely: Flags
    """Which hashes of codes the names have."""

    @classmethod
    def from_names(cls, size: int, begins: _Rule, ends: _Rule, names: Mapping[bytes, tuple[int, ...]]) -> _Group:
        numbers = {int.from_bytes(name, "little"): numbers for name, numbers in names.items()}
        codes = np.array(sorted(numbers), np.uint32)
        likely = np.zeros(_HASHES, np.bool_)
        likely[_hash(codes)] = True
        return cls(size, begins, ends, codes, [numbers[code] for code in codes.tolist()], likely)

    def ends_in(self, text: _Text) -> Iterator[tuple[int, int]]:
        """Yield number and end of each name."""
        count = text.lowered.size - self.size + 1
        if count < 1:
            return
        begins, ends = text.allowed(self.begins, text.before), text.allowed(self.ends, text.after)
        starts = np.flatnonzero(begins[:count] & ends[self.size : self.size + count])
        codes = np.zeros(starts.size, np.uint32)
        for place in range(self.size):
            codes |= text.lowered[starts + place].astype(np.uint32) << np.uint32(8 * place)
        likely = self.likely[_hash(codes)]
        starts, codes = starts[likely], codes[likely]
        at = np.minimum(np.searchsorted(self.codes, codes), self.codes.size - 1)
        same = self.codes[at] == codes
        for start, name in zip(starts[same].tolist(), at[same].tolist(), strict=True):
            for number in self.numbers[name]:
                yield number, start + self.size


def _groups(patterns: Mapping[int, Pattern]) -> Iterator[_Group]:
    by_sort: dict[tuple[int, _Rule, _Rule], dict[bytes, tuple[int, ...]]] = {}
    for number, pattern in patterns.items():
        names = by_sort.setdefault((len(pattern.text), *_neighbours(pattern)), {})
        names[pattern.text] = (*names.get(pattern.text, ()), number)
    return (_Group.from_names(*sort, names) for sort, names in by_sort.items())


def _neighbours(pattern: Pattern) -> tuple[_Rule, _Rule]:
    """Return the rules for the beginning and the end of a name."""
    glued: _Rule = "part" if len(pattern.text.decode()) >= LEAST_GLUED else "word"
    begins: dict[Boundary, _Rule] = {
        Boundary.WORD: "word",
        Boundary.PREFIX: "word",
        Boundary.PART: glued,
        Boundary.PART_PREFIX: glued,
    }
    ends: dict[Boundary, _Rule] = {Boundary.WORD: "word", Boundary.END: "word", Boundary.PART: glued}
    return begins.get(pattern.rule, "any"), ends.get(pattern.rule, "any")


def _hash(codes: Codes) -> Codes:
    return (codes ^ (codes >> np.uint32(16))) & np.uint32(_HASHES - 1)
