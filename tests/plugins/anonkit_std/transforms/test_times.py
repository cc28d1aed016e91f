from __future__ import annotations

from datetime import date, datetime, timezone

import numpy as np
import pyarrow as pa
import pytest
from anonkit_std.transforms.times import change_times, is_time, second_parts

TIMES = [
    pa.timestamp("s"), pa.timestamp("ms"), pa.timestamp("us", "Europe/Paris"), pa.timestamp("ns", "UTC"),
    pa.date32(), pa.date64(),
]  # fmt: skip


@pytest.mark.parametrize("type_", TIMES, ids=str)
def test_a_change_by_a_week_is_a_week_in_every_type(type_: pa.DataType) -> None:
    array = pa.array([date(1900, 1, 1), date(2023, 12, 24), None, date(2023, 12, 31)]).cast(type_)[1:]
    assert is_time(type_)
    changed = change_times(array, lambda times, per_second: times - 604800 * per_second)
    assert changed.type == type_
    assert changed.equals(pa.array([date(2023, 12, 17), None, date(2023, 12, 24)]).cast(type_))


def test_times_are_in_utc() -> None:
    seen: list[int] = []

    def look(times: np.ndarray, per_second: int) -> np.ndarray:
        seen.extend(times.tolist())
        return times

    time = datetime(2023, 12, 31, 12, tzinfo=timezone.utc)
    change_times(pa.array([time], pa.timestamp("ms", "Asia/Tokyo")), look)
    assert seen == [int(time.timestamp()) * 1000]


@pytest.mark.parametrize("type_", [pa.time32("s"), pa.duration("s"), pa.int64(), pa.string()], ids=str)
def test_other_types_are_no_times(type_: pa.DataType) -> None:
    assert not is_time(type_)


def test_the_size_of_a_time_gives_its_unit() -> None:
    numbers = np.array([-1, 0, 1703980800, 10**11 - 1, 10**11, 1703980800 * 10**6, 1703980800 * 10**9])
    assert second_parts(numbers).tolist() == [1, 1, 1, 1, 1000, 10**6, 10**9]
