"""The secrets of nested columns: structs, maps, and lists of them, as environments are stored in some files."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from anonkit_std.columns.leaves import change_distinct, is_text
from anonkit_std.secrets.names import SecretNames

__all__ = ["blank_named"]


def blank_named(array: pa.Array, names: SecretNames) -> pa.Array:
    """Return the array with the placeholder in place of each text whose name is that of a secret.

    Type, length and nulls stay. The name is a struct's field, a map's key, or the text of the field ``name`` beside a
    field ``value``. An array of another type is returned as it is.
    """
    type_ = array.type
    if not pa.types.is_nested(type_):
        return array
    # The children of a sliced array are not sliced. Concatenating a single array copies the slice alone.
    whole = pa.concat_arrays([array]) if array.offset else array
    if pa.types.is_struct(type_):
        children = _fields(whole, names)
        return pa.Array.from_buffers(type_, len(whole), whole.buffers()[:1], children=children)
    if pa.types.is_map(type_):
        items = _beside(whole.keys, blank_named(whole.items, names), names)
        entries = pa.StructArray.from_arrays([whole.keys, items], fields=[type_.key_field, type_.item_field])
        return pa.Array.from_buffers(type_, len(whole), whole.buffers()[:2], children=[entries])
    buffers = 1 if pa.types.is_fixed_size_list(type_) else 2
    children = [blank_named(whole.values, names)]
    return pa.Array.from_buffers(type_, len(whole), whole.buffers()[:buffers], children=children)


def _fields(whole: pa.StructArray, names: SecretNames) -> list[pa.Array]:
    """Return the fields of structs, in order, with their secrets replaced."""
    fields = [whole.type.field(place).name for place in range(whole.type.num_fields)]
    children = [_named(name, blank_named(whole.field(place), names), names) for place, name in enumerate(fields)]
    folded = [name.casefold() for name in fields]
    if folded.count("name") == 1 and folded.count("value") == 1:
        value = folded.index("value")
        children[value] = _beside(children[folded.index("name")], children[value], names)
    return children


def _named(name: str, values: pa.Array, names: SecretNames) -> pa.Array:
    """Return the values, all of one name, with the secrets among them replaced."""
    if not is_text(values.type) or names.kind(name) is None:
        return values
    placeholder = names.options.placeholder
    return change_distinct(values, lambda value: placeholder if names.is_secret(name, value) else value)


def _beside(keys: pa.Array, values: pa.Array, names: SecretNames) -> pa.Array:
    """Return the values with the secrets among them replaced; the name of value i is key i."""
    if not (is_text(keys.type) and is_text(values.type)):
        return values
    for key in keys.unique().to_pylist():
        if key is not None and names.kind(key) is not None:
            mask = pc.fill_null(pc.equal(keys, key), False)
            values = pc.replace_with_mask(values, mask, _named(key, values.filter(mask), names))
    return values
