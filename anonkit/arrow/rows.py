"""The rows of a batch, of which text may be in pieces: each column is put together once, and only if somebody asks."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

import pyarrow as pa

from anonkit.arrow.segments import Segments, is_segmented, merge_segments

__all__ = ["Rows"]


class Rows:
    """Some rows."""

    def __init__(self, batch: pa.RecordBatch) -> None:
        """`batch` may hold columns as `Segments.in_lists` gives them."""
        self.batch = batch
        self._in_one: dict[str, pa.Array] = {}

    @classmethod
    def wrap(cls, rows: Rows | pa.RecordBatch) -> Rows:
        """Return rows as they are, or those of a batch."""
        return rows if isinstance(rows, Rows) else cls(rows)

    def __len__(self) -> int:
        """Return their number."""
        return int(self.batch.num_rows)

    @cached_property
    def data(self) -> pa.RecordBatch:
        """All columns, with no text in pieces."""
        return _batch(self.batch.schema, [self.column(name) for name in self.batch.schema.names])

    def column(self, name: str) -> pa.Array:
        """Return one column, its text not in pieces; KeyError when there is none of the name."""
        if name not in self._in_one:
            self._in_one[name] = merge_segments(self._held(name))
        return self._in_one[name]

    def pieces(self, name: str) -> Segments:
        """Return a column of text (string) in pieces, a null without any; KeyError."""
        column = self._held(name)
        return Segments.of_lists(column) if is_segmented(column.type) else Segments.whole(column)

    def taken(self, rows: pa.Array, names: Iterable[str]) -> pa.RecordBatch:
        """Return some columns of some rows, with no text in pieces; nothing else of these is put together."""
        some = self.batch.select(list(names))
        return _batch(some.schema, [merge_segments(column) for column in some.take(rows).columns])

    def _held(self, name: str) -> pa.Array:
        place = self.batch.schema.get_field_index(name)
        if place < 0:
            raise KeyError(name)
        return self.batch.column(place)


def _batch(schema: pa.Schema, columns: list[pa.Array]) -> pa.RecordBatch:
    fields = [field.with_type(column.type) for field, column in zip(schema, columns, strict=True)]
    return pa.RecordBatch.from_arrays(columns, schema=pa.schema(fields, schema.metadata))
