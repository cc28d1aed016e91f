"""Units and times in text, brought to one type."""

from __future__ import annotations

import re
from datetime import datetime, timezone
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anonkit.catalogue import Attribute, AttributeClass
from anonkit.input.measures import PER_PART, UNREADABLE, Measure, describe_counts


def measure(type_: str, unit: str = "", bare_unit: str = "", zone: str = "UTC", **more: Any) -> Measure:
    cls = more.get("cls", AttributeClass.PLAIN)
    known = Attribute(name="x", cls=cls, kind="", type=type_, unit=unit, meaning="", bare_unit=bare_unit)
    found = Measure.from_attribute(known, zone)
    assert found is not None
    return found


def values(measured: tuple[pa.Array, Any]) -> list[Any]:
    return list(measured[0].to_pylist())


@pytest.mark.parametrize(
    ("one", "texts", "expected"),
    [
        (measure("real", "MiB"), ["4Gn", "16Gc", "4000M", "1024K"], [4096, 16384, 4000, 1]),
        (measure("real", "MiB"), ["7", "12.5M", "x", None], [7, 12.5, None, None]),
        (measure("real", "MiB", "B"), ["1048576", "2M", "0"], [1, 2, 0]),
        (measure("integer", "s"), ["1-02:03:04", "00:10:00", "02:03"], [93784, 600, 123]),
        (measure("integer", "s"), ["12", "02:03.5", "1-02"], [12, None, None]),
        (measure("real", "s"), ["02:03.123", "00:00:00"], [123.123, 0]),
        (measure("integer", "min"), ["120", "01:30:00"], [120, 90]),
        (measure("integer", "CPUs"), ["8", "8.0", "8.5", "eight"], [8, 8, None, None]),
        (measure("word"), ["CANCELLED by 1000", " FAILED ", "a\nb", None], ["CANCELLED", "FAILED", "a", None]),
    ],
)  # fmt: skip
def test_texts(one: Measure, texts: list[str | None], expected: list[Any]) -> None:
    assert values(one(pa.array(texts, pa.string()))) == expected


def test_no_limit_and_nothing_known_are_null_and_not_counted() -> None:
    texts = pa.array(["UNLIMITED", "Partition_Limit", "Unknown", "None", ""])
    for one in (measure("integer", "s"), measure("time", "UTC"), measure("real", "MiB")):
        assert one(texts) == (pa.nulls(5, one.type), {})


def test_times_are_utc() -> None:
    texts = pa.array(["2024-07-01T12:00:00", "2024-07-01T12:00:00Z", "1719835200", "2024-02-31T00:00:00"])
    noon = datetime(2024, 7, 1, 12, tzinfo=timezone.utc)
    assert values(measure("time", "UTC")(texts)) == [noon, noon, noon, None]
    there = measure("time", "UTC", zone="Europe/Berlin")(texts)
    assert values(there) == [noon.replace(hour=10), noon, noon, None]
    assert there[1] == {UNREADABLE: 1}
    assert values(measure("time", "UTC")(pa.array([1719835200, 0]))) == [noon, None]


def test_times_of_the_hours_in_which_clocks_change() -> None:
    texts = pa.array(["2023-03-26T02:30:00", "2023-10-29T02:30:00"])
    hours = [moment.hour for moment in values(measure("time", "UTC", zone="Europe/Berlin")(texts))]
    assert hours == [1, 0]


def test_counts_and_warnings() -> None:
    one = measure("real", "MiB")
    counts = one(pa.array(["4Gn", "4Gn", "x"]))[1]
    assert counts == {UNREADABLE: 1, PER_PART: 2}
    found = {("ReqMem", what): count for what, count in counts.items()}
    assert list(describe_counts(found, {"reqmem": one})) == [
        "2 values of ReqMem are for a node or a CPU (n, c), and written as the number alone: see NNodes and ReqCPUS",
        "1 value of ReqMem is of another shape than MiB, and null",
    ]


@pytest.mark.parametrize(
    ("one", "type_", "accepted"),
    [
        (measure("integer", "s"), pa.string(), True),
        (measure("integer", "s"), pa.float64(), True),
        (measure("integer", "s"), pa.timestamp("us"), False),
        (measure("time", "UTC"), pa.timestamp("us"), True),
        (measure("time", "UTC"), pa.list_(pa.int64()), False),
        (measure("word"), pa.int64(), False),
    ],
)
def test_types_that_are_accepted(one: Measure, type_: pa.DataType, accepted: bool) -> None:
    assert one.accepts(type_) is accepted


def test_an_identity_stays_as_it_is() -> None:
    known = Attribute(name="x", cls=AttributeClass.IDENTITY, kind="user", type="integer", unit="s", meaning="")
    assert Measure.from_attribute(known, "UTC") is None


def slow_seconds(text: str) -> float | None:
    """Return a duration as sacct writes it, part by part."""
    if re.fullmatch(r"[0-9]+(\.[0-9]+)?", text):
        return float(text)
    days, dash, clock = text.rpartition("-")
    parts = clock.split(":")
    if not 2 + bool(dash) <= len(parts) <= 3 or (dash and not days.isdecimal()):
        return None
    if not all(part.isdecimal() for part in parts[:-1]) or not re.fullmatch(r"[0-9]+(\.[0-9]*)?", parts[-1]):
        return None
    total = 0.0
    for part in parts:
        total = total * 60 + float(part)
    return total + int(days or 0) * 86400


@given(
    st.lists(
        st.from_regex(r"\A([0-9]{1,3}-)?([0-9]{1,2}:){0,3}[0-9]{1,2}(\.[0-9]{1,3})?\Z")
        | st.sampled_from(["1-", ":1", "1:", "-1:2:3"]),
        max_size=9,
    )
)
def test_durations_as_a_slow_reader_has_them(texts: list[str]) -> None:
    found = values(measure("real", "s")(pa.array(texts, pa.string())))
    assert found == [None if (one := slow_seconds(text)) is None else pytest.approx(one) for text in texts]
