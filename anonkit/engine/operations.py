"""Transforms applied to batches and schemas, and the operations on each column."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pyarrow as pa

from anonkit.arrow.rows import Rows
from anonkit.input.column_roles import ColumnRoles
from anonkit.plugin.contracts import Garbled, Operation, Tokenized, Transform, Transformed

__all__ = ["operations", "transformed", "transformed_schema"]


def transformed(transform: Transform, batch: pa.RecordBatch) -> pa.RecordBatch:
    """Return the batch that the transform makes of `batch`, in which text may be in segments."""
    if not transform.accepts_segments:
        batch = Rows(batch).data
    return transform(batch)


def transformed_schema(transforms: Iterable[Transform], schema: pa.Schema) -> pa.Schema:
    """Return the schema that tokenized batches of `schema` have after the transforms, which are applied in order."""
    for transform in transforms:
        schema = transform.schema(schema)
    return schema


def operations(
    transforms: Iterable[Transform], column_roles: ColumnRoles, schema: pa.Schema
) -> Mapping[str, tuple[Operation, ...]]:
    """Return the operations on the columns of raw batches of `schema`; see `RunContext.operations`."""
    done: dict[str, tuple[Operation, ...]] = {name: (Garbled(),) for name in column_roles.text}
    done |= {name: (Tokenized(kind),) for kind, names in column_roles.identity.items() for name in names}
    schema = column_roles.tokenized(schema)
    for transform in transforms:
        for name, description in transform.changes(schema).items():
            done[name] = (*done.get(name, ()), Transformed(description))
        schema = transform.schema(schema)
    return {name: done[name] for name in (*column_roles.record, *column_roles.extra, *done) if name in done}
