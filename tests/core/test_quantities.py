from __future__ import annotations

from datetime import timedelta

import pytest

from anonkit.quantities import Size, parse_duration, parse_size, write_duration


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("0", 0),
        ("512", 512),
        ("512 B", 512),
        ("64 MB", 64_000_000),
        ("1.5k", 1500),
        ("2GiB", 2 << 30),
        ("1 Ti", 1 << 40),
    ],
)
def test_sizes(text: str, size: int) -> None:
    assert parse_size(text) == size
    assert isinstance(parse_size(text), Size)


@pytest.mark.parametrize("text", ["", "MB", "-1", "1 PB", "1 mb", "1e3", "1 i", "1..5 k", "9" * 40])
def test_what_is_no_size(text: str) -> None:
    with pytest.raises(ValueError, match="not a size"):
        parse_size(text)


@pytest.mark.parametrize(
    ("text", "seconds"), [("0s", 0), ("90s", 90), ("1h30m", 5400), ("2w", 1_209_600), ("1.5h", 5400), ("1d1s", 86_401)]
)
def test_durations(text: str, seconds: float) -> None:
    assert parse_duration(text) == timedelta(seconds=seconds)
    assert parse_duration(write_duration(timedelta(seconds=seconds))) == timedelta(seconds=seconds)


@pytest.mark.parametrize("text", ["", "5", "h", "1 h", "1h-2m", "1y", "999999999w"])
def test_what_is_no_duration(text: str) -> None:
    with pytest.raises(ValueError, match="not a duration"):
        parse_duration(text)


def test_a_duration_is_written_in_its_largest_units() -> None:
    assert write_duration(timedelta(days=8, minutes=5)) == "1w1d5m"
    assert write_duration(timedelta(seconds=0.5)) == "0.5s"
