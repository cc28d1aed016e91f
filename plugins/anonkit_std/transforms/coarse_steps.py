"""The steps that make a number or a time coarser: rounding down to the lower end of a bin, or a maximum.

    ``"100"``        to a multiple of 100
    ``"2 digits"``   to two significant digits
    ``"10%"``        by less than 10 %: to 1, 2, … 10, 11, … 20, 22, 24, …, each a tenth above the number before
    ``"1h"``         to a whole hour; also ``s``, ``min``, ``d``, and ``w``, which begins on Monday; UTC
    ``"<=5000"``     to 5000, if it is more
    ``"100, <=5000"`` the first step, then the second

A step does not change the lower end of a bin, so a step applied twice has the effect of one.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from bisect import bisect_left, bisect_right
from decimal import ROUND_FLOOR, Context, Decimal, InvalidOperation
from functools import lru_cache

import attrs

__all__ = [
    "FIRST_TIME",
    "PART_SIZES",
    "Cap",
    "Digits",
    "Multiple",
    "Share",
    "Span",
    "Step",
    "parse_steps",
    "second_parts",
]

# The bins of a share end at this number.
_MOST = 10**18
_EXACT = Context(prec=400)
_MONDAY = 4 * 86400  # the first one of 1970
_WEEK = 7 * 86400
_UNITS = {"s": 1, "min": 60, "h": 3600, "d": 86400, "w": _WEEK}
FIRST_TIME = 10**8
"""A second in 1973. A number of seconds below it is a duration, or stands for no time."""
PART_SIZES = (10**11, 10**14, 10**17)
"""The least time since 1970 that is taken for milliseconds, for microseconds, for nanoseconds."""

# The forms of the steps, as the docstring of the module lists them.
_NUMBER = re.compile(r"[0-9]{1,18}(?:\.[0-9]{1,9})?\Z")
_SPAN = re.compile(r"([0-9]{1,6}) ?(s|min|h|d|w)\Z")
_DIGITS = re.compile(r"([0-9]{1,2}) digits?\Z")
_SHARE = re.compile(r"([0-9]{1,3}(?:\.[0-9])?) ?%\Z")
_CAP = re.compile(r"<= ?(-?[0-9]{1,18}(?:\.[0-9]{1,9})?)\Z")


class Step(ABC):
    """A way to make a value coarser."""

    for_times = False
    """Whether it can be applied to dates and timestamps."""

    @abstractmethod
    def apply(self, value: Decimal) -> Decimal:
        """Return the coarser value of a finite number."""

    @abstractmethod
    def describe(self) -> str:
        """Return the effect of the step in words."""


@attrs.frozen
class Multiple(Step):
    """Rounds down to a multiple of `size`."""

    size: Decimal

    def apply(self, value: Decimal) -> Decimal:
        """Return the largest multiple that is not above the value."""
        return _floor(value, self.size)

    def describe(self) -> str:
        """Return the effect of the step in words."""
        return f"rounded down to a multiple of {self.size}"


@attrs.frozen
class Digits(Step):
    """Rounds down to `count` significant digits."""

    count: int

    def apply(self, value: Decimal) -> Decimal:
        """Return the value with zeros after its first digits; a negative value is rounded away from zero."""
        return _floor(value, Decimal(1).scaleb(value.adjusted() - self.count + 1)) if value else value

    def describe(self) -> str:
        """Return the effect of the step in words."""
        return f"rounded down to {self.count} significant digit{'s' if self.count > 1 else ''}"


@attrs.frozen
class Share(Step):
    """Rounds down by less than `permille` tenths of a per cent."""

    permille: int

    def apply(self, value: Decimal) -> Decimal:
        """Return the lower end of the value's bin; between 0 and 1 it is 0."""
        ends = self.ends()
        if value < 0:
            return -Decimal(ends[min(bisect_left(ends, -value), len(ends) - 1)])
        return Decimal(ends[bisect_right(ends, value) - 1]) if value >= 1 else Decimal(0)

    def ends(self) -> tuple[int, ...]:
        """Return the positive lower ends of the bins, ascending, from 1 on."""
        return _ends(self.permille)

    def describe(self) -> str:
        """Return the effect of the step in words."""
        return f"rounded down by less than {self.permille / 10:g}%"


@attrs.frozen
class Span(Step):
    """Rounds down to a multiple of `seconds`; times in whole weeks begin on a Monday. `text` ends its description."""

    seconds: int
    text: str

    for_times = True

    @property
    def start(self) -> int:
        """The second since 1970 at which a bin of times begins, and from which the others are counted."""
        return 0 if self.seconds % _WEEK else _MONDAY

    def apply(self, value: Decimal) -> Decimal:
        """Return the beginning of the bin of a time, in its own unit; a duration is rounded down in seconds."""
        parts = second_parts(value)
        start = self.start * parts if value >= FIRST_TIME else 0
        return start + _floor(value - start, Decimal(self.seconds * parts))

    def describe(self) -> str:
        """Return the effect of the step in words."""
        return f"rounded down to {self.text}"


@attrs.frozen
class Cap(Step):
    """Limits values to `limit` at most."""

    limit: Decimal

    def apply(self, value: Decimal) -> Decimal:
        """Return the value, or the limit if the value is greater."""
        return min(value, self.limit)

    def describe(self) -> str:
        """Return the effect of the step in words."""
        return f"at most {self.limit}"


def second_parts(value: Decimal | int) -> int:
    """Return the number of units in a second, judged by the size of a time since 1970: 1, 1000, 10**6 or 10**9."""
    return int(1000 ** bisect_right(PART_SIZES, value))


def parse_steps(text: str) -> tuple[Step, ...]:
    """Return the steps that a text names, in order. ValueError, with the forms of steps, for any other text."""
    return tuple(_parse(part.strip()) for part in text.split(","))


def _parse(text: str) -> Step:
    """Return the step that a text names. ValueError for any other text."""
    if match := _NUMBER.match(text):
        if size := Decimal(match[0]):
            return Multiple(size)
    elif match := _SPAN.match(text):
        if count := int(match[1]):
            return Span(count * _UNITS[match[2]], f"{count}{match[2]}")
    elif match := _DIGITS.match(text):
        if 1 <= int(match[1]) <= 15:
            return Digits(int(match[1]))
    elif match := _SHARE.match(text):
        if permille := round(float(match[1]) * 10):
            return Share(permille)
    elif match := _CAP.match(text):
        return Cap(Decimal(match[1]))
    raise ValueError(
        f"cannot read {text!r}; give a step (100), significant digits (2 digits), a share (10%), "
        "a span of time (30s, 15min, 1h, 1d, 1w), a limit (<=5000), or several with commas"
    )


def _floor(value: Decimal, size: Decimal) -> Decimal:
    """Return the largest multiple of `size` that is not above the value; 0 when it has too many digits."""
    try:
        quotient = _EXACT.divide(value, size).to_integral_value(ROUND_FLOOR, context=_EXACT)
    except InvalidOperation:
        return Decimal(0)
    return _EXACT.multiply(quotient, size)


@lru_cache(maxsize=64)
def _ends(permille: int) -> tuple[int, ...]:
    """Return the positive lower ends of the bins of a share, ascending."""
    ends = [1]
    while ends[-1] < _MOST:
        # No bin is smaller than a whole number.
        ends.append(max(ends[-1] + 1, ends[-1] * (1000 + permille) // 1000))
    return tuple(ends)
