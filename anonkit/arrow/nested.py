"""Recursion over nested Arrow types: lists of any sort, structs and maps."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from anonkit.arrow.offsets import Positions

__all__ = [
    "convert_children",
    "holds_text",
    "leaf_types",
    "leaves_in_rows",
    "map_child_types",
    "map_leaves",
    "value_types",
]


def leaf_types(type_: pa.DataType) -> Iterator[pa.DataType]:
    """Yield the types inside lists, structs and maps; of a type that is not nested, the type itself."""
    if not pa.types.is_nested(type_):
        yield type_
    else:
        for place in range(type_.num_fields):
            yield from leaf_types(type_.field(place).type)


def value_types(type_: pa.DataType) -> Iterator[pa.DataType]:
    """Yield the leaf types of a type, with the types of its values for a dictionary."""
    for leaf in leaf_types(type_):
        if pa.types.is_dictionary(leaf):
            yield from value_types(leaf.value_type)
        else:
            yield leaf


def holds_text(type_: pa.DataType) -> bool:
    """Return whether values of a type are text or hold text, inside lists, structs, maps or dictionaries."""
    return any(pa.types.is_string(value) or pa.types.is_large_string(value) for value in value_types(type_))


def map_child_types(type_: pa.DataType, change: Callable[[pa.DataType], pa.DataType]) -> pa.DataType:
    """Return a nested type with the types of its children changed; a list of any sort becomes a plain list."""
    if pa.types.is_struct(type_):
        return pa.struct([(field.name, change(field.type)) for field in type_])
    if pa.types.is_map(type_):
        return pa.map_(change(type_.key_type), change(type_.item_type))
    return pa.list_(change(type_.value_type))


def map_leaves(array: pa.Array, change: Callable[[pa.Array], pa.Array]) -> pa.Array:
    """Return the array with its leaves changed: same type, length and nulls.

    `change` gets arrays without nesting, and returns as many values of the same type.
    """
    type_ = array.type
    if not pa.types.is_nested(type_):
        return change(array)
    # Concatenating one array normalises a slice; the children of a slice are not sliced.
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


def convert_children(
    array: pa.Array, type_: pa.DataType, convert: Callable[[pa.Array, pa.DataType], pa.Array]
) -> pa.Array:
    """Return a nested array as `type_`, which `map_child_types` has made of its type.

    `convert` gets each child array and the type to bring it to. Values under a null are dropped.
    """
    if pa.types.is_struct(type_):
        children = [convert(child, field.type) for child, field in zip(array.flatten(), type_, strict=True)]
        return pa.StructArray.from_arrays(children, fields=list(type_), mask=array.is_null())
    if pa.types.is_map(type_):
        pairs = convert_children(
            array.cast(_pairs(array.type)), _pairs(type_), lambda child, pair: convert_children(child, pair, convert)
        )
        # A pair is never null, and Arrow refuses pairs that have a bitmap of nulls.
        halves = [pairs.values.field(0), pairs.values.field(1)]
        entries = pa.StructArray.from_arrays(halves, fields=[type_.key_field, type_.item_field])
        return pa.Array.from_buffers(type_, len(pairs), pairs.buffers()[:2], children=[entries])
    lengths = pc.fill_null(pc.list_value_length(array), 0).to_numpy()
    ends = pa.array(np.concatenate(([0], np.cumsum(lengths))), pa.int32())
    values = convert(pc.list_flatten(array), type_.value_type)
    return pa.ListArray.from_arrays(ends, values, mask=array.is_null())


def _pairs(type_: pa.DataType) -> pa.DataType:
    return pa.list_(pa.struct([type_.key_field.with_name("key"), type_.item_field.with_name("value")]))


def leaves_in_rows(array: pa.Array) -> Iterator[tuple[pa.Array, Positions]]:
    """Yield each leaf of a nested array, with the row of each of its values; an array that is not nested is a leaf."""
    return _leaves(array, np.arange(len(array)))


def _leaves(array: pa.Array, rows: Positions) -> Iterator[tuple[pa.Array, Positions]]:
    type_ = array.type
    if pa.types.is_struct(type_):
        for child in array.flatten():
            yield from _leaves(child, rows)
    elif pa.types.is_map(type_):
        yield from _leaves(array.cast(_pairs(type_)), rows)
    elif pa.types.is_nested(type_):
        yield from _leaves(pc.list_flatten(array), rows[pc.list_parent_indices(array).to_numpy()])
    else:
        yield array, rows
