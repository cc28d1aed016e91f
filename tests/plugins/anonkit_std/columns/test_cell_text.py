from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest
from anonkit_std.columns.cell_text import as_text

NOON = dt.datetime(2023, 12, 31, 12, 0, 0)


@pytest.mark.parametrize(
    ("column", "texts"),
    [
        (pa.array(["a", None, ""]), ["a", None, ""]),
        (pa.array(["a", None], pa.large_string()), ["a", None]),
        (pa.array(["a", None, "a"]).dictionary_encode(), ["a", None, "a"]),
        (pa.array([1, None, 2**63], pa.uint64()), ["1", None, "9223372036854775808"]),
        (pa.array([727.0, 0.5, float("nan"), None, -3.0, 1e300]), ["727", "0.5", None, None, "-3", "1e+300"]),
        (pa.array([float("inf"), 1e15, -0.0]), ["inf", "1e+15", "0"]),
        (pa.array([2.0], pa.float32()), ["2"]),
        (pa.array([True, None]), ["true", None]),
        (pa.array([Decimal("1.50")]), ["1.50"]),
        (pa.array([NOON], pa.timestamp("s")), ["2023-12-31T12:00:00"]),
        (pa.array([NOON], pa.timestamp("ns")), ["2023-12-31T12:00:00.000000000"]),
        (pa.array([NOON], pa.timestamp("ms", "America/Chicago")), ["2023-12-31T12:00:00.000Z"]),
        (pa.array([NOON.date()]), ["2023-12-31"]),
        (pa.array([dt.timedelta(seconds=3)], pa.duration("s")), ["3"]),
        (pa.array([b"caf\xc3\xa9\xff", None]), ["café\\xff", None]),
        (pa.array([["a", "b"], None]), ['["a","b"]', None]),
        (pa.array([{"a": Decimal("1.5")}]), ['{"a":"1.5"}']),
        (pa.array([[b"x"]]), ['["x"]']),
        (pa.nulls(2), [None, None]),
    ],
)
def test_a_cell_of_any_type_is_text(column: pa.Array, texts: list[Any]) -> None:
    written = as_text(column)
    assert written.type == pa.string()
    assert written.to_pylist() == texts
