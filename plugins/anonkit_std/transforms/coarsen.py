"""Generalisation: numbers and times rounded down to the lower end of a bin, or held below a limit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

import attrs
import pyarrow as pa

from anonkit.api import ConfigError, Transform
from anonkit.arrow.nested import leaf_types, map_leaves
from anonkit_std.columns.leaves import (
    change_distinct,
    change_numbers,
    is_number,
    is_text,
    replaced_columns,
    unknown_columns,
)
from anonkit_std.options.transforms import CoarsenOptions
from anonkit_std.transforms.coarse_numbers import coarse_decimal, coarse_numbers, coarse_text, coarse_times
from anonkit_std.transforms.coarse_steps import Step, parse_steps
from anonkit_std.transforms.times import change_times, is_time

__all__ = ["Coarsen"]

_PLACE = "[anonymizers.coarsen] columns"


def _steps(transform: Coarsen) -> Mapping[str, Sequence[Step]]:
    return {name: parse_steps(text) for name, text in transform.options.columns.items()}


@attrs.frozen
class Coarsen(Transform):
    """Coarsens the columns of its table. A text that is neither number nor time is blanked; nulls stay."""

    options: CoarsenOptions
    _steps: Mapping[str, Sequence[Step]] = attrs.field(init=False, default=attrs.Factory(_steps, takes_self=True))

    def __attrs_post_init__(self) -> None:
        if not self.options.columns:
            raise ConfigError(
                '[anonymizers.coarsen]: nothing to coarsen; say how, as in columns = {RequestMemory = "100"}, '
                "or switch it off with --disable coarsen"
            )

    def schema(self, schema: pa.Schema) -> pa.Schema:
        """Return the schema. ConfigError for a column that does not exist, or cannot be coarsened in that way."""
        mistakes = unknown_columns(_PLACE, self._steps, schema)
        for name, steps in self._steps.items():
            if name in schema.names:
                mistakes += _misfits(schema.field(name), self.options.columns[name], steps)
        if mistakes:
            raise ConfigError(mistakes)
        return schema

    def changes(self, schema: pa.Schema) -> Mapping[str, str]:
        """Return how each column is coarsened."""
        return {name: ", ".join(step.describe() for step in steps) for name, steps in self._steps.items()}

    def __call__(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """Return the batch with its columns coarsened."""
        columns = ((name, batch.column(name), partial(_coarse, steps)) for name, steps in self._steps.items())
        return replaced_columns(batch, ((name, map_leaves(array, change)) for name, array, change in columns))


def _misfits(field: pa.Field, text: str, steps: Sequence[Step]) -> list[str]:
    for type_ in leaf_types(field.type):
        if is_time(type_) and not all(step.for_times for step in steps):
            return [f"{_PLACE}: {field.name!r} holds times, which {text!r} is not for; give a span (15min, 1h, 1d, 1w)"]
        if not is_time(type_) and not is_number(type_) and not is_text(type_):
            return [f"{_PLACE}: {field.name!r} holds {type_}; only numbers, times, and texts of them can be coarsened"]
    return []


def _coarse(steps: Sequence[Step], array: pa.Array) -> pa.Array:
    if is_time(array.type):
        return change_times(array, partial(coarse_times, steps))
    if pa.types.is_decimal(array.type):
        return change_distinct(array, partial(coarse_decimal, steps, scale=array.type.scale))
    if is_text(array.type):
        return change_distinct(array, partial(coarse_text, steps))
    return change_numbers(array, partial(coarse_numbers, steps))
