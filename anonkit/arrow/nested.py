"""Nested Arrow types: what is inside lists, structs and maps, reached in one place."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from anonkit.arrow.offsets import Positions

__all__ = ["holds_text", "leaf_types", "leaves_in_rows", "map_leaves"]


def leaf_types(type_: pa.DataType) -> Iterator[pa.DataType]:
    """Yield the types of the values that a type holds: itself, or those inside lists, structs and maps."""
    if not pa.types.is_nested(type_):
        yield type_
    else:
        for place in range(type_.num_fields):
            yield from leaf_types(type_.field(place).type)


def holds_text(type_: pa.DataType) -> bool:
    """Return whether values of a type are text or hold text, inside lists, structs, maps or dictionaries."""
    return any(
        holds_text(leaf.value_type)
        if pa.types.is_dictionary(leaf)
        else pa.types.is_string(leaf) or pa.types.is_large_string(leaf)
        for leaf in leaf_types(type_)
    )


def map_leaves(array: pa.Array, change: Callable[[pa.Array], pa.Array]) -> pa.Array:
    """Return the array with its leaves changed: same type, length and nulls.

    `change` gets arrays without nesting, and returns as many values of the same type.
    """
    type_ = array.type
    if not pa.types.is_nested(type_):
        return change(array)
    # Concatenating one array normalises a slice, whose children would not be sliced.
    whole = pa.concat_arrays([array]) if array.offset else array
    if pa.types.is_struct(type_):
        children = [map_leaves(whole.field(place), change) for place in range(type_.num_fields)]
        return pa.Array.from_buffers(type_, len(whole), whole.buffers()[:1], children=children)
    if pa.types.is_map(type_):
        halves = [map_leaves(whole.keys, change), map_leaves(whole.items, change)]
        entries = pa.StructArray.from_arrays(halves, fields=[type_.key_field, type_.item_field])
        return pa.Array.from_buffers(type_, len(whole), whole.buffers()[:2], children=[entries])
    buffers = 1 if pa.types.is_fixed_size_list(type_) else 2
    children = [map_leaves(whole.values, change)]
    return pa.Array.from_buffers(type_, len(whole), whole.buffers()[:buffers], children=children)


def leaves_in_rows(array: pa.Array) -> Iterator[tuple[pa.Array, Positions]]:
    """Yield each leaf of an array of structs, maps and lists, and for each of its values the row that it is in."""
    return _leaves(array, np.arange(len(array)))


def _leaves(array: pa.Array, rows: Positions) -> Iterator[tuple[pa.Array, Positions]]:
    type_ = array.type
    if pa.types.is_struct(type_):
        for child in array.flatten():
            yield from _leaves(child, rows)
    elif pa.types.is_map(type_):
        pairs = pa.struct([type_.key_field.with_name("key"), type_.item_field.with_name("value")])
        yield from _leaves(array.cast(pa.list_(pairs)), rows)
    elif pa.types.is_nested(type_):
        yield from _leaves(pc.list_flatten(array), rows[pc.list_parent_indices(array).to_numpy()])
    else:
        yield array, rows
