"""The batches of a task: the rows of its fragments, decoded, unified, and cut or joined to the wanted size."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import attrs
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from anonkit.errors import DamagedFile
from anonkit.input.measures import Counts
from anonkit.input.normalize import CellNormalizer
from anonkit.input.tasks import Fragment

__all__ = ["BatchLimits", "read"]

_UNDECODABLE = "damaged or cut off: its data cannot be decoded"

Raw = tuple[Fragment, pa.RecordBatch]


@attrs.frozen
class BatchLimits:
    """How large a batch may be."""

    rows: int
    bytes: int = 16 << 20
    """Of its raw cells: work on a batch takes some twenty times as much memory."""


def read(
    task: Sequence[Fragment],
    schema: pa.Schema,
    cells: CellNormalizer,
    limits: BatchLimits,
    counts: Counts | None = None,
) -> Iterator[tuple[int, pa.RecordBatch]]:
    """Yield batches of the task's rows, each with the global number of its first row.

    Batches have `schema`; a column that a file does not have is null. A batch may hold rows of several small files.
    Cells that the measures of columns report are added to `counts`. DamagedFile when a file cannot be decoded.
    """
    row = task[0].first_row if task else 0
    for raw in _gathered(task, cells.as_read(schema), limits):
        batch = _unified(raw, schema, cells, counts)
        yield row, batch
        row += len(batch)


def _gathered(task: Sequence[Fragment], columns: pa.Schema, limits: BatchLimits) -> Iterator[list[Raw]]:
    """Yield lists of neighbouring raw batches that have one schema and fit into one batch."""
    group: list[Raw] = []
    rows = size = 0
    for fragment in task:
        for raw in taken_rows(fragment, _decode(fragment, columns, limits)):
            fits = rows + len(raw) <= limits.rows and size + raw.nbytes <= limits.bytes
            if group and not (fits and raw.schema.equals(group[0][1].schema)):
                yield group
                group, rows, size = [], 0, 0
            group.append((fragment, raw))
            rows += len(raw)
            size += raw.nbytes
            if rows == limits.rows:
                yield group
                group, rows, size = [], 0, 0
    if group:
        yield group


def taken_rows(fragment: Fragment, raws: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Yield the raw batches of a fragment, with only those of its rows that the run takes."""
    if fragment.taken is None:
        yield from raws
        return
    flags = np.unpackbits(np.frombuffer(fragment.taken, np.uint8), count=fragment.rows).view(np.bool_)
    first = 0
    for raw in raws:
        selected = _filtered(raw, flags[first : first + len(raw)])
        first += len(raw)
        if len(selected):
            yield selected


def _filtered(raw: pa.RecordBatch, flags: npt.NDArray[np.bool_]) -> pa.RecordBatch:
    try:
        return raw.filter(pa.array(flags))
    except pa.ArrowNotImplementedError:
        # Arrow cannot filter string views, but can join slices of them.
        edges = np.flatnonzero(np.diff(flags, prepend=False, append=False)).tolist()
        runs = [raw.slice(start, stop - start) for start, stop in zip(edges[::2], edges[1::2], strict=True)]
        table = pa.Table.from_batches(runs, raw.schema).combine_chunks()
        return table.to_batches()[0] if runs else raw.slice(0, 0)


def _unified(group: Sequence[Raw], schema: pa.Schema, cells: CellNormalizer, counts: Counts | None) -> pa.RecordBatch:
    rows = sum(len(raw) for _, raw in group)
    names = group[0][1].schema
    try:
        arrays = [
            cells.column(field, [raw.column(field.name) for _, raw in group], counts)
            if names.get_field_index(field.name) >= 0
            else pa.nulls(rows, field.type)
            for field in schema
        ]
    except pa.ArrowIndexError:
        # A dictionary lost entries. Each raw batch alone shows which file it is in.
        if len(group) > 1:
            for raw in group:
                _unified([raw], schema, cells, None)
        raise DamagedFile(group[0][0].name, _UNDECODABLE) from None
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


def _decode(fragment: Fragment, columns: pa.Schema, limits: BatchLimits) -> Iterator[pa.RecordBatch]:
    """Yield the fragment's raw batches, without the rows of its runs that come before and after it."""
    before, remaining = fragment.skip, fragment.rows
    for batch in fragment.reader.batches(fragment.data, fragment.runs, columns, limits.rows):
        skipped = min(before, len(batch))
        before -= skipped
        wanted = batch.slice(skipped, remaining)
        remaining -= len(wanted)
        yield from _halved(wanted, limits)
        if not remaining:
            return
    raise DamagedFile(fragment.name, "it has fewer rows than were counted in it before")


def _halved(batch: pa.RecordBatch, limits: BatchLimits) -> Iterator[pa.RecordBatch]:
    """Yield the batch, or halves of it, and halves of those, which are within the limits or have one row."""
    if len(batch) <= 1 or (batch.nbytes <= limits.bytes and len(batch) <= limits.rows):
        if len(batch):
            yield batch
        return
    half = len(batch) // 2
    yield from _halved(batch.slice(0, half), limits)
    yield from _halved(batch.slice(half), limits)
