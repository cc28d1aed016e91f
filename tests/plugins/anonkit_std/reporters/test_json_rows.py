from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal

import orjson
import pyarrow as pa
from anonkit_std.reporters.json_rows import json_rows
from hypothesis import given
from hypothesis import strategies as st


def written(batch: pa.RecordBatch) -> list[bytes]:
    rows = json_rows(batch, batch.schema)
    rows.validate(full=True)
    return [row.encode() for row in rows.to_pylist()]


def test_columns_are_in_order_with_their_values() -> None:
    batch = pa.record_batch({"b": [1, None], "a": ["x", None], "c": [1.5, float("nan")], "d": [True, None]})
    assert written(batch) == [b'{"b":1,"a":"x","c":1.5,"d":true}', b'{"b":null,"a":null,"c":null,"d":null}']


def test_rows_end_as_asked() -> None:
    batch = pa.record_batch({"a": [1, None]})
    assert json_rows(batch, batch.schema, end=",\n").to_pylist() == ['{"a":1},\n', '{"a":null},\n']


def test_values_without_a_form_in_json_are_text() -> None:
    batch = pa.record_batch(
        {
            "time": pa.array([dt.datetime(2023, 12, 31, 12)], pa.timestamp("us", "UTC")),
            "decimal": pa.array([Decimal("12345678901234567890.5")]),
            "bytes": pa.array([b"\xff\0"]),
            "words": pa.array(["x"]).dictionary_encode(),
            "list": pa.array([["x", None]]),
            "struct": pa.array([{"at": dt.date(2023, 1, 1), "by": [Decimal("1.5")]}]),
            "big": pa.array([2**64 - 1], pa.uint64()),
            "half": pa.array([0.5], pa.float32()).cast(pa.float16()),
            "nothing": pa.nulls(1),
        }
    )
    assert json.loads(written(batch)[0]) == {
        "time": "2023-12-31T12:00:00.000000Z",
        "decimal": "12345678901234567890.5",
        "bytes": "\\xff\0",
        "words": "x",
        "list": ["x", None],
        "struct": {"at": "2023-01-01", "by": ["1.5"]},
        "big": 2**64 - 1,
        "half": 0.5,
        "nothing": None,
    }


def test_numbers_come_back_from_a_mixed_column() -> None:
    texts = ["2000", "-1", "1.5", "1.0", "1e+20", "007", "1.10", "+1", "nan", "x", "", None, "9" * 30, " 1", "1e999"]
    schema = pa.schema([pa.field("a", pa.string(), metadata={"anonkit.numeric": "mixed"})])
    rows = [json.loads(row)["a"] for row in written(pa.record_batch([pa.array(texts)], schema=schema))]
    assert rows == [2000, -1, 1.5, 1.0, 1e20, *texts[5:]]
    assert json.loads(written(pa.record_batch({"a": texts}))[0]) == {"a": "2000"}


@given(st.lists(st.text() | st.none()), st.integers(0, 2))
def test_any_text_comes_back_and_stays_in_its_line(texts: list[str | None], start: int) -> None:
    rows = written(pa.record_batch({"a\n": pa.array(texts, pa.string())})[start:])
    assert [json.loads(row) for row in rows] == [{"a\n": text} for text in texts[start:]]
    assert not any(b"\n" in row for row in rows)


def test_what_is_under_a_null_does_not_show() -> None:
    data = pa.array(['a"', '"b', "c"]).buffers()
    texts = pa.StringArray.from_buffers(3, data[1], data[2], pa.py_buffer(b"\x05"))
    assert written(pa.record_batch({"a": texts})) == [b'{"a":"a\\""}', b'{"a":null}', b'{"a":"c"}']


@given(st.lists(st.none() | st.floats(width=32)), st.sampled_from([pa.float32(), pa.float64()]))
def test_floats_are_what_one_by_one_they_would_be(cells: list[float | None], type_: pa.DataType) -> None:
    batch = pa.record_batch({"a": pa.array(cells, type_)})
    assert written(batch) == [b'{"a":%b}' % orjson.dumps(cell) for cell in cells]
