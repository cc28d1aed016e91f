"""One type for a column of many files, one idea of null, and no text that hides from the garbler."""

from __future__ import annotations

import datetime
import decimal
import math
from collections import Counter
from typing import Any

import pyarrow as pa
import pytest
from fakes import NULLS
from hypothesis import given
from hypothesis import strategies as st

from anonkit.arrow.mixed_numbers import MIXED
from anonkit.arrow.nested import holds_text
from anonkit.errors import InputError
from anonkit.input.measures import Counts
from anonkit.input.normalize import CellNormalizer, unified_field, unified_type
from anonkit.withheld import TOO_LONG, WITHHELD

CELLS = CellNormalizer(NULLS)

Values = list[Any]


def brought(*arrays: pa.Array) -> tuple[pa.DataType, list[Values]]:
    """The unified type of some arrays of one column, and their cells as that type."""
    type_, _ = unified_type("c", [array.type for array in arrays])
    cells = [CELLS(array, type_) for array in arrays]
    for array in cells:
        array.validate(full=True)
        assert array.type == type_
    return type_, [array.to_pylist() for array in cells]


@pytest.mark.parametrize(
    ("types", "unified", "mixed"),
    [
        ([], pa.string(), False),
        ([pa.null()], pa.string(), False),
        ([pa.null(), pa.int8()], pa.int64(), False),
        ([pa.int8(), pa.uint32()], pa.int64(), False),
        ([pa.uint64()], pa.uint64(), False),
        ([pa.uint64(), pa.int8()], pa.decimal128(20), False),
        ([pa.float16()], pa.float64(), False),
        ([pa.float32(), pa.int64()], pa.float64(), False),
        ([pa.float32(), pa.uint64(), pa.int8()], pa.float64(), False),
        ([pa.large_string(), pa.string(), pa.binary(), pa.string_view()], pa.string(), False),
        ([pa.binary(4)], pa.string(), False),
        ([pa.dictionary(pa.int8(), pa.large_string())], pa.string(), False),
        ([pa.dictionary(pa.int8(), pa.int8())], pa.int64(), False),
        ([pa.string(), pa.int64()], pa.string(), True),
        ([pa.float32(), pa.dictionary(pa.int8(), pa.string())], pa.string(), True),
        ([pa.bool_()], pa.bool_(), False),
        ([pa.bool_(), pa.string()], pa.string(), False),
        ([pa.timestamp("ms")], pa.timestamp("ms"), False),
        ([pa.timestamp("ns"), pa.timestamp("s", "UTC"), pa.date32()], pa.timestamp("us"), False),
        ([pa.timestamp("ns"), pa.string()], pa.string(), False),
        ([pa.decimal128(5, 2)], pa.decimal128(5, 2), False),
        ([pa.json_()], pa.string(), False),
        ([pa.list_(pa.string_view())], pa.list_(pa.string()), False),
        ([pa.list_(pa.int8()), pa.large_list(pa.int64())], pa.list_(pa.int64()), False),
        ([pa.list_(pa.string(), 2), pa.list_view(pa.json_())], pa.list_(pa.string()), False),
        ([pa.struct([pa.field("a", pa.string(), nullable=False)]), pa.struct([("a", pa.binary())])],
         pa.struct([("a", pa.string())]), False),
        ([pa.map_(pa.binary(), pa.large_string())], pa.map_(pa.string(), pa.string()), False),
    ],
)  # fmt: skip
def test_the_type_for_files_that_disagree(types: list[pa.DataType], unified: pa.DataType, mixed: bool) -> None:
    assert unified_type("c", types) == (unified, mixed)
    assert unified_type("c", types[::-1]) == (unified, mixed)
    assert unified_field("c", types) == pa.field("c", unified)
    assert (unified_field("c", types).metadata == MIXED) is mixed


@pytest.mark.parametrize(
    "types",
    [
        [pa.list_(pa.string()), pa.string()],
        [pa.struct([("a", pa.string())]), pa.struct([("b", pa.string())])],
        [pa.list_(pa.string()), pa.int64(), pa.float64()],
    ],
)
def test_types_beyond_repair(types: list[pa.DataType]) -> None:
    with pytest.raises(
        InputError, match=r"^column 'Args': the files disagree about its type \(.*string.*\); leave it out"
    ):
        unified_type("Args", types)


NAMES = ["anna", "", None, "grüße", "x" * 40]


@pytest.mark.parametrize(
    "type_", [pa.string(), pa.large_string(), pa.string_view(), pa.binary(), pa.large_binary(), pa.binary_view()]
)
def test_text_of_every_kind_is_text(type_: pa.DataType) -> None:
    held: Values = [None if name is None else name.encode() for name in NAMES] if "binary" in str(type_) else NAMES
    array = pa.array(held, type_)
    expected = [name or None for name in NAMES]
    assert brought(array) == (pa.string(), [expected])
    assert brought(array.slice(1, 3)) == (pa.string(), [expected[1:4]])


def test_other_wrappings_of_text_are_text() -> None:
    assert brought(pa.array(["a", None, "nan", "a"]).dictionary_encode())[1] == [["a", None, None, "a"]]
    assert brought(pa.array([b"ab", None], pa.binary(2)))[1] == [["ab", None]]
    assert brought(pa.array(['{"a": 1}', None], pa.json_()))[1] == [['{"a": 1}', None]]
    large = pa.DictionaryArray.from_arrays(pa.array([0, None, 1]), pa.array(["x", "null"], pa.large_string()))
    assert brought(large)[1] == [["x", None, None]]


BROKEN = [b"ok", b"caf\xe9", None, b"\xff", b"None"]
MENDED = ["ok", "caf\ufffd", None, "\ufffd", None]


@pytest.mark.parametrize(
    "type_",
    [pa.string(), pa.large_string(), pa.binary(), pa.large_binary(), pa.dictionary(pa.int8(), pa.binary())],
)
def test_bytes_that_are_no_utf8_become_replacement_characters(type_: pa.DataType) -> None:
    if pa.types.is_dictionary(type_):
        array = pa.array(BROKEN, pa.binary()).dictionary_encode()
    else:
        raw = pa.large_binary() if type_ in (pa.large_string(), pa.large_binary()) else pa.binary()
        array = pa.array(BROKEN, raw).view(type_)
    assert brought(array) == (pa.string(), [MENDED])


@pytest.mark.parametrize(
    "text", ["", "   ", "None", "NONE", " none\t", "NaN", "null", "Undefined", "___NULL___", "\n", "\u00a0nan"]
)
def test_texts_that_mean_null(text: str) -> None:
    assert CELLS(pa.array([text, "x"]), pa.string()).to_pylist() == [None, "x"]


@pytest.mark.parametrize("text", ["none of them", "nil", "0", "nano", "_null_", " x ", "null" + " " * 70])
def test_texts_that_do_not_mean_null_stay_as_they_are(text: str) -> None:
    assert CELLS(pa.array([text]), pa.string()).to_pylist() == [text]


def test_null_values_are_an_option() -> None:
    assert CellNormalizer((" N/A ",))(pa.array(["n/a", "", "None"]), pa.string()).to_pylist() == [None, "", "None"]
    assert CellNormalizer(())(pa.array(["n/a", "", None]), pa.string()).to_pylist() == ["n/a", "", None]


@given(
    st.lists(st.none() | st.sampled_from([*NULLS, "anna", " x"]) | st.text("nNoaeé \t", max_size=5)), st.integers(0, 3)
)
def test_nulls_are_those_of_the_rule(values: list[str | None], skip: int) -> None:
    folded = {null.lower() for null in NULLS}
    expected = [None if value is None or value.strip().lower() in folded else value for value in values]
    assert CELLS(pa.array(values, pa.string()).slice(skip), pa.string()).to_pylist() == expected[skip:]


def test_not_a_number_is_null() -> None:
    assert brought(pa.array([1.5, math.nan, None, math.inf]))[1] == [[1.5, None, None, math.inf]]
    assert brought(pa.array([math.nan], pa.float32()), pa.array(["a"])) == (pa.string(), [[None], ["a"]])
    assert brought(pa.array([[1.0, math.nan]])) == (pa.list_(pa.float64()), [[[1.0, None]]])


def test_numbers_of_different_widths() -> None:
    assert brought(pa.array([1, None], pa.int8()), pa.array([2**32 - 1], pa.uint32()))[1] == [[1, None], [2**32 - 1]]
    big = decimal.Decimal(2**64 - 1)
    assert brought(pa.array([2**64 - 1], pa.uint64()), pa.array([-1])) == (
        pa.decimal128(20),
        [[big], [decimal.Decimal(-1)]],
    )


@pytest.mark.parametrize("number", [2**53 + 1, -(2**63), 2**63 - 1])
def test_integers_beside_floats_become_the_nearest_double(number: int) -> None:
    assert brought(pa.array([number]), pa.array([0.5])) == (pa.float64(), [[float(number)], [0.5]])
    assert brought(pa.array([2**64 - 1], pa.uint64()), pa.array([0.5]))[1] == [[float(2**64 - 1)], [0.5]]


def test_numbers_beside_text_are_written_as_they_are_read() -> None:
    assert brought(pa.array([0, 17, None]), pa.array(["0", "n/a"])) == (pa.string(), [["0", "17", None], ["0", "n/a"]])
    assert brought(pa.array([1.0, 2.5]), pa.array(["x"]))[1] == [["1", "2.5"], ["x"]]
    assert brought(pa.array([True]), pa.array(["x"]))[1] == [["true"], ["x"]]


def test_timestamps_of_different_units() -> None:
    day = datetime.datetime(2023, 12, 31, 7, 30)
    exact = pa.array([day.replace(tzinfo=datetime.timezone.utc)], pa.timestamp("s", "UTC"))
    fine = pa.array([1_000_000_001, None], pa.int64()).view(pa.timestamp("ns"))
    assert brought(exact, fine, pa.array([day.date()])) == (
        pa.timestamp("us"),
        [[day], [datetime.datetime(1970, 1, 1, 0, 0, 1), None], [datetime.datetime(2023, 12, 31)]],
    )


def test_an_empty_column() -> None:
    assert CELLS(pa.nulls(2), pa.int64()).to_pylist() == [None, None]
    assert CELLS(pa.array([], pa.string()), pa.string()).to_pylist() == []
    assert CELLS(pa.array([None], pa.string()), pa.string()).to_pylist() == [None]
    assert CELLS(pa.array([], pa.string_view()), pa.string()).to_pylist() == []


NESTED = [
    (pa.list_(pa.string_view()), [["anna", None], None, [], ["bob"]]),
    (pa.large_list(pa.large_string()), [["anna", None], None, [], ["bob"]]),
    (pa.list_view(pa.string()), [["anna", None], None, [], ["bob"]]),
    (pa.list_(pa.string(), 2), [["anna", None], None, ["", "bob"], ["x", "y"]]),
    (pa.struct([("a", pa.string_view()), ("b", pa.int8())]), [{"a": "anna", "b": 1}, None, {"a": None, "b": None}]),
    (pa.list_(pa.struct([("a", pa.list_(pa.json_()))])), [[{"a": ["anna"]}, None], None, [], [{"a": None}]]),
    (pa.map_(pa.string(), pa.large_string()), [[("k", "anna")], None, [], [("k", None), ("l", "b")]]),
]


def nested(values: Values, type_: pa.DataType) -> pa.Array:
    """An array of a nested type whose leaves may be JSON, which `pa.array` alone cannot build."""
    if "json" not in str(type_):
        return pa.array(values, type_)
    inner = pa.array([["anna"], None, None], pa.list_(pa.string()))
    leaves = pa.ExtensionArray.from_storage(pa.json_(), inner.values)
    lists = pa.ListArray.from_arrays(inner.offsets, leaves, mask=inner.is_null())
    structs = pa.StructArray.from_arrays([lists], ["a"], mask=pa.array([False, True, False]))
    return pa.ListArray.from_arrays(
        pa.array([0, 2, 2, 2, 3], pa.int32()), structs, mask=pa.array([False, True, False, False])
    )


@pytest.mark.parametrize(("type_", "values"), NESTED)
def test_text_inside_others_is_text_that_can_be_garbled(type_: pa.DataType, values: Values) -> None:
    array = nested(values, type_)
    unified, [cells] = brought(array)
    assert cells == values
    assert holds_text(unified)
    assert not any(word in str(unified) for word in ("view", "large", "json", "binary"))
    assert brought(array.slice(1, 2))[1] == [values[1:3]]
    assert brought(array.slice(len(values)))[1] == [[]]


def test_bytes_inside_lists_are_text_too() -> None:
    array = pa.array([[b"anna", b"caf\xe9"], None, [None]], pa.list_(pa.binary()))
    assert brought(array) == (pa.list_(pa.string()), [[["anna", "caf\ufffd"], None, [None]]])
    broken = pa.ListArray.from_arrays(pa.array([0, 1], pa.int32()), pa.array([b"\xff"]).view(pa.string()))
    assert brought(broken) == (pa.list_(pa.string()), [[["\ufffd"]]])


def test_text_under_a_null_struct_is_dropped() -> None:
    hidden = pa.StructArray.from_arrays([pa.array(["anna", "bob"])], ["a"], mask=pa.array([True, False]))
    cells = CELLS(hidden, unified_type("c", [hidden.type])[0])
    assert cells.field(0).to_pylist() == [None, "bob"]


LONG = st.none() | st.integers(0, 12).map(lambda size: "é" * size)


@pytest.mark.parametrize("type_", [pa.string(), pa.large_string(), pa.dictionary(pa.int32(), pa.string())])
@given(texts=st.lists(LONG, max_size=6))
def test_a_text_that_is_too_long_is_withheld(type_: pa.DataType, texts: list[str | None]) -> None:
    cells = CellNormalizer((), max_value_bytes=9)(pa.array(texts, pa.string()).cast(type_), pa.string())
    assert cells.to_pylist() == [text if text is None or len(text.encode()) <= 9 else WITHHELD for text in texts]


@pytest.mark.parametrize("type_", [pa.string(), pa.large_string(), pa.dictionary(pa.int32(), pa.string())])
@given(texts=st.lists(LONG, max_size=6))
def test_texts_that_are_too_long_are_counted(type_: pa.DataType, texts: list[str | None]) -> None:
    counts: Counts = Counter()
    array = pa.array([*texts, WITHHELD[:9]], pa.string()).cast(type_)
    CellNormalizer((), max_value_bytes=9).column(pa.field("Cmd", pa.string()), [array, array], counts)
    long = sum(text is not None and len(text.encode()) > 9 for text in texts)
    assert counts == ({("Cmd", TOO_LONG): 2 * long} if long else {})


def test_a_value_that_reads_like_a_withheld_one_is_not_counted() -> None:
    counts: Counts = Counter()
    CellNormalizer(()).column(pa.field("Cmd", pa.string()), [pa.array([WITHHELD])], counts)
    assert not counts


def test_so_is_one_inside_lists_and_structs() -> None:
    array = pa.array([[{"name": "a" * 10}, {"name": "b"}]])
    type_ = unified_type("x", [array.type])[0]
    assert CellNormalizer((), max_value_bytes=9)(array, type_).to_pylist() == [[{"name": WITHHELD}, {"name": "b"}]]
