from __future__ import annotations

import pyarrow as pa
from anonkit_std.reporters.identity_codes import codes_in_rows, pairs_in_rows
from hypothesis import given
from hypothesis import strategies as st

CELL = st.integers(0, 3)
CELLS = st.lists(CELL, max_size=3)


def of(cells: list[int] | list[list[int]]) -> pa.Array:
    lists = any(isinstance(cell, list) for cell in cells)
    return pa.array(cells, pa.list_(pa.int32()) if lists else pa.int32())


def as_lists(cells: list[int] | list[list[int]]) -> list[list[int]]:
    return [cell if isinstance(cell, list) else [cell] for cell in cells]


@given(st.lists(st.tuples(CELL, CELL)) | st.lists(st.tuples(CELL, CELLS)) | st.lists(st.tuples(CELLS, CELLS)))
def test_pairs_of_each_row_count_once(rows: list[tuple[int, int]]) -> None:
    left, right = [row[0] for row in rows], [row[1] for row in rows]
    expected = [
        pair
        for first, second in zip(as_lists(left), as_lists(right), strict=True)
        for pair in {(a, b) for a in first for b in second}
    ]
    found = zip(*(codes.tolist() for codes in pairs_in_rows(of(left), of(right))), strict=True)
    assert sorted(found) == sorted(expected)


def test_slices_of_lists() -> None:
    rows, codes = codes_in_rows(pa.array([[9], [1, 1, 0], [], [2]], pa.list_(pa.int32()))[1:])
    assert (rows.tolist(), codes.tolist()) == ([0, 0, 2], [0, 1, 2])
