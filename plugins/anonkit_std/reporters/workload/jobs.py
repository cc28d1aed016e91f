"""The jobs of a run for a workload: folded as packed batches, sorted by submission in the end."""

from __future__ import annotations

from collections.abc import Sequence

import attrs
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from anonkit.api import Batch, Column, Reporter, Roles, RunContext
from anonkit_std.options.workloads import WorkloadOptions
from anonkit_std.reporters.dataset.parquet_rows import packed, unpacked
from anonkit_std.reporters.workload.numbers import NUMBERS, TEXTS, JobNumbers, named_columns

__all__ = ["Jobs", "WorkloadReporter", "whole"]


@attrs.frozen
class Jobs:
    """The jobs in order of submission; those without a time of submission come last."""

    table: pa.Table
    """`NUMBERS`, and numbers from 1 instead of `TEXTS`; null for what is not known."""
    names: dict[str, list[str]]
    """By column of `TEXTS` the texts, in the order of their numbers."""
    first_submit: float | None
    """Seconds since 1970; the numbers in `submit` count from it. None where they count from an unknown beginning."""

    @classmethod
    def from_batches(cls, batches: Sequence[bytes], is_relative: bool) -> Jobs:
        """Return the jobs of packed batches; `is_relative`: `submit` counts from an unknown beginning already."""
        table = pa.Table.from_batches(list(unpacked(iter(batches))), _SCHEMA).unify_dictionaries()
        submitted = pc.fill_null(table["submit"], np.inf).to_numpy()
        table = table.take(pa.array(np.argsort(submitted, kind="stable")))
        first = None if is_relative else pc.min(table["submit"]).as_py()
        names: dict[str, list[str]] = {}
        for column in TEXTS:
            numbers, names[column] = _numbered(table[column].combine_chunks())
            table = table.set_column(table.schema.get_field_index(column), column, numbers)
        since = pc.subtract(table["submit"], first if first is not None else 0.0)
        return cls(table.set_column(0, "submit", since), names, first)


_SCHEMA = pa.schema(
    [
        *((name, pa.float64()) for name in NUMBERS),
        *((name, pa.dictionary(pa.int32(), pa.string())) for name in TEXTS),
    ]
)


class WorkloadReporter(Reporter[list[bytes], Jobs]):
    """A reporter of the jobs as numbers."""

    options: WorkloadOptions

    @property
    def required_roles(self) -> tuple[str, ...]:
        """The user of a job."""
        return ("user",)

    def optional_columns(self, columns: Sequence[Column], roles: Roles) -> Sequence[str]:
        """Return the columns that the options name, the command and the site."""
        known = {column.name for column in columns}
        named = named_columns(self.options, tuple(columns))
        return tuple(dict.fromkeys((*named, *(name for name in (roles.cmd, roles.site) if name in known))))

    @property
    def mentioned_kinds(self) -> tuple[str, ...]:
        """Experiments are the groups."""
        return ("experiment",)

    def start(self, context: RunContext) -> list[bytes]:
        """Return no jobs."""
        return []

    def consume(self, state: list[bytes], batch: Batch) -> list[bytes]:
        """Add the jobs of the batch."""
        if len(batch):
            state.append(packed(JobNumbers(self.options, batch.context)(batch).cast(_SCHEMA)))
        return state

    def merge(self, left: list[bytes], right: list[bytes]) -> list[bytes]:
        """Join."""
        return left + right

    def finish(self, state: list[bytes], context: RunContext) -> Jobs:
        """Return the jobs in order."""
        return Jobs.from_batches(state, JobNumbers(self.options, context).is_relative)

    def highlights(self, result: Jobs, context: RunContext) -> list[tuple[str, str]]:
        """Return the number of jobs, and of those with known times."""
        jobs = len(result.table)
        timed = (
            jobs
            - pc.or_(result.table["submit"].is_null(), result.table["run_time"].is_null()).combine_chunks().true_count
        )
        return [("workload", f"{jobs} jobs, {pc.sum(timed).as_py() or 0} of them with submission and run time")]


def whole(numbers: pa.ChunkedArray) -> pa.Array:
    """Return numbers rounded to whole ones, -1 for null."""
    rounded = pc.round(numbers, round_mode="half_to_even").combine_chunks()
    return pc.fill_null(rounded.cast(pa.int64(), safe=False), -1)


def _numbered(texts: pa.DictionaryArray) -> tuple[pa.Array, list[str]]:
    """Return numbers from 1 for texts, in order of first appearance, and the texts; null stays null."""
    codes = texts.indices.fill_null(-1).to_numpy()
    distinct, places = np.unique(codes[codes >= 0], return_index=True)
    ranks = np.full(len(texts.dictionary) + 1, np.nan)
    ordered = distinct[np.argsort(places)]
    ranks[ordered] = np.arange(1, len(ordered) + 1)
    return pa.array(ranks[codes], from_pandas=True), texts.dictionary.take(pa.array(ordered)).to_pylist()
