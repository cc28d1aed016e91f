"""The numbers of the jobs of a batch, from the columns that the options name; null for what is not known.

Waiting and running times are exact, or null: a time that a transform rounded is not a measure of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

import attrs
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from anonkit.api import Batch, Column, RunContext, Transformed
from anonkit_std.columns.cell_text import as_text
from anonkit_std.options.workloads import WorkloadOptions
from anonkit_std.reporters.identity_codes import codes_in_rows
from anonkit_std.transforms.time_shift import SHIFTED

__all__ = ["NUMBERS", "TEXTS", "JobNumbers", "named_columns"]

NUMBERS = (
    "submit", "wait", "run_time", "processors", "cpu_time", "memory", "requested_processors", "requested_time",
    "requested_memory", "status", "user", "group",
)  # fmt: skip
"""Columns of whole numbers (float64 for CPU time); times in s, memory in KiB for each processor."""
TEXTS = ("executable", "queue", "partition")
"""Columns of text, to be numbered."""

_SECONDS: Mapping[str, float] = MappingProxyType({"ms": 0.001, "s": 1, "min": 60, "h": 3600, "d": 86400})
# HTCondor's MB are MiB.
_KIB: Mapping[str, float] = MappingProxyType(
    {"B": 1 / 1024, "bytes": 1 / 1024, "KiB": 1, "MiB": 1024, "MB": 1024, "GiB": 1 << 20, "GB": 1 << 20}
)


def named_columns(options: WorkloadOptions, columns: tuple[Column, ...]) -> Iterator[str]:
    """Yield the columns of the input that the options name and that may be passed on."""
    values = (getattr(options, field.name) for field in attrs.fields(WorkloadOptions))
    named = {value.casefold() for value in values if isinstance(value, str)}
    yield from (column.name for column in columns if column.name.casefold() in named and not column.is_refused)


@attrs.frozen
class JobNumbers:
    """Reads the numbers of jobs."""

    options: WorkloadOptions
    context: RunContext

    def __call__(self, batch: Batch) -> pa.RecordBatch:
        """Return `NUMBERS` and `TEXTS` of the rows of a batch."""
        options = self.options
        submit, start, end = (self._times(batch, name) for name in (options.submit, options.start, options.end))
        if self.is_relative:
            submit = self._numbers(batch, options.relative_submit, _SECONDS)
        processors = self._numbers(batch, options.processors)
        share = None if options.per_processor else processors
        found = {
            "submit": submit,
            "wait": self._duration(batch, options.wait, (options.submit, submit), (options.start, start)),
            "run_time": self._duration(batch, options.run_time, (options.start, start), (options.end, end)),
            "processors": processors,
            "cpu_time": _shared(self._numbers(batch, options.cpu_time, _SECONDS), share),
            "memory": _shared(self._numbers(batch, options.memory, _KIB), share),
            "requested_processors": self._numbers(batch, options.requested_processors),
            "requested_time": self._numbers(batch, options.requested_time, _SECONDS),
            "requested_memory": _shared(self._numbers(batch, options.requested_memory, _KIB), share),
            "status": self._status(batch),
            "user": self._identity(batch, "user"),
            "group": self._identity(batch, "experiment"),
        }
        roles = batch.context.roles
        texts = {
            "executable": self._texts(batch, options.executable or roles.cmd),
            "queue": self._texts(batch, options.queue),
            "partition": self._texts(batch, options.partition or roles.site),
        }
        return pa.record_batch({**found, **texts})

    @property
    def is_relative(self) -> bool:
        """Whether submissions count from a beginning that is unknown: the input has their distance to it alone."""
        return not self._present(self.options.submit) and bool(self._present(self.options.relative_submit))

    def _present(self, name: str) -> str:
        """Return a column as the batches have it; empty for none."""
        if name in self.context.batch_schema.names:
            return name
        return next((column for column in self.context.batch_schema.names if column.casefold() == name.casefold()), "")

    def _changes(self, name: str) -> tuple[str, ...]:
        """Return what transforms did to a column."""
        done = self.context.operations.get(name, ())
        return tuple(operation.description for operation in done if isinstance(operation, Transformed))

    def _numbers(self, batch: Batch, name: str, units: Mapping[str, float] = MappingProxyType({})) -> pa.Array:
        """Return the numbers of a column as float64, in the unit that is 1 in `units`; negative ones are null."""
        present = self._present(name)
        if not present:
            return pa.nulls(len(batch), pa.float64())
        column = self.context.columns.get(present)
        unit = column.attribute.unit if column and column.attribute else ""
        numbers = pc.multiply(_floats(batch.column(present)), units.get(unit, 1.0))
        return pc.if_else(pc.greater_equal(numbers, 0.0), numbers, None)

    def _times(self, batch: Batch, name: str) -> pa.Array:
        """Return times as seconds since 1970 (float64); 0 means none."""
        present = self._present(name)
        if not present:
            return pa.nulls(len(batch), pa.float64())
        cells = batch.column(present)
        if pa.types.is_timestamp(cells.type):
            micros = cells.cast(pa.timestamp("us", cells.type.tz)).cast(pa.int64())
            return pc.divide(micros.cast(pa.float64()), 1e6)
        numbers = _floats(cells)
        return pc.if_else(pc.greater(numbers, 0.0), numbers, None)

    def _duration(self, batch: Batch, name: str, first: tuple[str, pa.Array], last: tuple[str, pa.Array]) -> pa.Array:
        """Return the durations in a column, or between the times of two; null where a transform changed them."""
        if present := self._present(name):
            nothing = pa.nulls(len(batch), pa.float64())
            return nothing if self._changes(present) else self._numbers(batch, present, _SECONDS)
        changes = [self._changes(self._present(column)) for column, _ in (first, last)]
        passed = pc.subtract(last[1], first[1])
        if changes[0] != changes[1] or not set(changes[0]) <= {SHIFTED}:
            return pa.nulls(len(batch), pa.float64())
        return pc.if_else(pc.greater_equal(passed, 0.0), passed, None)

    def _status(self, batch: Batch) -> pa.Array:
        present = self._present(self.options.status)
        if not present:
            return pa.nulls(len(batch), pa.float64())
        texts = pc.utf8_ltrim_whitespace(as_text(batch.column(present)))
        words = pc.utf8_lower(pc.replace_substring_regex(texts, r"(?s)\s.*", ""))
        states = {word.lower(): float(status) for word, status in self.options.states.items()}
        places = pc.index_in(words, value_set=pa.array([*states], pa.string()))
        return pa.array([*states.values()], pa.float64()).take(places)

    def _identity(self, batch: Batch, kind: str) -> pa.Array:
        """Return the number of each row's first identity of a kind, from 1; null for none and for no valid one."""
        numbers = np.full(len(batch), np.nan)
        if kind in batch.identities:
            rows, codes = codes_in_rows(batch.identities[kind])
            firsts = np.flatnonzero(np.diff(rows, prepend=-1))
            valid = np.array((*self.context.identities[kind].valid, False))[codes[firsts]]
            numbers[rows[firsts][valid]] = codes[firsts][valid] + 1
        return pa.array(numbers, from_pandas=True)

    def _texts(self, batch: Batch, name: str) -> pa.Array:
        present = self._present(name) if name else ""
        texts = as_text(batch.column(present)) if present else pa.nulls(len(batch), pa.string())
        return texts.dictionary_encode()


def _floats(cells: pa.Array) -> pa.Array:
    """Return numbers, or text that spells them, as float64; null for others."""
    if pa.types.is_integer(cells.type) or pa.types.is_floating(cells.type) or pa.types.is_decimal(cells.type):
        numbers = cells.cast(pa.float64(), safe=False)
    else:
        texts = pc.utf8_trim_whitespace(as_text(cells))
        shaped = pc.match_substring_regex(texts, r"^[0-9]{1,15}(\.[0-9]{0,9})?$")
        numbers = pc.if_else(shaped, texts, None).cast(pa.float64())
    return pc.if_else(pc.is_finite(numbers), numbers, None)


def _shared(numbers: pa.Array, processors: pa.Array | None) -> pa.Array:
    """Return the part of one processor; the whole where their number is not known."""
    if processors is None:
        return numbers
    return pc.divide(numbers, pc.fill_null(pc.if_else(pc.greater(processors, 1.0), processors, 1.0), 1.0))
