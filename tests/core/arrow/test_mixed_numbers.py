"""Columns that hold numbers in some files and text in others are marked."""

from __future__ import annotations

import pyarrow as pa

from anonkit.arrow.mixed_numbers import MIXED, is_mixed


def test_a_mark_is_recognised() -> None:
    assert is_mixed(pa.field("a", pa.string(), metadata=MIXED))
    assert is_mixed(pa.field("a", pa.string(), metadata={"anonkit.numeric": "mixed", "more": "x"}))
    assert not is_mixed(pa.field("a", pa.string(), metadata={"anonkit.numeric": "no"}))
    assert not is_mixed(pa.field("a", pa.string()))
