"""Reading files the way a run reads them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from anonkit.config.model import NULL_VALUES
from anonkit.input.batches import BatchLimits, read
from anonkit.input.normalize import CellNormalizer
from anonkit.input.source import Source
from anonkit.input.tasks import TaskSize, cut_tasks

CELLS = CellNormalizer(NULL_VALUES)


def opened(path: Path, *, skip: bool = False) -> Source:
    """The files at a path; with `skip` records that cannot be read are left out."""
    return Source.open(str(path), skip_damaged=False, skip_bad_records=skip)


def rows_of(source: Source, *, workers: int = 1, task_rows: int = 1000, batch_rows: int = 100) -> list[dict[str, Any]]:
    """All rows, without their nulls; as many as were counted, numbered from 0."""
    schema = source.schema(source.columns)
    found: list[dict[str, Any]] = []
    for task in cut_tasks(source.files, workers, TaskSize(most_rows=task_rows, least_rows=1)):
        for first_row, batch in read(task, schema, CELLS, BatchLimits(batch_rows)):
            assert first_row == len(found)
            found += batch.to_pylist()
    assert len(found) == source.rows == sum(each["rows"] for each in source.by_reader())
    return [{name: value for name, value in row.items() if value is not None} for row in found]


def read_rows(path: Path) -> list[dict[str, Any]]:
    """All rows of the files at a path, without their nulls."""
    return rows_of(opened(path))
