"""Text inside lists, structs, maps and dictionaries is reached; no column of the input is taken for segmented text."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from anonkit.arrow.nested import holds_text, leaf_types, leaves_in_rows, map_leaves
from anonkit.arrow.segments import is_segmented
from anonkit.input.normalize import CellNormalizer, unified_type

TEXT = pa.dictionary(pa.int32(), pa.string())
NESTED = [
    pa.list_(TEXT),
    pa.list_(pa.list_(TEXT)),
    pa.large_list(TEXT),
    pa.list_(TEXT, 1),
    pa.struct([("a", pa.list_(TEXT))]),
    pa.map_(pa.string(), pa.list_(TEXT)),
]


@pytest.mark.parametrize("type_", NESTED, ids=str)
def test_no_column_of_the_input_is_taken_for_segmented_text(type_: pa.DataType) -> None:
    unified, _ = unified_type("x", [type_])
    assert not is_segmented(unified)
    assert set(leaf_types(unified)) == {pa.string()}


def test_a_list_of_dictionaries_becomes_a_list_of_strings() -> None:
    array = pa.ListArray.from_arrays(pa.array([0, 2, 2]), pa.array(["b", "a"]).dictionary_encode())
    assert is_segmented(array.type)
    normal = CellNormalizer(())(array, unified_type("x", [array.type])[0])
    assert normal.type == pa.list_(pa.string())
    assert normal.to_pylist() == [["b", "a"], []]


@pytest.mark.parametrize("type_", [*NESTED, pa.string(), pa.large_string(), TEXT], ids=str)
def test_types_that_hold_text(type_: pa.DataType) -> None:
    assert holds_text(type_)
    assert not holds_text(pa.list_(pa.struct([("a", pa.int64()), ("b", pa.list_(pa.float64()))])))


def test_leaves_come_with_the_row_of_each_value() -> None:
    array = pa.array([[{"a": "x"}], None, [{"a": "y"}, {"a": None}]])
    found = [(leaf.to_pylist(), rows.tolist()) for leaf, rows in leaves_in_rows(array.slice(1))]
    assert found == [(["y", None], [1, 1])]


def test_leaves_change_and_nothing_else_does() -> None:
    array = pa.array([[{"a": "x"}], None, [{"a": "y"}, None]]).slice(1)
    changed = map_leaves(array, pc.utf8_upper)
    changed.validate(full=True)
    assert changed.type == array.type
    assert changed.to_pylist() == [None, [{"a": "Y"}, None]]
