"""Times inside text keep their layout; what is no time, or out of the span, stays as it is."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import pyarrow as pa
import pytest
from anonkit_std.transforms.times_in_text import ClockChange, TextTimes, TimeSpan
from hypothesis import given
from hypothesis import strategies as st

from anonkit.arrow.segments import Segments, merge_segments

BEGIN = datetime(1970, 1, 1)
SPAN = TimeSpan(1700000000, 1710000000)
WEEK = 7 * 86400
SHIFT = TextTimes(SPAN, ClockChange(lambda seconds: seconds - WEEK, False))
HOUR = TextTimes(SPAN, ClockChange(lambda seconds: seconds - seconds % 3600, True))


@pytest.mark.parametrize(
    ("text", "shifted", "coarse"),
    [
        ("fife_2023_12_31_200812_77", "fife_2023_12_24_200812_77", "fife_2023_12_31_200000_77"),
        ("x_2023123120_5296", "x_2023122420_5296", "x_2023123120_5296"),
        ("2023-12-31T20:08:12.345Z", "2023-12-24T20:08:12.345Z", "2023-12-31T20:00:00.000Z"),
        ("at 2023-12-31 20:08:12, x", "at 2023-12-24 20:08:12, x", "at 2023-12-31 20:00:00, x"),
        ("/2023/12/31/20/a", "/2023/12/24/20/a", "/2023/12/31/20/a"),
        ("20231231T200812", "20231224T200812", "20231231T200000"),
        ("20231231-2008.log", "20231224-2008.log", "20231231-2000.log"),
        ("a20231231200812b", "a20231224200812b", "a20231231200000b"),
        ("2023-12-31T20%3A08%3a12", "2023-12-24T20%3A08%3A12", "2023-12-31T20%3A00%3A00"),
        ("2023\\/12\\/31", "2023\\/12\\/24", "2023\\/12\\/31"),
        ("n#1.0#1703980812", "n#1.0#1703376012", "n#1.0#1703980800"),
        ("1703980812345", "1703376012345", "1703980800000"),
        ("1703980812.25", "1703376012.25", "1703980800.00"),
        ("UR_12023123120", "UR_12023122420", "UR_12023123120"),
        ("2024-01-03", "2023-12-27", "2024-01-03"),
        ("20231231200812999", "20231224200812999", "20231231200000000"),
        *((text, text, text) for text in (
            "", "2017_01_05_101500", "2023-13-01", "2024-02-30", "17039808121", "170398081", "1234567890", "12.5",
            "2023-12", "192.0.2.1", "/CN=Anna/CN=1703980812", "CN%3D1703980812", "１７０３９８０８１２",
        )),
    ],
)  # fmt: skip
def test_times_in_text_are_shifted_and_rounded(text: str, shifted: str, coarse: str) -> None:
    assert (SHIFT(text), HOUR(text)) == (shifted, coarse)


LAYOUTS = (
    "%Y-%m-%d", "%Y/%m/%d", "%Y_%m_%d", "%Y.%m.%d", "%Y%m%d", "%Y%m%d%H", "%Y%m%d%H%M", "%Y%m%d%H%M%S",
    "%Y_%m_%d_%H%M%S",
    "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%Y%m%dT%H%M%S", "%Y-%m-%d_%H-%M-%S", "%Y-%m-%dT%H%%3A%M", "%Y/%m/%d/%H",
)  # fmt: skip


def written(seconds: int, layout: str) -> str:
    """The reference: a time as Python writes it, or a number."""
    if layout.isdecimal():
        return str(seconds * 10 ** int(layout))
    return (BEGIN + timedelta(seconds=seconds)).strftime(layout)


def read_back(seconds: int, layout: str) -> int:
    """What of a time a layout writes."""
    if layout.isdecimal():
        return seconds
    return int((datetime.strptime(written(seconds, layout), layout) - BEGIN).total_seconds())


@given(
    st.integers(SPAN.first + 86400, SPAN.last),
    st.sampled_from((*LAYOUTS, "0", "3", "6", "9")),
    st.text('abcT#/=-:,"\n é', max_size=6),
    st.text('abc#/=,"\n é', max_size=6),
)
def test_a_time_in_any_layout_changes_as_the_reference_writes_it(
    seconds: int, layout: str, before: str, after: str
) -> None:
    text = f"{before}{written(seconds, layout)} {after}"
    read = read_back(seconds, layout)
    assert SHIFT(text) == f"{before}{written(read - WEEK, layout)} {after}"
    assert HOUR(text) == f"{before}{written(read - read % 3600, layout)} {after}"
    assert HOUR(HOUR(text)) == HOUR(text)


@given(st.text("0123456789-_/:T. Z%3A\\", max_size=40))
def test_only_digits_change(text: str) -> None:
    """Whatever the text is: as long as before, with all but digits in their places, and the same in each run."""
    for change in (SHIFT, HOUR):
        changed = change(text)
        assert len(changed) == len(text)
        assert [char for char in changed if not char.isdigit()] == [char for char in text if not char.isdigit()]


@given(st.lists(st.none() | st.sampled_from(("2023_12_31", "x", "1703980812 1703980812", "")), max_size=9))
def test_an_array_changes_like_its_texts(texts: list[str | None]) -> None:
    expected = [None if text is None else SHIFT(text) for text in texts]
    for type_ in (pa.string(), pa.large_string()):
        assert SHIFT.array(pa.array(texts, type_)).to_pylist() == expected
        assert SHIFT.array(pa.array(["z", *texts], type_).slice(1)).to_pylist() == expected


@given(
    st.lists(
        st.lists(st.sampled_from(("at 2023-12-31 ", "20:08:12 ", "1703980812;", "A=2023_12_31 ", "x", "2 "))),
        max_size=5,
    )
)
def test_segments_change_like_their_text(values: list[list[str]]) -> None:
    parts = pa.array([part for value in values for part in value], pa.string()).dictionary_encode()
    ends = np.cumsum([0, *map(len, values)])
    column = Segments.from_dictionary(parts, ends).to_lists(pa.array(["".join(value) for value in values], pa.string()))
    for change in (SHIFT, HOUR):
        assert merge_segments(change.lists(column)).to_pylist() == [change("".join(value)) for value in values]
