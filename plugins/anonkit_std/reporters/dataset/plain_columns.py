"""Columns for a public parquet file: plain types, newly made arrays.

No dictionary of other rows' values, no extension type, no metadata of the engine comes along.
"""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

from anonkit_std.columns.cell_text import as_text

__all__ = ["plain_batch", "plain_schema"]


def plain_schema(schema: pa.Schema, names: Sequence[str]) -> pa.Schema:
    """Return the schema of the columns `names` in a data set."""
    return pa.schema([pa.field(name, _plain_type(schema.field(name).type)) for name in names])


def plain_batch(batch: pa.RecordBatch, schema: pa.Schema) -> pa.RecordBatch:
    """Return the columns of `schema`, a `plain_schema` of the batch's."""
    arrays = [_plain(batch.column(batch.schema.get_field_index(field.name)), field.type) for field in schema]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


def _plain(array: pa.Array, kind: pa.DataType) -> pa.Array:
    if array.type == kind:
        return array
    if isinstance(array.type, pa.BaseExtensionType):
        return _plain(array.storage, kind)
    if pa.types.is_string(kind) and not pa.types.is_null(array.type):
        return as_text(array).cast(kind)
    return array.cast(kind)


def _plain_type(kind: pa.DataType) -> pa.DataType:
    if pa.types.is_dictionary(kind):
        return _plain_type(kind.value_type)
    if isinstance(kind, pa.BaseExtensionType):
        return _plain_type(kind.storage_type)
    if pa.types.is_map(kind):
        return pa.map_(_plain_type(kind.key_type), _plain_type(kind.item_type))
    if pa.types.is_struct(kind) and kind.num_fields:
        return pa.struct([(field.name, _plain_type(field.type)) for field in kind])
    if pa.types.is_nested(kind) and not pa.types.is_struct(kind) and not pa.types.is_union(kind):
        return pa.list_(_plain_type(kind.value_type))
    if pa.types.is_duration(kind):
        return pa.int64()
    return kind if _is_plain(kind) else pa.string()


def _is_plain(kind: pa.DataType) -> bool:
    """Whether parquet has the type, without a note on which Arrow type it was."""
    kinds = (pa.types.is_boolean, pa.types.is_integer, pa.types.is_floating, pa.types.is_decimal)
    times = (pa.types.is_date32, pa.types.is_time, pa.types.is_timestamp)
    return any(is_kind(kind) for is_kind in (*kinds, *times))
