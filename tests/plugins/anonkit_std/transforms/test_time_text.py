"""Times in text are changed as times, and written as they were."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from anonkit_std.transforms.time_text import TimeText
from hypothesis import given
from hypothesis import strategies as st

FORMS = [
    "%Y-%m-%d", "%Y/%m/%d", "%Y%m%d", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S.%f", "%Y%m%dT%H%M%S",
    "%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%d %H:%M:%S UTC", "%Y-%m-%dT%H:%M:%S,%f+01:00", "%Y-%m-%d_%H:%M:%S -0600",
]  # fmt: skip
TIMES = st.datetimes(datetime(1000, 1, 1), datetime(9999, 12, 31))
# Eight digits alone are a date in our time only.
OURS = st.datetimes(datetime(1971, 1, 1), datetime(2199, 12, 31))


@given(st.sampled_from(FORMS), OURS, st.integers(0, 10**7))
def test_an_earlier_time_keeps_the_layout(form: str, time: datetime, seconds: int) -> None:
    time_text = TimeText.parse(f" {time.strftime(form)}")
    assert time_text is not None
    assert time_text.text == time.strftime(form)
    read = datetime.strptime(time.strftime(form), form)
    earlier = time_text.earlier(seconds)
    assert earlier is not None
    assert earlier.text == (read - timedelta(seconds=seconds)).strftime(form)


@given(TIMES, st.sampled_from([1, 60, 900, 3600, 86400, 604800]))
def test_a_time_is_rounded_down_from_a_start(time: datetime, seconds: int) -> None:
    time_text = TimeText.parse(time.isoformat(" ", "microseconds"))
    assert time_text is not None
    floored = time_text.floored(seconds, 4 * 86400)
    assert floored is not None
    read = datetime.fromisoformat(floored.text)
    assert timedelta(0) <= time - read < timedelta(seconds=seconds)
    assert (read - datetime(1970, 1, 5)) % timedelta(seconds=seconds) == timedelta(0)


@pytest.mark.parametrize(
    "text",
    ["", "0", "1703980800", "2023-13-01", "2023-02-30", "2023-12-31T25:00", "2023-1231", "31.12.2023",
    "Sun Dec 31 2023", "11230501",
     "2023-12-31 until 2024-01-01", "job_20231231", "20231231_5296", "2023-12-31T10:11:12.", "２０２３-12-31"],
)  # fmt: skip
def test_other_text_is_no_time(text: str) -> None:
    assert TimeText.parse(text) is None


def test_a_time_before_the_year_1_is_none() -> None:
    time_text = TimeText.parse("0001-01-02")
    assert time_text is not None
    assert time_text.earlier(2 * 86400) is None
    assert time_text.floored(604800 * 52 * 5, 0) is None
