from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anonkit.arrow.offsets import ranges, totals, value_ends


@pytest.mark.parametrize("type_", [pa.string(), pa.large_string()])
def test_where_values_begin_and_end(type_: pa.DataType) -> None:
    array = pa.array(["ab", None, "é", ""], type_)
    assert value_ends(array).tolist() == [0, 2, 2, 4, 4]
    assert value_ends(array[1:3]).tolist() == [2, 2, 4]
    assert value_ends(array[:0]).tolist() == [0]
    assert value_ends(pa.array([], type_)).tolist() == [0]


@given(st.lists(st.integers(0, 9), max_size=6))
def test_totals(counts: list[int]) -> None:
    expected = [sum(counts[:n]) for n in range(len(counts) + 1)]
    assert totals(np.array(counts, np.int64)).tolist() == expected


def test_totals_of_flags() -> None:
    assert totals(np.array([True, False, True])).tolist() == [0, 1, 1, 2]


@given(st.lists(st.tuples(st.integers(0, 99), st.integers(0, 4)), max_size=6))
def test_ranges(windows: list[tuple[int, int]]) -> None:
    starts, sizes = (np.array([pair[n] for pair in windows], np.int64) for n in (0, 1))
    assert ranges(starts, sizes).tolist() == [start + n for start, size in windows for n in range(size)]
