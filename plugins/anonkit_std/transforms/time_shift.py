"""The transform `time_shift`: all times become earlier by the same secret number of weeks.

Weekday, time of day and the distances between times stay.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import partial
from typing import Any, ClassVar

import attrs
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from anonkit.api import ConfigError, Transform
from anonkit.arrow.nested import leaf_types, map_leaves
from anonkit.arrow.segments import Segments, is_segmented, merge_segments
from anonkit_std.columns.leaves import (
    change_distinct,
    change_numbers,
    holds_text,
    is_number,
    is_text,
    replaced_columns,
    spelled_in,
    unknown_columns,
)
from anonkit_std.options.transforms import TimeShiftOptions
from anonkit_std.transforms import coarse_steps
from anonkit_std.transforms.time_survey import TimeSurvey, holds_times, is_candidate, survey_times
from anonkit_std.transforms.time_text import TimeText
from anonkit_std.transforms.times import DAY, Positions, change_times, is_time, second_parts
from anonkit_std.transforms.times_in_text import ClockChange, TextTimes

__all__ = ["SHIFTED", "TimeShift"]

SHIFTED = "shifted by whole weeks"
"""The description of a column of times: the distances between them are as they were."""

# A whole number, and its fraction.
_NUMBER = re.compile(r"\s*(-?[0-9]{1,19})((?:\.[0-9]*)?)\s*\Z")


def _chosen_days(transform: TimeShift) -> int:
    """Return the days of the shift: derived from the secret of the options, or drawn at random without one."""
    most, secret = transform.options.weeks, transform.options.secret
    if secret is None:
        return 7 * (1 + secrets.randbelow(most))
    digest = hmac.digest(secret.encode(), b"anonkit time_shift", hashlib.sha256)
    return 7 * (1 + int.from_bytes(digest, "big") % most)


@attrs.frozen
class TimeShift(Transform):
    """Makes times earlier: those of columns of times, and those inside text.

    In a column of times a number below 100,000,000, which is no time of a job, stays, and text that is no time becomes
    null. In other text the times within the span of the data are changed. The number of weeks is chosen when the object
    is made, and workers get it with the object.
    """

    accepts_segments: ClassVar[bool] = True

    options: TimeShiftOptions
    survey: TimeSurvey = attrs.field(factory=TimeSurvey)
    """The times in all rows."""
    _days: int = attrs.field(repr=False, default=attrs.Factory(_chosen_days, takes_self=True))

    def schema(self, schema: pa.Schema) -> pa.Schema:
        """Return the schema, which stays. ConfigError for a column that cannot be shifted, or when there is none."""
        mistakes = unknown_columns("[anonymizers.time_shift] columns", self.options.columns, schema)
        mistakes += [
            f"[anonymizers.time_shift] columns: {name!r} holds {schema.field(name).type}; "
            "only times, numbers and texts can be shifted"
            for name in (spelled_in(schema, name) for name in self.options.columns)
            if name in schema.names
            and not is_segmented(schema.field(name).type)
            and not any(map(_may_be_time, leaf_types(schema.field(name).type)))
        ]
        if not mistakes and not any(self._is_of_times(field) or holds_text(field.type) for field in schema):
            mistakes.append(
                "[anonymizers.time_shift]: no column of the row records is known to hold times; name those that do in "
                "columns (--shift-times), add some to [run] columns, or switch it off with --disable time_shift"
            )
        if mistakes:
            raise ConfigError(mistakes)
        return schema

    def learned_columns(self, schema: pa.Schema) -> Sequence[str]:
        """Return the columns of times, and the columns of numbers that the catalogue does not know."""
        return [field.name for field in schema if self._is_of_times(field) or is_candidate(field)]

    def learn(self, batch: pa.RecordBatch) -> TimeSurvey:
        """Return the facts about the times of a batch."""
        known = [field.name for field in batch.schema if self._is_of_times(field)]
        return survey_times(batch, known, [name for name in batch.schema.names if name not in known], ())

    def merge(self, left: TimeSurvey, right: TimeSurvey) -> TimeSurvey:
        """Return the facts about the rows of both."""
        return left.joined(right)

    def with_learned(self, learned: TimeSurvey | None) -> TimeShift:
        """Return the transform with the facts about the times of all rows, and with the same shift."""
        return self if learned is None else attrs.evolve(self, survey=learned)

    def preview(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """Return the batch with its times shifted."""
        return self(batch)

    def warnings(self, schema: pa.Schema) -> Sequence[str]:
        """Return a warning about columns of numbers that may be times and are not shifted."""
        doubtful = sorted(self.survey.doubtful() & {*schema.names})
        if not doubtful:
            return ()
        return [
            f"time_shift: some numbers in {', '.join(doubtful)} may be exact times beside shifted ones; name the "
            "columns in [anonymizers.time_shift] columns (--shift-times), or leave them out"
        ]

    def changes(self, schema: pa.Schema) -> Mapping[str, str]:
        """Return the columns that are shifted, and those that may be times and are not; the distance stays secret."""
        doubtful = dict.fromkeys(self.survey.doubtful() & {*schema.names}, "not shifted; may hold exact times")
        return doubtful | {field.name: description for field in schema if (description := self._description(field))}

    def __call__(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """Return the batch with its times shifted."""
        return replaced_columns(
            batch, ((field.name, self._column(batch.column(field.name), field)) for field in batch.schema)
        )

    def _is_of_times(self, field: pa.Field) -> bool:
        """Return whether a column holds times: by the options, the rows, or the catalogue."""
        return self._is_named(field) or field.name in self.survey.columns() or holds_times(field)

    def _is_named(self, field: pa.Field) -> bool:
        """Return whether the options name a column, in any letter case."""
        return field.name.casefold() in map(str.casefold, self.options.columns)

    def _description(self, field: pa.Field) -> str:
        if self._is_of_times(field):
            return SHIFTED
        return "times in text shifted by whole weeks" if holds_text(field.type) else ""

    def _column(self, column: pa.Array, field: pa.Field) -> pa.Array:
        """Return a column with its times shifted."""
        plain = merge_segments(column) if self._is_of_times(field) else column
        if plain is not column:
            shifted = self._shift(plain)
            return Segments.from_strings(shifted).to_lists(shifted)
        if is_segmented(column.type):
            return self._texts.lists(column)
        if self._is_named(field) or (self._is_of_times(field) and not pa.types.is_nested(column.type)):
            return map_leaves(column, self._shift)
        return map_leaves(column, self._shift_inside)

    @property
    def _texts(self) -> TextTimes:
        """The shift of times inside text."""
        earlier = ClockChange(partial(_seconds_earlier, days=self._days), clears_fractions=False)
        return TextTimes(self.survey.text_span(), earlier)

    def _shift_inside(self, array: pa.Array) -> pa.Array:
        """Return text with the times inside it shifted, and dates and timestamps shifted; other arrays as they are."""
        if is_text(array.type):
            return self._texts.array(array)
        return self._shift_times(array)

    def _shift_times(self, array: pa.Array) -> pa.Array:
        """Return dates and timestamps shifted; other arrays as they are."""
        if not is_time(array.type):
            return array
        return change_times(array, lambda times, per_second: times - self._days * DAY * per_second)

    def _shift(self, array: pa.Array) -> pa.Array:
        """Return an array of times in any type shifted."""
        if pa.types.is_decimal(array.type):
            return change_distinct(array, partial(_earlier_number, days=self._days))
        if is_number(array.type):
            return change_numbers(array, partial(_earlier_numbers, days=self._days))
        if is_text(array.type):
            return change_distinct(array, partial(_earlier_text, days=self._days))
        return self._shift_times(array)


def _seconds_earlier(seconds: int, days: int) -> int:
    return seconds - days * DAY


def _may_be_time(type_: pa.DataType) -> bool:
    return is_time(type_) or is_number(type_) or is_text(type_)


def _earlier_numbers(numbers: npt.NDArray[Any], days: int) -> npt.NDArray[Any]:
    """Return times since 1970, in any unit, so many days earlier, at 1 the earliest; durations stay."""
    if np.issubdtype(numbers.dtype, np.floating):
        wide: npt.NDArray[Any] = numbers.astype(np.float64)
    else:
        wide = numbers.astype(np.uint64 if numbers.dtype == np.uint64 else np.int64)
    back: Positions = (days * DAY * second_parts(wide)).astype(wide.dtype)
    earlier = np.where(wide > back, wide - back, 1)
    return np.where(wide >= coarse_steps.FIRST_TIME, earlier, wide).astype(numbers.dtype)


def _earlier_number(number: Decimal, days: int) -> Decimal:
    """Return what `_earlier_numbers` does, for a single number."""
    if number < coarse_steps.FIRST_TIME:
        return number
    return max(number - days * DAY * coarse_steps.second_parts(number), Decimal(1))


def _earlier_text(text: str, days: int) -> str | None:
    """Return the text of a time, or of a number that is a time, so many days earlier; None for any other text."""
    if time := TimeText.parse(text):
        earlier = time.earlier(days * DAY)
        return None if earlier is None else earlier.text
    if number := _NUMBER.match(text):
        return f"{_earlier_number(Decimal(number[1]), days)}{number[2]}"
    return None
