"""The reference has every command, option, hook and public name."""

from __future__ import annotations

from tests.contracts.reference import STORED, reference


def test_the_reference_is_current() -> None:
    assert STORED.read_text(encoding="utf-8") == reference(), "docs/reference.md is not current: run `make reference`"


def test_it_has_something_of_each_sort() -> None:
    text = reference()
    for part in ("`anonkit plugins new`", "### `[run]`", "| `workers` | a whole number | `0` |", "| `Reporter` |"):
        assert part in text
    assert "| `register_readers` |" in text
