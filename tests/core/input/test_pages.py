"""Lists whose pages are not all in the input are warnings, whatever the order of the pages."""

from __future__ import annotations

import pyarrow as pa
import pytest

from anonkit.input.pages import incomplete_lists
from anonkit.plugin.contracts import Contents, Page

MORE = "; ask for more"


def warned(*files: list[tuple[int, int]], at_least: bool = False) -> list[str]:
    """The warnings for files with pages of so many rows, of so many in all."""
    pages = [tuple(Page(rows, total, at_least, "ask for more") for rows, total in file) for file in files]
    return list(
        incomplete_lists((f"{number}.json", Contents(pa.schema([]), (), pages=of)) for number, of in enumerate(pages))
    )


@pytest.mark.parametrize(
    "files",
    [
        [],
        [[(3, 3)]],
        [[(0, 0)]],
        [[(2, 5), (2, 5), (1, 5), (0, 5)]],
        [[(0, 5)], [(1, 5)], [(2, 5)], [(2, 5)]],
        [[(3, 3)], [(3, 3)]],
        [[(4, 3)]],
    ],
)
def test_lists_that_are_whole(files: list[list[tuple[int, int]]]) -> None:
    assert warned(*files) == []


def test_lists_that_end_early() -> None:
    assert warned([(10, 207_000)]) == [f"0.json: 10 of 207,000 rows of a list{MORE}"]
    assert warned([(2, 5), (2, 5)]) == [f"0.json: 4 of 5 rows of a list{MORE}"]
    assert warned([(2, 9)], [(2, 9)], [(2, 9)], [(2, 9)]) == [
        f"0.json, 1.json, 2.json and 1 more: 8 of 9 rows of a list{MORE}"
    ]
    assert warned([(3, 5)], [(3, 5)]) == [f"{number}.json: 3 of 5 rows of a list{MORE}" for number in range(2)]


def test_lists_of_unknown_length_end_with_a_shorter_page() -> None:
    assert warned([(10, 10)], at_least=True) == [f"0.json: 10 of at least 10 rows of a list{MORE}"]
    assert warned([(10, 10), (10, 10)], at_least=True) == [f"0.json: 20 of at least 10 rows of a list{MORE}"]
    assert warned([(2, 10), (1, 10)], at_least=True) == [f"0.json: 3 of at least 10 rows of a list{MORE}"]
    assert warned([(10, 10)], [(3, 10)], at_least=True) == []
    assert warned([(10, 10), (10, 10), (0, 10)], at_least=True) == []
