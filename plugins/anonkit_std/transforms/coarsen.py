"""The transform `coarsen`: it rounds numbers and times down to the lower end of a bin, or limits them to a maximum."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from functools import partial
from typing import ClassVar

import attrs
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
from anonkit_std.options.transforms import CoarsenOptions
from anonkit_std.transforms.coarse_numbers import coarse_decimal, coarse_numbers, coarse_text, coarse_times
from anonkit_std.transforms.coarse_steps import Multiple, Span, Step, parse_steps
from anonkit_std.transforms.time_survey import TimeSurvey, holds_times, is_candidate, survey_times
from anonkit_std.transforms.times import change_times, is_time
from anonkit_std.transforms.times_in_text import ClockChange, TextTimes

__all__ = ["Coarsen"]

# The option that messages name.
_PLACE = "[anonymizers.coarsen] columns"


def _parsed_steps(transform: Coarsen) -> Mapping[str, Sequence[Step]]:
    return {name: parse_steps(text) for name, text in transform.options.columns.items()}


@attrs.frozen
class Coarsen(Transform):
    """Coarsens the columns that the options name. Text that is neither a number nor a time becomes null.

    A time is coarsened wherever it shows. A column with the times of a named column is coarsened in the same way. Times
    inside text are coarsened by the coarsest steps of all columns of times, if they are within the span of the data.
    """

    accepts_segments: ClassVar[bool] = True

    options: CoarsenOptions
    survey: TimeSurvey = attrs.field(factory=TimeSurvey)
    """The times in all rows."""
    _steps: Mapping[str, Sequence[Step]] = attrs.field(
        init=False, default=attrs.Factory(_parsed_steps, takes_self=True)
    )

    def __attrs_post_init__(self) -> None:
        if not self.options.columns:
            raise ConfigError(
                '[anonymizers.coarsen]: nothing to coarsen; say how, as in columns = {RequestMemory = "100"}, '
                "or switch it off with --disable coarsen"
            )

    def schema(self, schema: pa.Schema) -> pa.Schema:
        """Return the schema, which stays. ConfigError for a column that is missing or does not fit its steps."""
        spelled = self._spelled_in(schema)
        mistakes = unknown_columns(_PLACE, spelled._steps, schema)
        for name, steps in spelled._steps.items():
            if name in schema.names:
                mistakes += _misfits(schema.field(name), spelled.options.columns[name], steps)
        if mistakes:
            raise ConfigError(mistakes)
        return schema

    def learned_columns(self, schema: pa.Schema) -> Sequence[str]:
        """Return the columns of times and of numbers that may be times; none when no time is coarsened."""
        steps = self._spelled_in(schema)._steps
        times = [field.name for field in schema if holds_times(field) or is_candidate(field)]
        return times if any(name in steps for name in times) else ()

    def learn(self, batch: pa.RecordBatch) -> TimeSurvey:
        """Return the facts about the times of a batch, among them which columns agree with a coarsened column."""
        known = [field.name for field in batch.schema if holds_times(field)]
        candidates = [name for name in batch.schema.names if name not in known]
        steps = self._spelled_in(batch.schema)._steps
        coarse = [name for name in batch.schema.names if name in steps]
        others = [name for name in batch.schema.names if name not in steps]
        return survey_times(batch, known, candidates, [(column, other) for column in coarse for other in others])

    def merge(self, left: TimeSurvey, right: TimeSurvey) -> TimeSurvey:
        """Return the facts about the rows of both."""
        return left.joined(right)

    def with_learned(self, learned: TimeSurvey | None) -> Coarsen:
        """Return the transform with the facts about the times of all rows."""
        return self if learned is None else attrs.evolve(self, survey=learned)

    def warnings(self, schema: pa.Schema) -> Sequence[str]:
        """Return warnings about times that stay exact beside coarsened ones, in columns and in text."""
        return self._spelled_in(schema)._warnings(schema)

    def _warnings(self, schema: pa.Schema) -> Sequence[str]:
        """Return the warnings, given column names spelled as in the schema."""
        warnings = []
        if exact := self._exact(schema):
            warnings.append(
                f"coarsen: exact times stay in {', '.join(exact)}, beside coarsened ones; coarsen these columns as "
                "well, suppress or drop them, or leave them out"
            )
        if any(name in self._steps for name in self._time_columns(schema)) and not self._text_steps(schema):
            warnings.append(
                "coarsen: times inside text stay exact; give a column of times a span (1h, 1d), which text gets as well"
            )
        return tuple(warnings)

    def changes(self, schema: pa.Schema) -> Mapping[str, str]:
        """Return how each column is coarsened, and which times stay exact."""
        return self._spelled_in(schema)._changes(schema)

    def _changes(self, schema: pa.Schema) -> Mapping[str, str]:
        """Return the changes, given column names spelled as in the schema."""
        descriptions = {name: ", ".join(step.describe() for step in steps) for name, steps in self._steps.items()}
        for name, coarsened in self._same_times(schema).items():
            steps = self._time_steps(coarsened)
            descriptions[name] = (
                f"as {coarsened}: {', '.join(step.describe() for step in steps)}"
                if steps
                else f"blanked, because it gives away {coarsened}"
            )
        if steps := self._text_steps(schema):
            effect = ", ".join(step.describe() for step in steps)
            descriptions |= {
                field.name: f"times in text {effect}" for field in schema if self._is_text(field, descriptions)
            }
        return descriptions | dict.fromkeys(self._exact(schema), "not coarsened; holds exact times")

    def __call__(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """Return the batch with its columns coarsened."""
        return self._spelled_in(batch.schema)._coarsened(batch)

    def _spelled_in(self, schema: pa.Schema) -> Coarsen:
        """Return the transform with the names of its columns as the schema spells them."""
        columns = {spelled_in(schema, name): text for name, text in self.options.columns.items()}
        return self if columns == self.options.columns else attrs.evolve(self, options=CoarsenOptions(columns=columns))

    def _coarsened(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """Return the batch coarsened, given column names spelled as in its schema."""
        changed = {name: _coarse_column(batch.column(name), steps) for name, steps in self._steps.items()}
        for name, coarsened in self._same_times(batch.schema).items():
            column, steps = batch.column(name), self._time_steps(coarsened)
            changed[name] = _coarse_column(column, steps) if steps else pa.nulls(len(column), column.type)
        if steps := self._text_steps(batch.schema):
            texts = TextTimes(self.survey.text_span(), ClockChange(partial(_floored, steps=steps), True))
            for field in batch.schema:
                if self._is_text(field, changed):
                    changed[field.name] = _coarse_inside(batch.column(field.name), texts)
        return replaced_columns(batch, changed.items())

    def _time_columns(self, schema: pa.Schema) -> list[str]:
        """Return the columns of `schema` that hold times."""
        return [field.name for field in schema if holds_times(field) or field.name in self.survey.columns()]

    def _same_times(self, schema: pa.Schema) -> dict[str, str]:
        """Return the columns without steps that have the times of a coarsened column, each with that column.

        Of several coarsened columns it is the one with the longest spans.
        """
        found: dict[str, str] = {}
        times = self._time_columns(schema)
        coarsened = [name for name in times if name in self._steps]
        for name in times:
            alike = [column for column in coarsened if name not in self._steps and self._agree(column, name)]
            if alike:
                found[name] = max(alike, key=lambda column: sum(step.seconds for step in self._time_steps(column)))
        return found

    def _agree(self, name: str, other: str) -> bool:
        """Return whether a column has the times of a coarsened one: it is named so, or has the same values."""
        agreement = self.survey.agreements.get((name, other))
        return other.casefold() in _in_parts(name) or (agreement is not None and agreement.is_same)

    def _time_steps(self, name: str) -> Sequence[Span]:
        """Return the steps of a column as spans; none when a step is no span of whole seconds."""
        spans = [_as_span(step) for step in self._steps[name]]
        return [span for span in spans if span] if all(spans) else []

    def _text_steps(self, schema: pa.Schema) -> Sequence[Span]:
        """Return the steps for times inside text: those of the column of times with the longest spans."""
        steps = [self._time_steps(name) for name in self._time_columns(schema) if name in self._steps]
        return max(steps, key=lambda candidate: sum(step.seconds for step in candidate), default=())

    def _is_text(self, field: pa.Field, changed: Container[str]) -> bool:
        """Return whether times inside the text of a column are coarsened; `changed` are the columns with steps."""
        return field.name not in changed and holds_text(field.type)

    def _exact(self, schema: pa.Schema) -> list[str]:
        """Return the columns with times that stay exact beside a coarsened time."""
        times, same = self._time_columns(schema), self._same_times(schema)
        if not any(name in self._steps for name in times):
            return []
        doubtful = self.survey.doubtful() & {*schema.names}
        return [name for name in schema.names if name in {*times, *doubtful} - {*self._steps, *same}]


def _in_parts(name: str) -> tuple[str, ...]:
    """Return the names, case-folded, that columns with the times of a column in smaller units have."""
    return tuple(f"{name}{ending}".casefold() for ending in ("_ms", "_millis", "_us", "_ns"))


def _as_span(step: Step) -> Span | None:
    """Return a step as one for times in seconds; None for a step that is none."""
    if isinstance(step, Multiple) and step.size == int(step.size):
        return Span(int(step.size), f"a multiple of {step.size} s")
    return step if isinstance(step, Span) else None


def _floored(seconds: int, steps: Sequence[Span]) -> int:
    """Return a second since 1970 after the steps."""
    for step in steps:
        seconds -= (seconds - step.start) % step.seconds
    return seconds


def _coarse_column(column: pa.Array, steps: Sequence[Step]) -> pa.Array:
    """Return a column, in segments or not, with each value after the steps."""
    if is_segmented(column.type):
        coarse = _coarse(steps, merge_segments(column))
        return Segments.from_strings(coarse).to_lists(coarse)
    return map_leaves(column, partial(_coarse, steps))


def _coarse_inside(column: pa.Array, texts: TextTimes) -> pa.Array:
    """Return a column with the times inside its text changed."""
    if is_segmented(column.type):
        return texts.lists(column)
    return map_leaves(column, lambda leaf: texts.array(leaf) if is_text(leaf.type) else leaf)


def _misfits(field: pa.Field, text: str, steps: Sequence[Step]) -> list[str]:
    """Return a message if a column is not of a type for the steps, which `text` names; otherwise none."""
    if is_segmented(field.type):
        return []
    for type_ in leaf_types(field.type):
        if is_time(type_) and not all(step.for_times for step in steps):
            return [f"{_PLACE}: {field.name!r} holds times, which {text!r} is not for; give a span (15min, 1h, 1d, 1w)"]
        if not is_time(type_) and not is_number(type_) and not is_text(type_):
            return [f"{_PLACE}: {field.name!r} holds {type_}; only numbers, times, and texts of them can be coarsened"]
    return []


def _coarse(steps: Sequence[Step], array: pa.Array) -> pa.Array:
    """Return an array of numbers, times or text after the steps, in its type."""
    if is_time(array.type):
        return change_times(array, partial(coarse_times, steps))
    if pa.types.is_decimal(array.type):
        return change_distinct(array, partial(coarse_decimal, steps, scale=array.type.scale))
    if is_text(array.type):
        return change_distinct(array, partial(coarse_text, steps))
    return change_numbers(array, partial(coarse_numbers, steps))
