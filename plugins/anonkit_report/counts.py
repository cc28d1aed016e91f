"""The counts of jobs that the pictures show, made batch by batch."""

from __future__ import annotations

from collections import Counter

import attrs
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from anonkit.api import Batch, Roles, RunContext
from anonkit_report.ranges import SIZES

__all__ = ["HOUR", "Counts", "Measure", "measures_of", "time_column"]

HOUR = 3600
_TIMES = ("QDate", "JobStartDate", "JobCurrentStartDate", "CompletionDate", "EnteredCurrentStatus")
_RUN_TIMES = ("RemoteWallClockTime", "CumulativeSlotTime", "CommittedTime")
_MEMORY = ("RequestMemory", "MemoryUsage")


@attrs.frozen
class Measure:
    """A number of each job that a picture shows: its name and unit, and the columns that it is computed from."""

    name: str
    unit: str
    column: str
    since: str = ""
    """A column that is subtracted: a wait is from one time to another."""


def time_column(context: RunContext) -> str | None:
    """Return the column of the times of jobs; None when the rows have none."""
    return next((name for name in _TIMES if name in context.batch_schema.names), None)


def measures_of(context: RunContext) -> tuple[Measure, ...]:
    """Return the measures that the columns of a run allow."""
    names = context.batch_schema.names
    found = []
    if "QDate" in names and "JobStartDate" in names:
        found.append(Measure("Wait time", "s", "JobStartDate", "QDate"))
    found += [Measure("Run time", "s", name) for name in _RUN_TIMES if name in names][:1]
    titles = {"RequestMemory": "Memory asked for", "MemoryUsage": "Memory used"}
    found += [Measure(titles[name], "MB", name) for name in _MEMORY if name in names]
    return tuple(found)


@attrs.define
class Counts:
    """Rows by hour, site, failing user, and size; sizes by range."""

    rows: int = 0
    hours: Counter[int] = attrs.field(factory=Counter)
    sites: Counter[str] = attrs.field(factory=Counter)
    failed_sites: Counter[str] = attrs.field(factory=Counter)
    failed_users: Counter[int] = attrs.field(factory=Counter)
    """By position among the run's users."""
    failures: int = 0
    sizes: dict[str, Counter[int]] = attrs.field(factory=dict)
    """By name of the measure."""

    def add(self, batch: Batch) -> None:
        """Count the rows of a batch."""
        context = batch.context
        self.rows += len(batch)
        if column := time_column(context):
            times = _numbers(batch.column(column))
            self._count(self.hours, np.floor(times[np.isfinite(times)] / HOUR).astype(np.int64))
        failed = _failed(batch, context.roles)
        self.failures += int(failed.sum())
        self._count_sites(batch, failed)
        if "user" in batch.identities:
            users = batch.identities["user"]
            owners = pc.list_parent_indices(users).to_numpy(zero_copy_only=False)
            self._count(self.failed_users, pc.list_flatten(users).to_numpy(zero_copy_only=False)[failed[owners]])
        for measure in measures_of(context):
            places = SIZES[measure.unit].places(_values(batch, measure))
            self._count(self.sizes.setdefault(measure.name, Counter()), places)

    def join(self, other: Counts) -> Counts:
        """Return these counts with those of others added."""
        self.rows += other.rows
        self.failures += other.failures
        for name in ("hours", "sites", "failed_sites", "failed_users"):
            getattr(self, name).update(getattr(other, name))
        for name, sizes in other.sizes.items():
            self.sizes.setdefault(name, Counter()).update(sizes)
        return self

    def _count_sites(self, batch: Batch, failed: npt.NDArray[np.bool_]) -> None:
        column = batch.context.roles.columns["site"]
        if column not in batch.context.batch_schema.names:
            return
        texts = batch.column(column).cast(pa.string())
        for counter, some in ((self.sites, texts), (self.failed_sites, texts.filter(pa.array(failed)))):
            for entry in some.value_counts().to_pylist():
                if entry["values"] is not None:
                    counter[entry["values"]] += entry["counts"]

    @staticmethod
    def _count(counter: Counter[int], values: npt.NDArray[np.int64]) -> None:
        distinct, counts = np.unique(values, return_counts=True)
        counter.update(dict(zip(distinct.tolist(), counts.tolist(), strict=True)))


def _numbers(column: pa.Array) -> npt.NDArray[np.float64]:
    """Return a column as numbers: times as seconds since 1970, other values as NaN."""
    kind = column.type
    if pa.types.is_timestamp(kind):
        column = pc.divide(pc.cast(pc.cast(column, pa.timestamp("us", kind.tz)), pa.int64()).cast(pa.float64()), 1e6)
    elif pa.types.is_string(kind):
        trimmed = pc.utf8_trim_whitespace(column)
        plain = pc.match_substring_regex(trimmed, r"^-?[0-9]{1,18}(\.[0-9]+)?$")
        column = pc.if_else(plain, trimmed, None)
    elif not (pa.types.is_integer(kind) or pa.types.is_floating(kind)):
        return np.full(len(column), np.nan)
    numbers: npt.NDArray[np.float64] = pc.cast(column, pa.float64(), safe=False).to_numpy(zero_copy_only=False)
    return numbers


def _failed(batch: Batch, roles: Roles) -> npt.NDArray[np.bool_]:
    """Return which rows are failures: starts above 0, completions 0."""
    columns = [roles.columns["starts"], roles.columns["completions"]]
    if any(name not in batch.context.batch_schema.names for name in columns):
        return np.zeros(len(batch), np.bool_)
    starts, completions = (_numbers(batch.column(name)) for name in columns)
    failed: npt.NDArray[np.bool_] = (starts > 0) & (completions == 0)
    return failed


def _values(batch: Batch, measure: Measure) -> npt.NDArray[np.float64]:
    values = _numbers(batch.column(measure.column))
    return values - _numbers(batch.column(measure.since)) if measure.since else values
