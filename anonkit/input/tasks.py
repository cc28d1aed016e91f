"""The rows of the input, cut into tasks.

The global row order is that of the files, then the order in each file. A `Fragment` is a run of rows of one file; it
knows the global number of its first row, so that fragments can be read in any process and in any order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

import attrs

from anonkit.input.source import InputFile
from anonkit.plugin.contracts import DataFile, Reader, Run

__all__ = ["Fragment", "Task", "TaskSize", "cut_tasks"]


@attrs.frozen
class Fragment:
    """A run of rows of one file."""

    data: DataFile
    reader: Reader
    runs: tuple[Run, ...]
    """The neighbouring runs of the reader that hold it."""
    skip: int
    """Rows of these runs before the fragment."""
    rows: int
    first_row: int
    """Global number of its first row, from 0."""
    taken: bytes | None = None
    """A bit for each row, the first in the highest: whether the run takes it. None for all of them."""

    @property
    def name(self) -> str:
        """The file's name for messages."""
        return self.data.name

    @property
    def taken_rows(self) -> int:
        """How many of its rows the run takes."""
        return self.rows if self.taken is None else int.from_bytes(self.taken, "big").bit_count()


Task = tuple[Fragment, ...]
"""Neighbouring rows that are worked on in one call."""


@attrs.frozen
class TaskSize:
    """How many rows a task should have: enough for its overhead not to matter, few enough for progress and balance."""

    most_rows: int = 65_536
    least_rows: int = 8_192
    """A small input makes smaller tasks, down to this size."""
    per_worker: int = 4
    """Tasks that each worker should have."""
    alone_rows: int = 32_768
    """An input of no more rows is one task: to start and prepare workers would take longer than they save."""

    def rows_at(self, total: int, workers: int) -> Callable[[int], int]:
        """Return the function from the global number of a task's first row to the rows that the task should have.

        While the last task is worked on, other workers idle, so tasks are smaller in the last quarter of the rows.
        """
        if total <= self.alone_rows:
            return lambda first_row: self.most_rows
        rows = min(max(total // (workers * self.per_worker), self.least_rows), self.most_rows)
        if workers == 1 or rows == self.most_rows:
            return lambda first_row: self.most_rows
        return lambda first_row: rows if 4 * first_row < 3 * total else max(rows // 2, self.least_rows)


def cut_tasks(files: Sequence[InputFile], workers: int, size: TaskSize = TaskSize()) -> list[Task]:
    """Cut the rows of all files into tasks of about equal size, in global order; every row is in exactly one.

    A run of a reader (a row group of parquet) is only cut when there are too few of them to keep `workers` busy: to
    read its second half, the first half has to be decoded too.
    """
    rows_at = size.rows_at(sum(file.rows for file in files), workers)
    tasks: list[Task] = []
    bundle: list[Fragment] = []
    bundled = 0
    for fragment in _fragments(files, workers, rows_at):
        if bundle and bundled + fragment.rows > rows_at(fragment.first_row):
            tasks.append(tuple(bundle))
            bundle, bundled = [], 0
        bundle.append(fragment)
        bundled += fragment.rows
    if bundle:
        tasks.append(tuple(bundle))
    return tasks


def _fragments(files: Sequence[InputFile], workers: int, rows_at: Callable[[int], int]) -> Iterator[Fragment]:
    first_row = 0
    for file in files:
        for runs, rows in _runs(file.runs, rows_at(first_row)):
            parts = min(workers, max(round(rows / rows_at(first_row)), 1))
            bounds = [rows * part // parts for part in range(parts + 1)]
            for low, high in pairwise(bounds):
                yield Fragment(file.data, file.reader, runs, low, high - low, first_row + low)
            first_row += rows


def _runs(runs: Sequence[Run], wanted: int) -> Iterator[tuple[tuple[Run, ...], int]]:
    """Yield neighbouring runs that fit into a task together, with their rows; empty runs are in none."""
    members: list[Run] = []
    rows = 0
    for run in runs:
        if members and rows + run.rows > wanted:
            yield tuple(members), rows
            members, rows = [], 0
        if run.rows:
            members.append(run)
            rows += run.rows
    if members:
        yield tuple(members), rows
