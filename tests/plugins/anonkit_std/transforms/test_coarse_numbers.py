"""Columns at once against `Step.apply`, value by value."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest
from anonkit_std.transforms.coarse_numbers import coarse_decimal, coarse_numbers, coarse_text, coarse_times
from anonkit_std.transforms.coarse_steps import parse_steps
from anonkit_std.transforms.time_text import TimeText
from hypothesis import assume, example, given
from hypothesis import strategies as st

TEXTS = [
    "1",
    "100",
    "7, <=900",
    "0.1",
    "0.25",
    "1 digit",
    "2 digits",
    "15 digits",
    "10%",
    "0.1%",
    "1h",
    "1w",
    "90s",
    "<=3.5",
]
INTS = ["int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"]
STEPS = st.sampled_from(TEXTS)


def expected(text: str, number: Decimal) -> Decimal:
    for step in parse_steps(text):
        number = step.apply(number)
    return number


@given(STEPS, st.sampled_from(INTS), st.data())
def test_integers_change_as_by_the_step_for_each(text: str, dtype: str, data: st.DataObject) -> None:
    bounds = np.iinfo(dtype)
    low, high = int(bounds.min), int(bounds.max)
    spread = st.integers(low, high) | st.integers(max(low, -300), min(high, 300))
    numbers = data.draw(st.lists(spread, max_size=8))
    coarse = coarse_numbers(parse_steps(text), np.array(numbers, dtype))
    assert coarse.dtype == np.dtype(dtype)
    floors = [int(expected(text, Decimal(number)).__floor__()) for number in numbers]
    assert coarse.tolist() == [max(floor, low) for floor in floors]


@given(STEPS, st.lists(st.floats(-1e6, 1e6) | st.floats(-1e25, 1e25) | st.floats(1.7e9, 1.8e9), max_size=8))
def test_floats_change_as_by_the_step_for_each(text: str, numbers: list[float]) -> None:
    coarse = coarse_numbers(parse_steps(text), np.array(numbers, np.float64))
    assert coarse.tolist() == [float(expected(text, Decimal(repr(number)))) for number in numbers]


@pytest.mark.parametrize("text", TEXTS)
def test_values_that_are_not_finite_stay(text: str) -> None:
    limit = float(text.rpartition("<=")[2]) if "<=" in text else np.inf
    coarse = coarse_numbers(parse_steps(text), np.array([np.nan, -np.inf, np.inf], np.float32))
    assert str(coarse.tolist()) == str([np.nan, -np.inf, limit])


@given(
    st.sampled_from(["1s", "15min", "1h", "1d", "1w", "1d, 1w"]),
    st.integers(2 * 10**8, 9 * 10**9),
    st.sampled_from([1, 1000]),
)
def test_times_change_as_by_the_step_for_each(text: str, seconds: int, per_second: int) -> None:
    (coarse,) = coarse_times(parse_steps(text), np.array([seconds * per_second]), per_second).tolist()
    assert coarse == expected(text, Decimal(seconds)) * per_second


@given(STEPS, st.decimals(-(10**9), 10**9, places=2))
def test_decimals_keep_their_scale(text: str, number: Decimal) -> None:
    coarse = coarse_decimal(parse_steps(text), number, scale=2)
    assert coarse.as_tuple().exponent == -2
    assert expected(text, number) - Decimal("0.01") < coarse <= expected(text, number)


@pytest.mark.parametrize(
    ("steps", "text", "coarse"),
    [
        ("100", "2048", "2000"), ("100", " 2048.7 ", "2000"), ("100", "200.0", "200.0"), ("100", "1e3", "1e3"),
        ("100", "12345678901234567890123", "12345678901234567890100"), ("0.1", "-.25", "-0.3"), ("100", "-0", "-0"),
        ("<=5", "7", "5"), ("<=5", "4.50", "4.50"), ("1h", "2023-12-31T10:11:12.5Z", "2023-12-31T10:00:00.0Z"),
        ("1w", "2023-12-31", "2023-12-25"), ("1h", "7201", "7200"), ("1d, 1w", "2023-12-31 10:00", "2023-12-25 00:00"),
        ("100", "2023-12-31", None), ("100", "about 5", None), ("100", "", None), ("100", "inf", None),
        ("100", "nan", None),
        ("100", "1e999", None), ("100", "١٢٣", None), ("1w", "0001-01-01", "0001-01-01"), ("5200w", "0001-01-01", None),
    ],
)  # fmt: skip
def test_numbers_and_times_in_text_change_and_other_text_becomes_null(
    steps: str, text: str, coarse: str | None
) -> None:
    assert coarse_text(parse_steps(steps), text) == coarse


@given(STEPS, st.integers(-(10**12), 10**12))
@example("1h", 11230501)
def test_a_number_in_text_changes_like_the_number(text: str, number: int) -> None:
    # One of eight digits may be a date.
    assume(TimeText.parse(str(number)) is None)
    coarse = coarse_text(parse_steps(text), str(number))
    assert coarse is not None
    assert "E" not in coarse
    assert Decimal(coarse) == expected(text, Decimal(number))
