"""Cells of one column in many files, converted to one type, with the same texts for null.

Files may disagree about a column. Integers become int64, integers and floats together double, any text string. A
column of numbers in one file and of text in another becomes string and is marked (`MIXED`), so that a reporter can
still write its numbers as numbers. Types that cannot be reconciled are an error that names the column.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial

import attrs
import pyarrow as pa
import pyarrow.compute as pc

from anonkit.arrow.mixed_numbers import MIXED
from anonkit.arrow.nested import convert_children, map_child_types
from anonkit.errors import InputError
from anonkit.input.measures import Counts, Measure
from anonkit.input.null_values import NullValues
from anonkit.withheld import TOO_LONG, WITHHELD

__all__ = ["CellNormalizer", "unified_field", "unified_type"]


def _is_text(type_: pa.DataType) -> bool:
    """Whether values are text, or bytes that have to be read as text."""
    if pa.types.is_dictionary(type_):
        return _is_text(type_.value_type)
    if isinstance(type_, pa.BaseExtensionType):
        return _is_text(type_.storage_type)
    kinds = (pa.types.is_string, pa.types.is_large_string, pa.types.is_string_view)
    raw = (pa.types.is_binary, pa.types.is_large_binary, pa.types.is_binary_view, pa.types.is_fixed_size_binary)
    return any(kind(type_) for kind in (*kinds, *raw))


def _plain(type_: pa.DataType) -> pa.DataType:
    """Return the type to which a column of this type alone is converted; text is then always of type string."""
    if pa.types.is_dictionary(type_):
        return _plain(type_.value_type)
    if isinstance(type_, pa.BaseExtensionType):
        return _plain(type_.storage_type)
    if pa.types.is_nested(type_):
        return map_child_types(type_, _plain)
    if _is_text(type_):
        return pa.string()
    if pa.types.is_integer(type_):
        return pa.uint64() if pa.types.is_uint64(type_) else pa.int64()
    if pa.types.is_floating(type_):
        return pa.float64()
    return type_


def unified_type(column: str, types: Iterable[pa.DataType]) -> tuple[pa.DataType, bool]:
    """Return the type for a column that has these types in the files, and whether it mixes numbers with text.

    InputError when the types cannot be reconciled.
    """
    distinct = list(dict.fromkeys(_plain(type_) for type_ in types if not pa.types.is_null(type_)))
    if not distinct:
        return pa.string(), False
    if len(distinct) == 1:
        return distinct[0], False
    are_whole = [pa.types.is_integer(type_) for type_ in distinct]
    are_numbers = [is_whole or pa.types.is_floating(type_) for is_whole, type_ in zip(are_whole, distinct, strict=True)]
    if all(are_numbers):
        return (pa.decimal128(20) if all(are_whole) else pa.float64()), False
    if any(pa.types.is_nested(type_) for type_ in distinct):
        raise InputError(
            f"column {column!r}: the files disagree about its type ({', '.join(map(str, distinct))}); "
            "leave it out of [run] columns, or convert the files"
        )
    if all(pa.types.is_timestamp(type_) or pa.types.is_date(type_) for type_ in distinct):
        return pa.timestamp("us"), False
    return pa.string(), any(are_numbers)


@attrs.frozen
class CellNormalizer:
    """Converts the arrays of a column to the column's one type."""

    null_values: tuple[str, ...]
    """Texts that mean null, compared without surrounding blanks and without regard to letter case."""
    max_value_bytes: int = 16 << 20
    """A text that is longer becomes `WITHHELD`: work on it would take too much memory."""
    placeholders: tuple[str, ...] = ()
    """More texts that mean null, in columns of identities alone."""
    identity_columns: frozenset[str] = frozenset()
    measures: Mapping[str, Measure] = attrs.field(factory=dict)
    """By name of a column in folded case: its unit, to which its cells are brought."""

    def column(self, field: pa.Field, arrays: Sequence[pa.Array], counts: Counts | None = None) -> pa.Array:
        """Return the cells of a column in several arrays of one type as those of `field`, in the column's unit.

        Cells that the column's measure reports, and those with too long a text, are added to `counts`.
        """
        if counts is not None and (long := sum(_long(array, self.max_value_bytes) for array in arrays)):
            counts[field.name, TOO_LONG] += long
        cells, measure = self.for_column(field.name), self.measures.get(field.name.casefold())
        plain = _plain(arrays[0].type)
        if measure is None or field.type != measure.type or not measure.accepts(plain):
            return cells.joined(arrays, field.type)
        measured, found = measure(cells.joined(arrays, plain))
        if counts is not None:
            counts.update({(field.name, reason): count for reason, count in found.items()})
        return measured

    def as_read(self, schema: pa.Schema) -> pa.Schema:
        """Return the types that readers are asked for: text in columns that have a measure."""
        measured = (field.name.casefold() in self.measures for field in schema)
        return pa.schema(
            [
                field.with_type(pa.string()) if is_measured else field
                for field, is_measured in zip(schema, measured, strict=True)
            ]
        )

    def for_column(self, name: str) -> CellNormalizer:
        """Return the normalizer for a column of this name."""
        if name not in self.identity_columns:
            return self
        return attrs.evolve(self, null_values=(*self.null_values, *self.placeholders))

    def __call__(self, array: pa.Array, type_: pa.DataType) -> pa.Array:
        """Return the cells as `type_`, the `unified_type` of this and other types; texts that mean null become null."""
        return self.joined([array], type_)

    def joined(self, arrays: Sequence[pa.Array], type_: pa.DataType) -> pa.Array:
        """Return the cells of several arrays of one type as one array of `type_`."""
        # Each is converted alone: arrays with damaged dictionaries must not be concatenated.
        converted = [_converted(array, type_, self.max_value_bytes) for array in arrays]
        whole = converted[0] if len(converted) == 1 else pa.concat_arrays(converted)
        return NullValues.from_texts(self.null_values).removed(whole) if _is_text(arrays[0].type) else whole


def _converted(array: pa.Array, type_: pa.DataType, most: int) -> pa.Array:
    """Return the array as `type_`; a number that `type_` cannot hold exactly becomes the nearest one."""
    if pa.types.is_null(array.type):
        return pa.nulls(len(array), type_)
    if pa.types.is_dictionary(array.type):
        if _is_text(array.type.value_type):
            # Long texts are replaced before each is repeated by its indices.
            array = pa.DictionaryArray.from_arrays(array.indices, _decoded(array.dictionary, most), safe=False)
        return _converted(array.dictionary_decode(), type_, most)
    if isinstance(array.type, pa.BaseExtensionType):
        return _converted(array.storage, type_, most)
    if _is_text(array.type):
        return _decoded(array, most)
    if pa.types.is_nested(array.type):
        return convert_children(array, type_, partial(_converted, most=most))
    if pa.types.is_floating(array.type):
        array = pc.if_else(pc.is_nan(array), pa.scalar(None, array.type), array)
    return array if array.type == type_ else array.cast(type_, safe=False)


def _decoded(array: pa.Array, most: int) -> pa.Array:
    """Return text or bytes as valid string; bytes that are not UTF-8 become U+FFFD, and more than `most` `WITHHELD`."""
    if pa.types.is_fixed_size_binary(array.type):
        array = array.cast(pa.binary())
    if pa.types.is_large_string(array.type) or pa.types.is_large_binary(array.type):
        array = _without_long(array.view(pa.large_binary()), most).cast(pa.binary())
    elif not (pa.types.is_string(array.type) or pa.types.is_binary(array.type)):
        array = array.cast(pa.binary())
    text = _without_long(array.view(pa.binary()), most).view(pa.string())
    try:
        text.validate(full=True)
    except pa.ArrowInvalid:
        # A loop, over a batch that holds broken bytes; Arrow has no kernel that mends them.
        return pa.array([_mended(value) for value in text.view(pa.binary()).to_pylist()], pa.string())
    return text


def _without_long(array: pa.Array, most: int) -> pa.Array:
    """Return an array of bytes with `WITHHELD` for those that are longer than `most`."""
    if array.nbytes <= most:
        return array
    long = pc.greater(pc.binary_length(array), most)
    return pc.if_else(long, pa.scalar(WITHHELD.encode(), array.type), array) if pc.any(long).as_py() else array


def _long(array: pa.Array, most: int) -> int:
    """Return how many cells hold text of more than `most` bytes; text in lists and structs is not counted."""
    if isinstance(array.type, pa.BaseExtensionType):
        return _long(array.storage, most)
    texts = array.dictionary if pa.types.is_dictionary(array.type) else array
    if not _is_text(texts.type) or texts.nbytes <= most:
        return 0
    long = pc.greater(pc.binary_length(texts.cast(pa.large_binary())), most)
    return pc.sum(long if texts is array else long.take(array.indices)).as_py() or 0


def _mended(value: bytes | None) -> str | None:
    return None if value is None else value.decode("utf-8", "replace")


def unified_field(column: str, types: Sequence[pa.DataType], measure: Measure | None = None) -> pa.Field:
    """Return the field of a column in the unified schema: of the type of its measure, or see `unified_type`."""
    if measure is not None and all(measure.accepts(_plain(type_)) for type_ in types):
        return pa.field(column, measure.type)
    type_, mixed = unified_type(column, types)
    return pa.field(column, type_, metadata=MIXED if mixed else None)
