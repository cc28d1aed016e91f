from __future__ import annotations

import pyarrow as pa
from anonkit_std.reporters.identity_codes import codes_in_rows, pairs_in_rows
from hypothesis import given
from hypothesis import strategies as st

CELL = st.integers(0, 3)
ONE = st.tuples(CELL).map(list)
SEVERAL = st.lists(CELL, max_size=3, unique=True)


def of(cells: list[list[int]]) -> pa.Array:
    return pa.array(cells, pa.list_(pa.int32()))


@given(st.lists(st.tuples(ONE, ONE)) | st.lists(st.tuples(ONE, SEVERAL)) | st.lists(st.tuples(SEVERAL, SEVERAL)))
def test_pairs_of_each_row_count_once(rows: list[tuple[list[int], list[int]]]) -> None:
    left, right = [row[0] for row in rows], [row[1] for row in rows]
    expected = [(a, b) for first, second in rows for a in first for b in second]
    found = zip(*(codes.tolist() for codes in pairs_in_rows(of(left), of(right))), strict=True)
    assert sorted(found) == sorted(expected)


def test_slices_of_lists() -> None:
    rows, codes = codes_in_rows(of([[9], [1, 0], [], [2]])[1:])
    assert (rows.tolist(), codes.tolist()) == ([0, 0, 2], [1, 0, 2])
