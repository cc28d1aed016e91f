"""Times inside other text, changed in their layout: ``_2023_12_31_200812``, ``2023123120``, ``#1703980800``.

A time is a date with or without a time of day, with or without separators, which may be percent escapes; or seconds
since 1970 in 10 digits, milliseconds in 13, microseconds in 16, nanoseconds in 19. Only times within a span count.
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

# Patterns for Arrow. Every text with a time matches the first: eight digits in a row, or a year, a separator, a month.
_MAY_HOLD_TIME = r"[0-9]{8}|[12][0-9]{3}(?:[-/._]|\\/|%2[DFdf])[0-9]{2}"
# A text that ends with a date: its time of day may be in the next segment.
_ENDS_WITH_DATE = (
    r"(?:^|[^0-9])(?:19|20)[0-9]{2}(?:[-/._]|\\/|%2[DFdf])?[01][0-9](?:[-/._]|\\/|%2[DFdf])?[0-3][0-9]\s*$"
)
# No digit, or the number of a token, which may be right before the time: `UR_120231231` is `UR_1` and a date.
_BEFORE = r"(?<![0-9])(?P<lead>(?<=[A-Z_])[0-9]{1,6}?)??"
# A number since 1970. `CN=1703980800` is none, but the random number of a proxy certificate.
_EPOCH = re.compile(
    r"(?<!CN=)(?<!CN%3D)"
    + _BEFORE
    + r"(?P<digits>[1-9][0-9]{9}(?:[0-9]{3}|[0-9]{6}|[0-9]{9})?)(?P<fraction>\.[0-9]{1,9})?(?![0-9])"
)
# A date, with hour, minute and second as far as they follow.
_DATE = re.compile(
    _BEFORE + r"(?P<year>(?:19|20)[0-9]{2})(?P<dash>[-/._]|\\/|%2[DF])?(?P<month>0[1-9]|1[0-2])(?(dash)(?P=dash))"
    r"(?P<day>0[1-9]|[12][0-9]|3[01])"
    r"(?:(?P<gap>[T_ .:/-]|%20|\\/)?(?P<hour>[01][0-9]|2[0-3])"
    r"(?:(?P<colon>[:_.-]|%3A)?(?P<minute>[0-5][0-9])"
    r"(?:(?(colon)(?P=colon))(?P<second>[0-5][0-9]|60)(?P<fraction>[.,]?[0-9]{1,9})?)?)?)?"
    r"(?![0-9])",
    re.IGNORECASE,
)
_EPOCH_BEGIN = datetime(1970, 1, 1)


@attrs.frozen
class TimeSpan:
    """A span of time from the second `first` to the second `last` since 1970, both included."""

    first: int
    last: int

    def widened(self, days: int) -> TimeSpan:
        """Return the span extended by so many days at each end."""
        return TimeSpan(self.first - days * DAY, self.last + days * DAY)

    def joined(self, other: TimeSpan) -> TimeSpan:
        """Return the least span that contains both."""
        return TimeSpan(min(self.first, other.first), max(self.last, other.last))

    def __contains__(self, second: float) -> bool:
        """Return whether a second since 1970 is in it."""
        return self.first <= second <= self.last


ANY_TIME = TimeSpan(631152000, 4102444800)
"""From 1990 to 2100: the span for data without a column of times."""


@attrs.frozen
class ClockChange:
    """A change of times in text."""

    seconds: Callable[[int], int]
    """Returns the new second since 1970 for a second, both by the clock of the text."""
    clears_fractions: bool
    """Whether fractions of a second become zeros."""


@attrs.frozen
class TextTimes:
    """Changes the times inside texts."""

    span: TimeSpan
    """Only times in it are changed."""
    change: ClockChange

    def array(self, texts: pa.Array) -> pa.Array:
        """Return texts (string or large_string) with their times changed, each distinct text once; nulls stay."""
        suspected = pc.fill_null(pc.match_substring_regex(texts, _MAY_HOLD_TIME), False)
        if not pc.any(suspected).as_py():
            return texts
        encoded = texts.filter(suspected).dictionary_encode()
        changed = pa.array([self(text) for text in encoded.dictionary.to_pylist()], texts.type)
        return pc.replace_with_mask(texts, suspected, changed.take(encoded.indices))

    def lists(self, column: pa.Array) -> pa.Array:
        """Return a column of segments with the times in it changed, each distinct segment once.

        A value with a segment that ends between a date and its time of day is changed as a whole.
        """
        segments = Segments.from_lists(column)
        changed = attrs.evolve(segments, distinct=self.array(segments.distinct))
        may_go_on = pc.match_substring_regex(segments.distinct, _ENDS_WITH_DATE).to_numpy(zero_copy_only=False)
        rows = segments.find_values(np.flatnonzero(may_go_on))
        if rows.size:
            changed = changed.replace_values(rows, self.array(segments.take(rows).to_strings()))
        return changed.to_lists(column)

    def __call__(self, text: str) -> str:
        """Return a text with its times changed."""
        return _DATE.sub(self._date, _EPOCH.sub(self._epoch, text))

    def _epoch(self, match: re.Match[str]) -> str:
        """Return a match of `_EPOCH` changed; as it is outside of the span, or when its digits are a date."""
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
        """Return a match of `_DATE` changed; as it is outside of the span."""
        seconds = _seconds(match)
        if seconds not in self.span:
            return match[0]
        changed = _EPOCH_BEGIN + timedelta(seconds=self.change.seconds(int(seconds)))
        dash, colon = match["dash"] or "", match["colon"] or ""
        text = f"{match['lead'] or ''}{changed.year:04}{dash}{changed.month:02}{dash}{changed.day:02}"
        if match["hour"] is not None:
            text += f"{match['gap'] or ''}{changed.hour:02}"
        if match["minute"] is not None:
            text += f"{colon}{changed.minute:02}"
        if match["second"] is not None:
            # Second 60 is read as 59. It stays 60 unless the change rounds it.
            leap = match["second"] == "60" and changed.second == 59
            text += f"{colon}{60 if leap else changed.second:02}{self._fraction(match['fraction'] or '')}"
        return text

    def _fraction(self, digits: str) -> str:
        return re.sub("[0-9]", "0", digits) if self.change.clears_fractions else digits


def _seconds(match: re.Match[str]) -> float:
    """Return the second since 1970 of a match of `_DATE`; NaN for a day that is in no calendar."""
    year, month, day, hour, minute, second = (
        int(match[part] or 0) for part in ("year", "month", "day", "hour", "minute", "second")
    )
    try:
        return (datetime(year, month, day, hour, minute, min(second, 59)) - _EPOCH_BEGIN).total_seconds()
    except ValueError:
        return math.nan


def seconds_in(text: str) -> float | None:
    """Return the second since 1970 of a text that is a time or a number; None for any other text."""
    if time := TimeText.parse(text):
        return (time.time - _EPOCH_BEGIN).total_seconds()
    try:
        number = int(text.strip().partition(".")[0])
    except ValueError:
        return None
    return number / second_parts(number)
