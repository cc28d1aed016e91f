"""The rows that a run takes, selected once before anything is learnt from them.

Each fragment then carries a bit for each of its rows, and all passes read only the rows that are taken.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import attrs
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from anonkit.catalogue import Steps
from anonkit.input.batches import BatchLimits, read
from anonkit.input.normalize import CellNormalizer
from anonkit.input.selection.sampling import Sample
from anonkit.input.selection.time_range import TimeRange
from anonkit.input.tasks import Fragment, Task

if TYPE_CHECKING:  # DuckDB takes a while to import, and most runs take all rows
    from anonkit.input.selection.condition import Condition

__all__ = ["LeftOut", "RowSelection", "SelectedRows", "Selector", "numbered"]

Flags = npt.NDArray[np.bool_]
Bits = npt.NDArray[np.uint8]


@attrs.frozen
class LeftOut:
    """The numbers of rows that are left out for a reason which the run reports."""

    timeless: int = 0
    """Rows without a time."""
    steps: int = 0
    """Rows that are parts of jobs."""

    def __add__(self, other: LeftOut) -> LeftOut:
        return LeftOut(self.timeless + other.timeless, self.steps + other.steps)


Found = tuple[tuple[Bits, ...], LeftOut]


@attrs.frozen
class RowSelection:
    """The conditions on the rows that are taken; None for a condition that is not set."""

    schema: pa.Schema
    """Of the columns that condition, time range and steps read."""
    condition: Condition | None = None
    times: TimeRange | None = None
    sample: Sample | None = None
    limit: int | None = None
    """At most so many rows, the first of those that fulfil the conditions."""
    steps: Steps | None = None
    """The rows that are parts of jobs, and are not taken."""

    def __call__(self, batch: pa.RecordBatch) -> tuple[Flags, LeftOut]:
        """Return which rows of a batch with `schema` fulfil the conditions on single rows, and those left out."""
        chosen, timeless = np.ones(len(batch), np.bool_), 0
        if self.times is not None:
            chosen, timeless = self.times(batch.column(self.times.column))
        if self.condition is not None:
            chosen = chosen & self.condition(batch.select(list(self.condition.columns)))
        if self.steps is None:
            return chosen, LeftOut(timeless)
        steps = _holding(batch.column(self.steps.column), self.steps.mark)
        return chosen & ~steps, LeftOut(timeless, int(steps.sum()))


@attrs.frozen
class Selector:
    """The pass over the tasks that selects rows."""

    selection: RowSelection
    starts: Mapping[str, int]
    """By name of a file the global number of its first row."""
    cells: CellNormalizer
    limits: BatchLimits

    def __call__(self, task: Task) -> Found:
        """Return a bit for each row of each fragment, and the number of rows that are left out by reason."""
        flags, left_out = zip(*map(self._fragment, task), strict=True)
        return tuple(np.packbits(fragment_flags) for fragment_flags in flags), sum(left_out, LeftOut())

    def _fragment(self, fragment: Fragment) -> tuple[Flags, LeftOut]:
        selection = self.selection
        chosen, left_out = np.ones(fragment.rows, np.bool_), LeftOut()
        if selection.sample is not None:
            first = fragment.first_row - self.starts[fragment.name]
            chosen = selection.sample(fragment.name, first, fragment.rows)
        if len(selection.schema) and chosen.any():
            found = [selection(batch) for _, batch in read((fragment,), selection.schema, self.cells, self.limits)]
            chosen = chosen & np.concatenate([flags for flags, _ in found])
            left_out = sum((left for _, left in found), LeftOut())
        return chosen, left_out


@attrs.frozen
class SelectedRows:
    """The tasks of a run over the rows that are taken, which have numbers of their own."""

    tasks: tuple[Task, ...]
    rows: int
    left_out: LeftOut = LeftOut()


def _holding(column: pa.Array, mark: str) -> Flags:
    """Return which cells contain `mark`."""
    flags: Flags = pc.fill_null(pc.match_substring(column.cast(pa.string()), mark), False).to_numpy(
        zero_copy_only=False
    )
    return flags


def numbered(tasks: Sequence[Task], found: Iterable[Found], limit: int | None) -> SelectedRows:
    """Return the tasks with the rows that a `Selector` found, at most `limit`; `found` is read as far as necessary."""
    selected: list[Task] = []
    rows, left_out = 0, LeftOut()
    for task, (flags, without) in zip(tasks, found, strict=False):
        left_out += without
        fragments = list(_taken(task, flags, rows, limit))
        rows += sum(fragment.taken_rows for fragment in fragments)
        if fragments:
            selected.append(tuple(fragments))
        if rows == limit:
            break
    return SelectedRows(tuple(selected), rows, left_out)


def _taken(task: Task, flags: Sequence[Bits], rows: int, limit: int | None) -> Iterator[Fragment]:
    """Yield the fragments that have rows to take, each with its bits and its new number, from `rows` on."""
    for fragment, bits in zip(task, flags, strict=True):
        chosen = np.flatnonzero(np.unpackbits(bits, count=fragment.rows))
        if limit is not None:
            chosen = chosen[: limit - rows]
        if chosen.size:
            yield attrs.evolve(fragment, first_row=rows, taken=_bits(chosen, fragment.rows))
            rows += int(chosen.size)


def _bits(chosen: npt.NDArray[np.int64], rows: int) -> bytes | None:
    if chosen.size == rows:
        return None
    flags = np.zeros(rows, np.bool_)
    flags[chosen] = True
    return np.packbits(flags).tobytes()
