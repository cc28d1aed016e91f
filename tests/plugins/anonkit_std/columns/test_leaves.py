"""What is inside a column is reached, whatever it is nested in, and nothing else changes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from anonkit_std.columns.leaves import (
    change_distinct,
    change_numbers,
    replaced_columns,
    unknown_columns,
)
from hypothesis import given
from hypothesis import strategies as st

from anonkit.arrow.nested import leaf_types, map_leaves

NESTED = [
    pa.int64(),
    pa.list_(pa.int64()),
    pa.large_list(pa.list_(pa.int64())),
    pa.list_(pa.int64(), 2),
    pa.struct([("a", pa.int64()), ("b", pa.list_(pa.int64()))]),
    pa.list_(pa.struct([("a", pa.int64())])),
    pa.map_(pa.int64(), pa.int64()),
]


def values(type_: pa.DataType) -> st.SearchStrategy[Any]:
    if pa.types.is_integer(type_):
        return st.none() | st.integers(-9, 9)
    if pa.types.is_map(type_):
        return st.none() | st.lists(st.tuples(st.integers(0, 9), st.none() | st.integers(0, 9)), max_size=2)
    if pa.types.is_struct(type_):
        return st.none() | st.fixed_dictionaries({field.name: values(field.type) for field in type_})
    fixed = pa.types.is_fixed_size_list(type_)
    return st.none() | st.lists(values(type_.value_type), min_size=2 if fixed else 0, max_size=2)


def negated(value: Any) -> Any:
    """The reference."""
    if isinstance(value, dict):
        return {name: negated(held) for name, held in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(map(negated, value))
    return None if value is None else -value


@pytest.mark.parametrize("type_", NESTED, ids=str)
@given(data=st.data(), start=st.integers(0, 2))
def test_every_leaf_is_changed(type_: pa.DataType, data: st.DataObject, start: int) -> None:
    rows = data.draw(st.lists(values(type_), max_size=5))
    changed = map_leaves(pa.array(rows, type_).slice(start), pc.negate)
    changed.validate(full=True)
    assert changed.type == type_
    assert changed.to_pylist() == negated(rows[start:])


def test_leaf_types_are_those_of_the_innermost_values() -> None:
    nested = pa.struct([("a", pa.list_(pa.string())), ("b", pa.map_(pa.string(), pa.date32()))])
    assert list(leaf_types(nested)) == [pa.string(), pa.string(), pa.date32()]
    assert list(leaf_types(pa.int8())) == [pa.int8()]


def test_distinct_values_are_changed_once() -> None:
    seen: list[str] = []

    def change(text: str) -> str | None:
        seen.append(text)
        return text * 2 if text else None

    array = pa.array(["x", "a", None, "b", "a", ""])[1:]
    assert change_distinct(array, change).to_pylist() == ["aa", None, "bb", "aa", None]
    assert seen == ["a", "b", ""]


def test_numbers_are_changed_in_one_call() -> None:
    array = pa.array([9, 1, None, 3], pa.int16())[1:]
    assert change_numbers(array, lambda numbers: numbers * 2).equals(pa.array([2, None, 6], pa.int16()))
    floats = change_numbers(pa.array([np.nan, None, 0.5]), lambda numbers: numbers * 2)
    assert str(floats.to_pylist()) == "[nan, None, 1.0]"


def test_columns_are_replaced_by_name() -> None:
    schema = pa.schema([pa.field("a", pa.int8(), metadata={"k": "v"}), ("b", pa.int8())], {"m": "n"})
    batch = pa.record_batch([pa.array([1], pa.int8()), pa.array([2], pa.int8())], schema)
    changed = replaced_columns(batch, [("a", pa.array([None], pa.int8()))])
    assert changed.to_pylist() == [{"a": None, "b": 2}]
    assert changed.schema.equals(schema, check_metadata=True)


def test_each_unknown_column_is_a_message() -> None:
    assert unknown_columns("[x] y", ["Cmd", "Iwd", "QDat"], pa.schema([("Cmd", pa.string()),
    ("QDate", pa.int64())])) == [
        "[x] y: row records have no column 'Iwd'; correct the name, or add the column to [run] columns",
        "[x] y: row records have no column 'QDat' (did you mean 'QDate'?); correct the name, or add the column to "
        "[run] columns",
    ]  # fmt: skip
