"""The rows of a batch with text that may be segmented: a column is merged into plain text once, on demand."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property

import pyarrow as pa

from anonkit.arrow.segments import Segments, is_segmented, merge_segments

__all__ = ["Rows"]


class Rows:
    """Consecutive rows of a run."""

    def __init__(self, batch: pa.RecordBatch, merge: Callable[[pa.Array], pa.Array] = merge_segments) -> None:
        """`batch` may hold columns as `Segments.to_lists` returns them; `merge` returns such a column as plain text."""
        self.batch = batch
        self._merge = merge
        self._merged: dict[str, pa.Array] = {}

    @classmethod
    def wrap(cls, rows: Rows | pa.RecordBatch) -> Rows:
        """Return the rows of a batch; `Rows` come back as they are."""
        return rows if isinstance(rows, Rows) else cls(rows)

    def __len__(self) -> int:
        """Return the number of rows."""
        return int(self.batch.num_rows)

    @cached_property
    def data(self) -> pa.RecordBatch:
        """All columns, segmented text merged."""
        return _batch(self.batch.schema, [self.column(name) for name in self.batch.schema.names])

    def column(self, name: str) -> pa.Array:
        """Return one column, segmented text merged; KeyError when there is no column of the name."""
        if name not in self._merged:
            self._merged[name] = self._merge(self._stored(name))
        return self._merged[name]

    def segments(self, name: str) -> Segments:
        """Return the segments of a column of text (string); a null has none. KeyError as for `column`."""
        column = self._stored(name)
        return Segments.from_lists(column) if is_segmented(column.type) else Segments.from_strings(column)

    def take(self, rows: pa.Array, names: Iterable[str]) -> pa.RecordBatch:
        """Return the named columns of the rows at some positions; only their text in those rows is merged."""
        some = self.batch.select(list(names))
        return _batch(some.schema, [self._merge(column) for column in some.take(rows).columns])

    def _stored(self, name: str) -> pa.Array:
        place = self.batch.schema.get_field_index(name)
        if place < 0:
            raise KeyError(name)
        return self.batch.column(place)


def _batch(schema: pa.Schema, columns: list[pa.Array]) -> pa.RecordBatch:
    fields = [field.with_type(column.type) for field, column in zip(schema, columns, strict=True)]
    return pa.RecordBatch.from_arrays(columns, schema=pa.schema(fields, schema.metadata))
