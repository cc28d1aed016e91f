"""Rows are cut into tasks: every row is in one of them, in order, whatever the row groups are like."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from fakes import NULLS
from hypothesis import given
from hypothesis import strategies as st

from anonkit.input.batches import BatchLimits, read
from anonkit.input.data_file import InputData
from anonkit.input.normalize import CellNormalizer
from anonkit.input.readers import Readers
from anonkit.input.source import InputFile, Source
from anonkit.input.tasks import TaskSize, cut_tasks
from anonkit.plugin.contracts import Contents, Run

CELLS = CellNormalizer(NULLS)


def rows_of(batches: Iterable[tuple[int, pa.RecordBatch]]) -> list[Any]:
    return [row for _, batch in batches for row in batch.column("n").to_pylist()]


files_of_groups = st.lists(st.lists(st.integers(0, 25), max_size=6), max_size=5)


def made_up(groups: list[list[int]]) -> list[InputFile]:
    reader = Readers.installed().readers[0].reader
    return [
        InputFile(InputData(f"/{n}", str(n)), 0, Contents(pa.schema([]), made_up_runs(sizes)), reader, "made_up")
        for n, sizes in enumerate(groups)
    ]


def made_up_runs(sizes: list[int]) -> tuple[Run, ...]:
    return tuple(Run(rows, place, place + 1) for place, rows in enumerate(sizes))


@given(files_of_groups, st.integers(1, 7), st.integers(1, 30))
def test_every_row_is_in_one_task_in_order(groups: list[list[int]], workers: int, task_rows: int) -> None:
    files = made_up(groups)
    cut = cut_tasks(files, workers, TaskSize(most_rows=task_rows))
    covered: list[tuple[str, int]] = []
    row = 0
    for fragment in (fragment for task in cut for fragment in task):
        sizes = groups[int(fragment.name)]
        before = sum(sizes[: fragment.runs[0].start])
        assert [run.start for run in fragment.runs] == sorted(run.start for run in fragment.runs)
        assert sum(sizes[fragment.runs[0].start : fragment.runs[-1].end]) >= fragment.skip + fragment.rows
        assert fragment.first_row == row
        assert fragment.rows > 0
        covered += [(fragment.name, before + fragment.skip + n) for n in range(fragment.rows)]
        row += fragment.rows
    assert covered == [(file.name, n) for file in files for n in range(file.rows)]


@given(files_of_groups, st.integers(1, 7), st.integers(1, 30))
def test_tasks_are_no_larger_than_need_be(groups: list[list[int]], workers: int, task_rows: int) -> None:
    cut = cut_tasks(made_up(groups), workers, TaskSize(most_rows=task_rows))
    for task in cut:
        rows = sum(fragment.rows for fragment in task)
        assert rows <= task_rows or len(task) == 1
    for task, following in pairwise(cut):
        assert sum(fragment.rows for fragment in task) + following[0].rows > task_rows


def test_one_large_row_group_is_shared_by_the_workers() -> None:
    files, size = made_up([[95]]), TaskSize(most_rows=10)
    assert [fragment.rows for (fragment,) in cut_tasks(files, 4, size)] == [23, 24, 24, 24]
    assert [fragment.rows for (fragment,) in cut_tasks(files, 1, size)] == [95]
    assert [len(task) for task in cut_tasks(files, 100, size)] == [1] * 10


@given(
    st.lists(st.lists(st.integers(1, 9), min_size=1, max_size=4), min_size=1, max_size=3),
    st.integers(1, 4),
    st.integers(1, 12),
    st.integers(1, 6),
)
def test_a_fragment_is_read_with_its_rows(
    tmp_path_factory: pytest.TempPathFactory, groups: list[list[int]], workers: int, task_rows: int, batch_rows: int
) -> None:
    folder = tmp_path_factory.mktemp("data")
    expected: list[int] = []
    for number, sizes in enumerate(groups):
        with pq.ParquetWriter(folder / f"{number}.parquet", pa.schema([("n", pa.int64())])) as writer:
            for size in sizes:
                rows = list(range(len(expected), len(expected) + size))
                writer.write_table(pa.table({"n": rows}))
                expected += rows
    source = Source.open(str(folder), skip_damaged=False)
    schema, limits = source.schema(["n"]), BatchLimits(batch_rows)
    tasks = cut_tasks(source.files, workers, TaskSize(most_rows=task_rows))
    assert [row for task in tasks for row in rows_of(read(task, schema, CELLS, limits))] == expected
    for fragment in (fragment for task in tasks for fragment in task):
        alone = rows_of(read([fragment], schema, CELLS, limits))
        assert alone == expected[fragment.first_row : fragment.first_row + fragment.rows]


def test_a_small_input_is_cut_finer_for_several_workers() -> None:
    files = made_up([[45_000], [30_000], [30_000], [39_000], [32_000], [30_000]])
    assert [sum(fragment.rows for fragment in task) for task in cut_tasks(files, 2)] == [
        *(22_500, 22_500), 30_000, 30_000, *(19_500, 19_500), 32_000, *(15_000, 15_000)
    ]  # fmt: skip
    assert [sum(fragment.rows for fragment in task) for task in cut_tasks(files, 1)] == [45_000, 60_000, 39_000, 62_000]
    assert len(cut_tasks(made_up([[1_000] for _ in range(40)]), 8)) == 5


def test_an_input_of_few_rows_is_one_task_so_that_no_workers_start_for_it() -> None:
    assert [len(cut_tasks(made_up([[8_192]] * files), 8)) for files in (1, 4, 5)] == [1, 1, 5]
    assert len(cut_tasks(made_up([[20_000]]), 8, TaskSize(alone_rows=0))) == 2
