"""Steps by the words that name them, and value by value."""

from __future__ import annotations

from decimal import Decimal

import pytest
from anonkit_std.transforms.coarse_steps import Cap, Digits, Multiple, Share, Span, Step, parse_steps
from hypothesis import given
from hypothesis import strategies as st

NUMBERS = st.decimals(-(10**12), 10**12, places=3)


@pytest.mark.parametrize(
    ("text", "steps", "described"),
    [
        ("100", (Multiple(Decimal(100)),), "rounded down to a multiple of 100"),
        ("0.5", (Multiple(Decimal("0.5")),), "rounded down to a multiple of 0.5"),
        ("1 digit", (Digits(1),), "rounded down to 1 significant digit"),
        ("2 digits", (Digits(2),), "rounded down to 2 significant digits"),
        ("10%", (Share(100),), "rounded down by less than 10%"),
        ("0.5 %", (Share(5),), "rounded down by less than 0.5%"),
        ("15min", (Span(900, "15min"),), "rounded down to 15min"),
        ("1 w", (Span(604800, "1w"),), "rounded down to 1w"),
        ("<=5000", (Cap(Decimal(5000)),), "at most 5000"),
        ("100, <= 5000", (Multiple(Decimal(100)), Cap(Decimal(5000))),
         "rounded down to a multiple of 100, at most 5000"),
    ],
)  # fmt: skip
def test_a_text_names_steps(text: str, steps: tuple[Step, ...], described: str) -> None:
    assert parse_steps(text) == steps
    assert ", ".join(step.describe() for step in steps) == described


@pytest.mark.parametrize("text", ["", "0", "0.0", "-5", "ten", "0h", "1y", "0 digits", "16 digits", "0%", "10,", "<="])
def test_a_text_that_names_no_step_is_refused_with_the_forms(text: str) -> None:
    with pytest.raises(ValueError, match="cannot read") as caught:
        parse_steps(text)
    assert str(caught.value).partition("; ")[2] == (
        "give a step (100), significant digits (2 digits), a share (10%), a span of time (30s, 15min, 1h, 1d, 1w), "
        "a limit (<=5000), or several with commas"
    )


@pytest.mark.parametrize(
    ("text", "value", "coarse"),
    [
        ("100", "2499.5", "2400"), ("100", "-1", "-100"), ("100", "200", "200"), ("0.1", "0.3", "0.3"),
        ("2 digits", "1999", "1900"), ("2 digits", "-1911", "-2000"), ("2 digits", "0.0129", "0.012"),
        ("1 digit", "0", "0"),
        ("10%", "0.5", "0"), ("10%", "19", "19"), ("10%", "21", "20"), ("10%", "23.9", "22"), ("10%", "-21", "-22"),
        ("1h", "7300", "7200"), ("1h", "1703980800", "1703980800"), ("1h", "1703984399999", "1703980800000"),
        ("1d", "1703984399", "1703980800"), ("1w", "1703984399", "1703462400"), ("1w", "-1", "-604800"),
        ("<=5000", "5000.5", "5000"), ("<=5000", "-7", "-7"),
    ],
)  # fmt: skip
def test_a_step_gives_the_lower_end_of_the_bin(text: str, value: str, coarse: str) -> None:
    (step,) = parse_steps(text)
    assert step.apply(Decimal(value)) == Decimal(coarse)


@given(st.sampled_from(["1", "7", "0.25", "1 digit", "3 digits", "10%", "0.1%", "400%", "<=12"]), NUMBERS, NUMBERS)
def test_no_value_goes_up_and_order_stays_and_a_second_time_changes_nothing(
    text: str, one: Decimal, other: Decimal
) -> None:
    (step,) = parse_steps(text)
    assert step.apply(one) <= one
    assert step.apply(step.apply(one)) == step.apply(one)
    assert one > other or step.apply(one) <= step.apply(other)


@given(st.integers(1, 999), st.integers(1, 10**15))
def test_a_share_is_not_exceeded_where_whole_numbers_allow_it(permille: int, value: int) -> None:
    lost = value - Share(permille).apply(Decimal(value))
    assert lost * 1000 < max(value * permille, 1000)
