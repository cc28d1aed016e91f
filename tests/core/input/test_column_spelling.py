"""Columns by the names that the operator gives."""

from __future__ import annotations

import pytest

from anonkit.input.column_spelling import in_input


@pytest.mark.parametrize(
    ("column", "names", "found"),
    [
        ("User", ["user", "User"], "User"),
        ("User", ["Site", "USER"], "USER"),
        ("User", ["user", "USER"], "User"),
        ("User", [], "User"),
    ],
)
def test_a_column_is_found_exactly_or_else_without_regard_to_letter_case(
    column: str, names: list[str], found: str
) -> None:
    assert in_input(column, names) == found
