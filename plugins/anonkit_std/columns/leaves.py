"""Columns as a transform meets them: named by options, nested or not, of few distinct values or many."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from anonkit.api import nearest

__all__ = [
    "change_distinct",
    "change_leaves",
    "change_numbers",
    "is_number",
    "is_text",
    "leaves",
    "replaced_columns",
    "unknown_columns",
]

Change = Callable[[pa.Array], pa.Array]


def unknown_columns(place: str, names: Iterable[str], schema: pa.Schema) -> list[str]:
    """Return a mistake for each name that is no column; `place` is the option that has the names."""
    return [
        f"{place}: row records have no column {name!r}{nearest(name, schema.names)}; "
        "correct the name, or add the column to [run] columns"
        for name in names
        if name not in schema.names
    ]


def replaced_columns(batch: pa.RecordBatch, columns: Iterable[tuple[str, pa.Array]]) -> pa.RecordBatch:
    """Return the batch with other arrays, of the same types, for some of its columns."""
    arrays = dict(zip(batch.schema.names, batch.columns, strict=True)) | dict(columns)
    return pa.RecordBatch.from_arrays(list(arrays.values()), schema=batch.schema)


def leaves(type_: pa.DataType) -> Iterator[pa.DataType]:
    """Yield the types of the values that a type holds: its own, or those inside lists, structs and maps."""
    if not pa.types.is_nested(type_):
        yield type_
    else:
        for place in range(type_.num_fields):
            yield from leaves(type_.field(place).type)


def is_number(type_: pa.DataType) -> bool:
    """Return whether values of the type are numbers, decimals included."""
    return bool(pa.types.is_integer(type_) or pa.types.is_floating(type_) or pa.types.is_decimal(type_))


def is_text(type_: pa.DataType) -> bool:
    """Return whether values of the type are text, as it comes to transforms."""
    return bool(pa.types.is_string(type_) or pa.types.is_large_string(type_))


def change_leaves(array: pa.Array, change: Change) -> pa.Array:
    """Return the array with what is inside its lists, structs and maps, or itself, changed: same type and nulls.

    `change` gets arrays without nesting and gives back as many values of the same type.
    """
    type_ = array.type
    if not pa.types.is_nested(type_):
        return change(array)
    # Putting one array together normalises a slice, whose children would not be sliced.
    whole = pa.concat_arrays([array]) if array.offset else array
    if pa.types.is_struct(type_):
        children = [change_leaves(whole.field(place), change) for place in range(type_.num_fields)]
        return pa.Array.from_buffers(type_, len(whole), whole.buffers()[:1], children=children)
    if pa.types.is_map(type_):
        halves = [change_leaves(whole.keys, change), change_leaves(whole.items, change)]
        entries = pa.StructArray.from_arrays(halves, fields=[type_.key_field, type_.item_field])
        return pa.Array.from_buffers(type_, len(whole), whole.buffers()[:2], children=[entries])
    held = 1 if pa.types.is_fixed_size_list(type_) else 2
    return pa.Array.from_buffers(
        type_, len(whole), whole.buffers()[:held], children=[change_leaves(whole.values, change)]
    )


def change_distinct(array: pa.Array, change: Callable[[Any], Any]) -> pa.Array:
    """Return the array with each value changed, None for null; `change` is called once for each distinct value."""
    encoded = array.dictionary_encode()
    changed = [None if value is None else change(value) for value in encoded.dictionary.to_pylist()]
    return pa.array(changed, array.type).take(encoded.indices)


def change_numbers(array: pa.Array, change: Callable[[npt.NDArray[Any]], npt.NDArray[Any]]) -> pa.Array:
    """Return an array of numbers with each number changed; nulls stay."""
    missing = array.is_null().to_numpy(zero_copy_only=False)
    numbers = array.fill_null(0).to_numpy(zero_copy_only=False)
    return pa.array(np.asarray(change(numbers)), array.type, mask=missing)
