"""Names are known by their first 256 characters."""

from __future__ import annotations

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from anonkit.plugin.contracts import Boundary
from anonkit.plugin.long_names import LONGEST_NAME, boundary_of_long, shortened

names = st.none() | st.text("aé", max_size=3) | st.integers(250, 300).map(lambda size: "é" * size)


def short(name: str | None) -> str | None:
    return None if name is None else name[:LONGEST_NAME]


@given(st.lists(names, max_size=5))
def test_a_long_name_is_its_first_characters(given_names: list[str | None]) -> None:
    assert shortened(pa.array(given_names, pa.string())).to_pylist() == list(map(short, given_names))


@given(st.lists(st.none() | st.lists(names, max_size=3), max_size=5))
def test_so_it_is_in_lists(cells: list[list[str | None] | None]) -> None:
    expected = [None if cell is None else list(map(short, cell)) for cell in cells]
    assert shortened(pa.array(cells, pa.list_(pa.string()))).to_pylist() == expected


def test_other_arrays_come_back_as_they_are() -> None:
    numbers = pa.array([1, 2])
    assert shortened(numbers) is numbers


def test_the_rest_of_a_long_name_does_not_forbid_a_match() -> None:
    assert boundary_of_long("a" * LONGEST_NAME, Boundary.WORD) is Boundary.PREFIX
    assert boundary_of_long("ann", Boundary.WORD) is Boundary.WORD
    assert boundary_of_long("a" * LONGEST_NAME, Boundary.ANYWHERE) is Boundary.ANYWHERE
