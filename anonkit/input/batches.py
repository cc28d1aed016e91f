"""The batches of a task: the rows of its fragments, decoded, unified, and cut or put together to the wanted size."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pyarrow as pa

from anonkit.errors import InputError
from anonkit.input.locations import parquet_file
from anonkit.input.normalize import CellNormalizer
from anonkit.input.source import DamagedFile, Fragment, damaged

__all__ = ["read"]

# Work on a batch takes some twenty times its bytes, so these are bounded as well as its rows.
_BATCH_BYTES = 16 << 20

_UNDECODABLE = "damaged or cut off: its data cannot be decoded"

Raw = tuple[Fragment, pa.RecordBatch]


def read(
    task: Sequence[Fragment], schema: pa.Schema, cells: CellNormalizer, batch_rows: int
) -> Iterator[tuple[int, pa.RecordBatch]]:
    """Yield batches of at most `batch_rows` of the task's rows with the global number of their first row.

    Batches have `schema`; a column that a file does not have is null. A batch may hold rows of several small files.
    DamagedFile when one cannot be decoded.
    """
    row = task[0].first_row if task else 0
    for raw in _gathered(task, schema.names, batch_rows):
        batch = _unified(raw, schema, cells)
        yield row, batch
        row += len(batch)


def _gathered(task: Sequence[Fragment], columns: Sequence[str], batch_rows: int) -> Iterator[list[Raw]]:
    """Yield raw batches of one schema, in order, as many together as make no more than one batch."""
    held: list[Raw] = []
    rows = size = 0
    for fragment in task:
        for raw in _decode(fragment, columns, batch_rows):
            fits = rows + len(raw) <= batch_rows and size + raw.nbytes <= _BATCH_BYTES
            if held and not (fits and raw.schema.equals(held[0][1].schema)):
                yield held
                held, rows, size = [], 0, 0
            held.append((fragment, raw))
            rows += len(raw)
            size += raw.nbytes
            if rows == batch_rows:
                yield held
                held, rows, size = [], 0, 0
    if held:
        yield held


def _unified(held: Sequence[Raw], schema: pa.Schema, cells: CellNormalizer) -> pa.RecordBatch:
    rows = sum(len(raw) for _, raw in held)
    names = held[0][1].schema
    try:
        arrays = [
            cells.joined([raw.column(field.name) for _, raw in held], field.type)
            if names.get_field_index(field.name) >= 0
            else pa.nulls(rows, field.type)
            for field in schema
        ]
    except pa.ArrowIndexError:
        # A dictionary that lost entries. Whose?
        if len(held) > 1:
            for one in held:
                _unified([one], schema, cells)
        raise DamagedFile(held[0][0].name, _UNDECODABLE) from None
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


def _decode(fragment: Fragment, columns: Sequence[str], batch_rows: int) -> Iterator[pa.RecordBatch]:
    """Yield the fragment's raw batches, without the rows before and behind it."""
    before, left = fragment.skip, fragment.rows
    try:
        with parquet_file(fragment.path, fragment.uri) as file:
            schema = file.schema_arrow
            present = [name for name in columns if schema.get_field_index(name) >= 0]
            for batch in file.iter_batches(batch_rows, fragment.row_groups, present, use_threads=False):
                skipped = min(before, len(batch))
                before -= skipped
                kept = batch.slice(skipped, left)
                left -= len(kept)
                yield from _bounded(kept)
                if not left:
                    return
    except InputError:
        raise
    except Exception as error:  # each filesystem has its own
        raise damaged(fragment.name, error, _UNDECODABLE, fragment.uri) from None
    raise DamagedFile(fragment.name, "fewer rows than its footer says")


def _bounded(batch: pa.RecordBatch) -> Iterator[pa.RecordBatch]:
    """Yield the batch in halves of halves until its bytes are few enough; a single row stays whole."""
    if len(batch) <= 1 or batch.nbytes <= _BATCH_BYTES:
        if len(batch):
            yield batch
        return
    half = len(batch) // 2
    yield from _bounded(batch.slice(0, half))
    yield from _bounded(batch.slice(half))
