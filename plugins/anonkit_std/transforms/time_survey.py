"""Facts about the times in all rows, learned in pass one: their span, columns of times, columns with the same times."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import attrs
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from anonkit.api import attribute
from anonkit.arrow.nested import leaf_types, leaves_in_rows
from anonkit.arrow.segments import is_segmented
from anonkit_std.columns.leaves import is_number, is_text
from anonkit_std.transforms.coarse_steps import FIRST_TIME
from anonkit_std.transforms.times import is_time, second_parts
from anonkit_std.transforms.times_in_text import ANY_TIME, TimeSpan, seconds_in

__all__ = ["MARGIN_DAYS", "Agreement", "NumberSurvey", "TimeSurvey", "holds_times", "is_candidate", "survey_times"]

Seconds = npt.NDArray[np.float64]

MARGIN_DAYS = 31
"""A time in text is one of the data if it is at most so many days from the times of the columns."""
# Times of two columns are the same if they are at most so many seconds apart.
_CLOSE = 2
# Two columns agree if so large a share of the rows with both has the same time in them.
_LEAST_SHARE = 0.01
# A column of numbers is one of times if at most so large a share of them is no time.
_MOST_OTHERS = 0.1


@attrs.frozen
class NumberSurvey:
    """Facts about a column of numbers that the catalogue does not know; they may be times."""

    span: TimeSpan | None = None
    """The span of the values that may be times; None without any."""
    times: int = 0
    """The number of values that may be times."""
    others: int = 0
    """The number of positive values that are no times; 0 and negative ones mean that there is no time."""

    def joined(self, other: NumberSurvey) -> NumberSurvey:
        """Return the survey of the rows of both."""
        return NumberSurvey(_joined(self.span, other.span), self.times + other.times, self.others + other.others)

    def are_times(self, span: TimeSpan) -> bool:
        """Return whether nearly all values are times, and within a span."""
        if self.span is None or self.others > _MOST_OTHERS * (self.times + self.others):
            return False
        return self.span.first in span and self.span.last in span


@attrs.frozen
class Agreement:
    """How often two columns hold the same time."""

    rows: int = 0
    """Rows with a time in both."""
    close: int = 0
    """Rows in which they are at most two seconds apart."""

    def joined(self, other: Agreement) -> Agreement:
        """Return the agreement in the rows of both."""
        return Agreement(self.rows + other.rows, self.close + other.close)

    @property
    def is_same(self) -> bool:
        """Whether one column holds the times of the other: they agree in one row of a hundred, or more."""
        return self.close > 0 and self.close >= _LEAST_SHARE * self.rows


@attrs.frozen
class TimeSurvey:
    """The facts about the times in some rows."""

    span: TimeSpan | None = None
    """The span of the columns that are known to hold times; None when they are empty."""
    numbers: Mapping[str, NumberSurvey] = attrs.field(factory=dict)
    """By the column of numbers that may be times."""
    agreements: Mapping[tuple[str, str], Agreement] = attrs.field(factory=dict)

    def joined(self, other: TimeSurvey) -> TimeSurvey:
        """Return the survey of the rows of both."""
        numbers = {name: mine.joined(other.numbers[name]) for name, mine in self.numbers.items()}
        pairs = {pair: mine.joined(other.agreements[pair]) for pair, mine in self.agreements.items()}
        return TimeSurvey(_joined(self.span, other.span), numbers, pairs)

    def text_span(self) -> TimeSpan:
        """Return the span of the times that count in text and in numbers; `ANY_TIME` when no column has a time."""
        return ANY_TIME if self.span is None else self.span.widened(MARGIN_DAYS)

    def columns(self) -> frozenset[str]:
        """Return the columns of numbers that are times."""
        span = self.text_span()
        return frozenset(name for name, numbers in self.numbers.items() if numbers.are_times(span))

    def doubtful(self) -> frozenset[str]:
        """Return the columns of numbers of which some may be times, and too few for a column of times."""
        span = self.text_span()
        within = (name for name, numbers in self.numbers.items() if numbers.span and _overlap(numbers.span, span))
        return frozenset(within) - self.columns()


def holds_times(field: pa.Field) -> bool:
    """Return whether a column is known to hold times: by its type, its name or the catalogue."""
    if any(map(is_time, leaf_types(field.type))):
        return True
    known = attribute(field.name)
    dated = known is not None and known.unit.endswith("since 1970")
    is_plain = is_number(field.type) or is_text(field.type) or is_segmented(field.type)
    return (dated or field.name.casefold().endswith("timestamp")) and is_plain


def is_candidate(field: pa.Field) -> bool:
    """Return whether a column holds numbers that the catalogue does not know."""
    return is_number(field.type) and attribute(field.name) is None


def survey_times(
    batch: pa.RecordBatch, known: Sequence[str], candidates: Sequence[str], pairs: Sequence[tuple[str, str]]
) -> TimeSurvey:
    """Return the facts about a batch.

    `known` are columns of times, `candidates` columns of numbers that may be times, and `pairs` two columns each, which
    may hold the same times.
    """
    names = dict.fromkeys((*known, *candidates, *(name for pair in pairs for name in pair)))
    seconds = {name: _seconds(batch.column(name)) for name in names}
    span = None
    for name in known:
        span = _joined(span, _span(_all_seconds(batch.column(name))))
    numbers = {name: _numbers(batch.column(name), seconds[name]) for name in candidates}
    return TimeSurvey(span, numbers, {pair: _agreement(*map(seconds.__getitem__, pair)) for pair in pairs})


def _numbers(column: pa.Array, seconds: Seconds) -> NumberSurvey:
    """Return the facts about a column of numbers, given what `_seconds` returns for it."""
    numbers = column.cast(pa.float64(), safe=False).fill_null(0).to_numpy(zero_copy_only=False)
    times = np.count_nonzero(~np.isnan(seconds))
    return NumberSurvey(_span(seconds), int(times), int(np.count_nonzero(numbers > 0) - times))


def _agreement(left: Seconds, right: Seconds) -> Agreement:
    apart = np.abs(left - right)
    return Agreement(int(np.count_nonzero(~np.isnan(apart))), int(np.count_nonzero(apart <= _CLOSE)))


def _seconds(column: pa.Array) -> Seconds:
    """Return the time of each row in seconds since 1970; NaN for no time and for nested columns."""
    if is_time(column.type):
        found = _floats(column.cast(pa.timestamp("us"), safe=False).view(pa.int64())) / 10**6
    elif is_number(column.type):
        numbers = _floats(column)
        found = numbers / second_parts(np.nan_to_num(numbers))
    elif is_text(column.type):
        encoded = column.dictionary_encode()
        distinct = pa.array([seconds_in(text) for text in encoded.dictionary.to_pylist()], pa.float64())
        found = _floats(distinct.take(encoded.indices))
    else:
        found = np.full(len(column), np.nan)
    return np.where(found >= FIRST_TIME, found, np.nan)


def _all_seconds(column: pa.Array) -> Seconds:
    """Return all times of a column in seconds since 1970, also those inside nested values; NaN for no time."""
    if not pa.types.is_nested(column.type):
        return _seconds(column)
    leaves = [_seconds(leaf) for leaf, _ in leaves_in_rows(column) if is_time(leaf.type)]
    return np.concatenate([np.zeros(0), *leaves])


def _floats(array: pa.Array) -> Seconds:
    """Return numbers as doubles; NaN for nulls and infinities."""
    floats: Any = array.cast(pa.float64(), safe=False).to_numpy(zero_copy_only=False)
    return np.where(np.isfinite(floats), floats, np.nan)


def _span(seconds: Seconds) -> TimeSpan | None:
    times = seconds[~np.isnan(seconds)]
    return TimeSpan(int(times.min()), int(times.max())) if times.size else None


def _joined(left: TimeSpan | None, right: TimeSpan | None) -> TimeSpan | None:
    return left.joined(right) if left and right else left or right


def _overlap(left: TimeSpan, right: TimeSpan) -> bool:
    return left.first <= right.last and right.first <= left.last
