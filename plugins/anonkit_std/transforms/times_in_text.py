"""Times inside other text, changed in place with their layout: ``_2023_12_31_200812``, ``2023123120``, ``#1703980800``.

Found are a date with or without a time of day, digits alone or with separators between, ISO forms and percent escapes
among them; and seconds since 1970 in ten digits, or parts of seconds in 13, 16 or 19. Only times within a span count.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from datetime import datetime, timedelta

import attrs
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from anonkit.arrow.segments import Segments
from anonkit_std.transforms.coarse_steps import second_parts
from anonkit_std.transforms.time_text import TimeText
from anonkit_std.transforms.times import DAY

__all__ = ["ANY_TIME", "ClockChange", "TextTimes", "TimeSpan", "seconds_in"]

# For Arrow: what has no match here holds no time. Eight digits in a row, or a year and separators.
_GLANCE = r"[0-9]{8}|[12][0-9]{3}(?:[-/._]|\\/|%2[DFdf])[0-9]{2}"
_OPEN_END = r"(?:^|[^0-9])(?:19|20)[0-9]{2}(?:[-/._]|\\/|%2[DFdf])?[01][0-9](?:[-/._]|\\/|%2[DFdf])?[0-3][0-9]\s*$"
# The number of a token may run into the time: `UR_1` and `20231231`.
_BEFORE = r"(?<![0-9])(?P<lead>(?<=[A-Z_])[0-9]{1,6}?)??"
# The number of a proxy's certificate is drawn at random: `CN=1703980800`.
_EPOCH = re.compile(
    r"(?<!CN=)(?<!CN%3D)"
    + _BEFORE
    + r"(?P<digits>[1-9][0-9]{9}(?:[0-9]{3}|[0-9]{6}|[0-9]{9})?)(?P<fraction>\.[0-9]{1,9})?(?![0-9])"
)
_DATE = re.compile(
    _BEFORE + r"(?P<year>(?:19|20)[0-9]{2})(?P<dash>[-/._]|\\/|%2[DF])?(?P<month>0[1-9]|1[0-2])(?(dash)(?P=dash))"
    r"(?P<day>0[1-9]|[12][0-9]|3[01])"
    r"(?:(?P<gap>[T_ .:/-]|%20|\\/)?(?P<hour>[01][0-9]|2[0-3])"
    r"(?:(?P<colon>[:_.-]|%3A)?(?P<minute>[0-5][0-9])"
    r"(?:(?(colon)(?P=colon))(?P<second>[0-5][0-9]|60)(?P<fraction>[.,]?[0-9]{1,9})?)?)?)?"
    r"(?![0-9])",
    re.IGNORECASE,
)
_BEGIN = datetime(1970, 1, 1)


@attrs.frozen
class TimeSpan:
    """From a second since 1970 to another, both included."""

    first: int
    last: int

    def widened(self, days: int) -> TimeSpan:
        """Return the span with so many days more at each end."""
        return TimeSpan(self.first - days * DAY, self.last + days * DAY)

    def joined(self, other: TimeSpan) -> TimeSpan:
        """Return the span from the earlier first second to the later last one."""
        return TimeSpan(min(self.first, other.first), max(self.last, other.last))

    def __contains__(self, second: float) -> bool:
        """Return whether a second since 1970 is in it."""
        return self.first <= second <= self.last


ANY_TIME = TimeSpan(631152000, 4102444800)
"""From 1990 to 2100: the span when nothing is known of the data."""


@attrs.frozen
class ClockChange:
    """A change of times."""

    seconds: Callable[[int], int]
    """From a second since 1970 to another, by the clock of the text."""
    clears_fractions: bool
    """Whether nothing is left of a second's parts."""


@attrs.frozen
class TextTimes:
    """Changes the times in texts."""

    span: TimeSpan
    change: ClockChange

    def array(self, texts: pa.Array) -> pa.Array:
        """Return texts (string or large_string, may hold nulls) changed; each distinct one is looked at once."""
        suspected = pc.fill_null(pc.match_substring_regex(texts, _GLANCE), False)
        if not pc.any(suspected).as_py():
            return texts
        encoded = texts.filter(suspected).dictionary_encode()
        changed = pa.array([self(text) for text in encoded.dictionary.to_pylist()], texts.type)
        return pc.replace_with_mask(texts, suspected, changed.take(encoded.indices))

    def lists(self, column: pa.Array) -> pa.Array:
        """Return text in segments changed, each distinct segment once.

        A segment may end between a date and its time of day: values that have such a one are changed as a whole.
        """
        segments = Segments.from_lists(column)
        changed = attrs.evolve(segments, distinct=self.array(segments.distinct))
        is_open = pc.match_substring_regex(segments.distinct, _OPEN_END).to_numpy(zero_copy_only=False)
        rows = segments.find_values(np.flatnonzero(is_open))
        if rows.size:
            changed = changed.replace_values(rows, self.array(segments.take(rows).to_strings()))
        return changed.to_lists(column)

    def __call__(self, text: str) -> str:
        """Return a text changed."""
        return _DATE.sub(self._date, _EPOCH.sub(self._epoch, text))

    def _epoch(self, match: re.Match[str]) -> str:
        digits, fraction = match["digits"], match["fraction"] or ""
        parts = 10 ** (len(digits) - 10)
        seconds, rest = divmod(int(digits), parts)
        if seconds not in self.span or self._reads_as_date(digits):
            return match[0]
        changed = max(self.change.seconds(seconds), 0) * parts + (0 if self.change.clears_fractions else rest)
        return f"{match['lead'] or ''}{changed:0{len(digits)}}{self._fraction(fraction)}"

    def _reads_as_date(self, digits: str) -> bool:
        match = _DATE.fullmatch(digits)
        return match is not None and _seconds(match) in self.span

    def _date(self, match: re.Match[str]) -> str:
        seconds = _seconds(match)
        if seconds not in self.span:
            return match[0]
        changed = _BEGIN + timedelta(seconds=self.change.seconds(int(seconds)))
        dash, colon = match["dash"] or "", match["colon"] or ""
        text = f"{match['lead'] or ''}{changed.year:04}{dash}{changed.month:02}{dash}{changed.day:02}"
        if match["hour"] is not None:
            text += f"{match['gap'] or ''}{changed.hour:02}"
        if match["minute"] is not None:
            text += f"{colon}{changed.minute:02}"
        if match["second"] is not None:
            # A leap second stays one, unless it is rounded.
            leap = match["second"] == "60" and changed.second == 59
            text += f"{colon}{60 if leap else changed.second:02}{self._fraction(match['fraction'] or '')}"
        return text

    def _fraction(self, digits: str) -> str:
        return re.sub("[0-9]", "0", digits) if self.change.clears_fractions else digits


def _seconds(match: re.Match[str]) -> float:
    """Return the second since 1970 of a match of `_DATE`; NaN for a day that is none."""
    year, month, day, hour, minute, second = (
        int(match[part] or 0) for part in ("year", "month", "day", "hour", "minute", "second")
    )
    try:
        return (datetime(year, month, day, hour, minute, min(second, 59)) - _BEGIN).total_seconds()
    except ValueError:
        return math.nan


def seconds_in(text: str) -> float | None:
    """Return the second since 1970 that a whole text is: a time or a number; None for any other text."""
    if time := TimeText.parse(text):
        return (time.time - _BEGIN).total_seconds()
    try:
        number = int(text.strip().partition(".")[0])
    except ValueError:
        return None
    return number / second_parts(number)
