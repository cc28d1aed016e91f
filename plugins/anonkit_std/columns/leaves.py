"""Functions for transforms: columns that options name, and changes to arrays."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from anonkit.api import nearest
from anonkit.arrow.nested import leaf_types
from anonkit.arrow.segments import is_segmented

__all__ = [
    "change_distinct",
    "change_numbers",
    "holds_text",
    "is_number",
    "is_text",
    "replaced_columns",
    "spelled_in",
    "unknown_columns",
]


def spelled_in(schema: pa.Schema, name: str) -> str:
    """Return the name of a column as the schema spells it.

    It is the exact name, or else the only one that is equal without regard to case, or else `name` itself.
    """
    if name in schema.names:
        return name
    alike = [column for column in schema.names if column.casefold() == name.casefold()]
    return alike[0] if len(alike) == 1 else name


def unknown_columns(place: str, names: Iterable[str], schema: pa.Schema) -> list[str]:
    """Return a message for each name that no column has; `place` is the option with the names."""
    return [
        f"{place}: row records have no column {name!r}{nearest(name, schema.names)}; "
        "correct the name, or add the column to [run] columns"
        for name in names
        if spelled_in(schema, name) not in schema.names
    ]


def replaced_columns(batch: pa.RecordBatch, columns: Iterable[tuple[str, pa.Array]]) -> pa.RecordBatch:
    """Return the batch with some columns replaced, given by name; their types stay."""
    arrays = dict(zip(batch.schema.names, batch.columns, strict=True)) | dict(columns)
    return pa.RecordBatch.from_arrays(list(arrays.values()), schema=batch.schema)


def is_number(type_: pa.DataType) -> bool:
    """Return whether values of the type are numbers, decimals included."""
    return bool(pa.types.is_integer(type_) or pa.types.is_floating(type_) or pa.types.is_decimal(type_))


def is_text(type_: pa.DataType) -> bool:
    """Return whether values of the type are text; transforms get no views and no dictionaries."""
    return bool(pa.types.is_string(type_) or pa.types.is_large_string(type_))


def holds_text(type_: pa.DataType) -> bool:
    """Return whether values of the type are text or hold text: plain, nested, or in segments."""
    return is_segmented(type_) or any(map(is_text, leaf_types(type_)))


def change_distinct(array: pa.Array, change: Callable[[Any], Any]) -> pa.Array:
    """Return the array with each value replaced by what `change` returns, once for each distinct value; nulls stay.

    None is null.
    """
    encoded = array.dictionary_encode()
    changed = [None if value is None else change(value) for value in encoded.dictionary.to_pylist()]
    return pa.array(changed, array.type).take(encoded.indices)


def change_numbers(array: pa.Array, change: Callable[[npt.NDArray[Any]], npt.NDArray[Any]]) -> pa.Array:
    """Return an array of numbers with all numbers replaced by what `change` returns for them; nulls stay."""
    missing = array.is_null().to_numpy(zero_copy_only=False)
    numbers = array.fill_null(0).to_numpy(zero_copy_only=False)
    return pa.array(np.asarray(change(numbers)), array.type, mask=missing)
