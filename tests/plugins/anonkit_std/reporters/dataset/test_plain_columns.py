"""Whatever a column is, parquet gets a plain one with the same values."""

from __future__ import annotations

import datetime
import io
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from anonkit_std.reporters.dataset.plain_columns import plain_batch, plain_schema

DAY = datetime.datetime(2024, 1, 2, 3, 4, 5)


@pytest.mark.parametrize(
    ("array", "kind", "cells"),
    [
        (pa.array(["a", None, "a"]), pa.string(), ["a", None, "a"]),
        (pa.array(["a", None, "a"]).dictionary_encode(), pa.string(), ["a", None, "a"]),
        (pa.array(["a"], pa.large_string()), pa.string(), ["a"]),
        (pa.array([1, None]), pa.int64(), [1, None]),
        (pa.array([1], pa.uint64()), pa.uint64(), [1]),
        (pa.array([1.5]), pa.float64(), [1.5]),
        (pa.array([True]), pa.bool_(), [True]),
        (pa.array([DAY], pa.timestamp("us")), pa.timestamp("us"), [DAY]),
        (pa.array([7], pa.duration("s")), pa.int64(), [7]),
        (pa.array([["a", "b"], None]), pa.list_(pa.string()), [["a", "b"], None]),
        (
            pa.array([["a"]], pa.list_(pa.dictionary(pa.int8(), pa.string()))),
            pa.list_(pa.string()),
            [["a"]],
        ),
        (pa.array([{"x": 1}]), pa.struct([("x", pa.int64())]), [{"x": 1}]),
        (pa.array([{}], pa.struct([])), pa.string(), ["{}"]),
        (pa.array([[("k", 1)]], pa.map_(pa.string(), pa.int64())), pa.map_(pa.string(), pa.int64()), [[("k", 1)]]),
        (pa.nulls(2), pa.string(), [None, None]),
        (pa.array([1, 2], pa.decimal128(20)), pa.decimal128(20), [1, 2]),
    ],
)
def test_types(array: pa.Array, kind: pa.DataType, cells: list[Any]) -> None:
    batch = pa.record_batch(
        [array], schema=pa.schema([pa.field("c", array.type, metadata={"anonkit.numeric": "mixed"})])
    )
    schema = plain_schema(batch.schema, ["c"])
    plain = plain_batch(batch, schema)
    assert schema.equals(pa.schema([("c", kind)]), check_metadata=True)
    assert plain["c"].to_pylist() == cells
    file = io.BytesIO()
    pq.write_table(pa.Table.from_batches([plain]), file, store_schema=False)
    assert pq.read_table(file)["c"].to_pylist() == cells


def test_columns_are_picked_in_the_order_asked_for() -> None:
    batch = pa.record_batch({"a": [1], "b": [2], "c": [3]})
    assert plain_batch(batch, plain_schema(batch.schema, ["c", "a"])).to_pylist() == [{"c": 3, "a": 1}]
