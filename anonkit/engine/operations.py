"""The transforms at work, and what is done to each column, told in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pyarrow as pa

from anonkit.arrow.rows import Rows
from anonkit.errors import PluginError
from anonkit.input.column_roles import ColumnRoles
from anonkit.plugin.contracts import Transform

__all__ = ["operations", "transformed", "transformed_schema"]


def transformed(transform: Transform, batch: pa.RecordBatch) -> pa.RecordBatch:
    """Return what the transform makes of a batch, of which text may be in segments.

    PluginError when it is not what the transform declares.
    """
    if not transform.accepts_segments:
        batch = Rows(batch).data
    changed = transform(batch)
    if len(changed) != len(batch) or not changed.schema.equals(transform.schema(batch.schema)):
        raise PluginError(
            f"transform {type(transform).__name__}: it returned other rows or another schema than it declares"
        )
    return changed


def transformed_schema(transforms: Iterable[Transform], schema: pa.Schema) -> pa.Schema:
    """Return the schema that tokenized batches of `schema` have behind the transforms, which follow each other."""
    for transform in transforms:
        schema = transform.schema(schema)
    return schema


def operations(
    transforms: Iterable[Transform], layout: ColumnRoles, schema: pa.Schema
) -> Mapping[str, tuple[str, ...]]:
    """Return what is done to the columns of raw batches of `schema`; see `RunContext.operations`."""
    told: dict[str, tuple[str, ...]] = dict.fromkeys(layout.text, ("garbled",))
    told |= {name: (f"tokens of {kind}",) for kind, names in layout.identity.items() for name in names}
    schema = layout.tokenized(schema)
    for transform in transforms:
        for name, change in transform.changes(schema).items():
            told[name] = (*told.get(name, ()), change)
        schema = transform.schema(schema)
    return {name: told[name] for name in (*layout.record, *layout.extra, *told) if name in told}
