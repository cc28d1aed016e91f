"""All times put back by one secret number of whole weeks: weekday, time of day and distances stay."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Mapping
from decimal import Decimal
from functools import partial
from typing import Any

import attrs
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from anonkit.api import ConfigError, Transform, attribute
from anonkit.arrow.nested import leaf_types, map_leaves
from anonkit_std.columns.leaves import (
    change_distinct,
    change_numbers,
    is_number,
    is_text,
    replaced_columns,
    unknown_columns,
)
from anonkit_std.options.transforms import TimeShiftOptions
from anonkit_std.transforms import coarse_steps
from anonkit_std.transforms.time_text import TimeText
from anonkit_std.transforms.times import DAY, Ints, change_times, is_time, second_parts

__all__ = ["TimeShift"]

_NUMBER = re.compile(r"\s*(-?[0-9]{1,19})((?:\.[0-9]*)?)\s*\Z")


def _days(transform: TimeShift) -> int:
    most, secret = transform.options.weeks, transform.options.secret
    if secret is None:
        return 7 * (1 + secrets.randbelow(most))
    digest = hmac.digest(secret.encode(), b"anonkit time_shift", hashlib.sha256)
    return 7 * (1 + int.from_bytes(digest, "big") % most)


@attrs.frozen
class TimeShift(Transform):
    """Puts times back. A number below 100,000,000, which is no time of a job, stays; a text that is no time is blanked.

    How far is drawn when the object is made, and goes to the workers with it.
    """

    options: TimeShiftOptions
    _days: int = attrs.field(init=False, repr=False, default=attrs.Factory(_days, takes_self=True))

    def schema(self, schema: pa.Schema) -> pa.Schema:
        """Return the schema. ConfigError for a column that does not exist, or cannot hold times; or if none does."""
        mistakes = unknown_columns("[anonymizers.time_shift] columns", self.options.columns, schema)
        mistakes += [
            f"[anonymizers.time_shift] columns: {name!r} holds {schema.field(name).type}; "
            "only times, numbers and texts can be shifted"
            for name in self.options.columns
            if name in schema.names and not any(map(_may_be_time, leaf_types(schema.field(name).type)))
        ]
        if not mistakes and not self._columns(schema):
            mistakes.append(
                "[anonymizers.time_shift]: no column of the row records is known to hold times; name those that do in "
                "columns (--shift-times), add some to [run] columns, or switch it off with --disable time_shift"
            )
        if mistakes:
            raise ConfigError(mistakes)
        return schema

    def changes(self, schema: pa.Schema) -> Mapping[str, str]:
        """Return which columns are shifted; not how far."""
        return dict.fromkeys(self._columns(schema), "shifted by whole weeks")

    def __call__(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """Return the batch with its times shifted."""
        columns = self._columns(batch.schema)
        return replaced_columns(batch, ((name, map_leaves(batch.column(name), columns[name])) for name in columns))

    def _columns(self, schema: pa.Schema) -> dict[str, Any]:
        """Return the columns that hold times, each with what shifts its values."""
        if self.options.columns:
            return dict.fromkeys(self.options.columns, self._shift)
        known = {field.name: self._shift for field in schema if _is_known(field)}
        typed = {field.name: self._shift_times for field in schema if any(map(is_time, leaf_types(field.type)))}
        return typed | known

    def _shift_times(self, array: pa.Array) -> pa.Array:
        if not is_time(array.type):
            return array
        return change_times(array, lambda times, per_second: times - self._days * DAY * per_second)

    def _shift(self, array: pa.Array) -> pa.Array:
        if pa.types.is_decimal(array.type):
            return change_distinct(array, partial(_earlier_number, days=self._days))
        if is_number(array.type):
            return change_numbers(array, partial(_earlier_numbers, days=self._days))
        if is_text(array.type):
            return change_distinct(array, partial(_earlier_text, days=self._days))
        return self._shift_times(array)


def _may_be_time(type_: pa.DataType) -> bool:
    return is_time(type_) or is_number(type_) or is_text(type_)


def _is_known(field: pa.Field) -> bool:
    known = attribute(field.name)
    dated = known is not None and known.unit.endswith("since 1970")
    return (dated or field.name.casefold().endswith("timestamp")) and _may_be_time(field.type)


def _earlier_numbers(numbers: npt.NDArray[Any], days: int) -> npt.NDArray[Any]:
    """Return times since 1970 so many days earlier, but not before 1970; smaller numbers stay."""
    if np.issubdtype(numbers.dtype, np.floating):
        wide: npt.NDArray[Any] = numbers.astype(np.float64)
    else:
        wide = numbers.astype(np.uint64 if numbers.dtype == np.uint64 else np.int64)
    back: Ints = (days * DAY * second_parts(wide)).astype(wide.dtype)
    earlier = np.where(wide > back, wide - back, 1)
    return np.where(wide >= coarse_steps.FIRST_TIME, earlier, wide).astype(numbers.dtype)


def _earlier_number(number: Decimal, days: int) -> Decimal:
    if number < coarse_steps.FIRST_TIME:
        return number
    return max(number - days * DAY * coarse_steps.second_parts(number), Decimal(1))


def _earlier_text(text: str, days: int) -> str | None:
    """Return the text of the time so many days earlier; a number is taken as one; None for anything else."""
    if time := TimeText.parse(text):
        earlier = time.earlier(days * DAY)
        return None if earlier is None else earlier.text
    if number := _NUMBER.match(text):
        return f"{_earlier_number(Decimal(number[1]), days)}{number[2]}"
    return None
