"""Rounds a column of numbers down."""

from __future__ import annotations

from collections.abc import Mapping

import attrs
import pyarrow as pa
import pyarrow.compute as pc

from anonkit.api import Transform
from anonkit_batch_groups import BatchGroupsTransformOptions


@attrs.frozen
class BatchGroupsTransform(Transform):
    """Numbers become multiples of `step`; other values stay as they are."""

    options: BatchGroupsTransformOptions

    def changes(self, schema: pa.Schema) -> Mapping[str, str]:
        column, step = self.options.column, self.options.step
        return {column: f"rounded down to a multiple of {step}"} if self._place(schema) >= 0 else {}

    def __call__(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        place, step = self._place(batch.schema), self.options.step
        if place < 0:
            return batch
        field = batch.schema.field(place)
        rounded = pc.multiply(pc.floor(pc.divide(batch.column(place).cast(pa.float64()), step)), step)
        return batch.set_column(place, field, rounded.cast(field.type))

    def _place(self, schema: pa.Schema) -> int:
        place = schema.get_field_index(self.options.column)
        return place if place >= 0 and _is_number(schema.field(place).type) else -1


def _is_number(kind: pa.DataType) -> bool:
    return pa.types.is_integer(kind) or pa.types.is_floating(kind)
