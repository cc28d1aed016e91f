"""Of a page of numbers of dictionary entries all bytes are kept but those of the numbers."""

from __future__ import annotations

import pytest

from anonkit.auditing.parquet_indices import without_indices

REPEATED, IN_A_ROW = b"\x14a", b"\x03abcdefgh"
"""Ten times the number 97, and the numbers from 97 to 104, of eight bits each."""


@pytest.mark.parametrize(
    ("page", "values", "rest"),
    [
        (b"\x08" + REPEATED, 10, b""),
        (b"\x08" + REPEATED + IN_A_ROW, 18, b""),
        (b"\x08" + REPEATED + b"annak", 10, b"annak"),
        (b"\x08" + IN_A_ROW + b"annak", 5, b"annak"),
        (b"\x10\x14ab" + b"annak", 10, b"annak"),
        (b"\x00\x14" + b"annak", 10, b"annak"),
        (b"\x08\x80\x01a" + b"annak", 64, b"annak"),
        (b"\x08\x80", 10, b""),
        (b"", 10, b""),
        (b"\x08annak", 0, b"annak"),
    ],
)
def test_what_follows_the_numbers_is_kept(page: bytes, values: int, rest: bytes) -> None:
    assert without_indices(page, values, 0, 0) == rest


def test_levels_are_kept() -> None:
    assert without_indices(b"levels\x08" + REPEATED, 10, 6, 1) == b"levels"
    sized = b"\x03\0\0\0abc\x02\0\0\0de"
    assert without_indices(sized + b"\x08" + REPEATED + b"x", 10, None, 2) == sized + b"x"
    assert without_indices(b"\xff\xff\xff\xff", 10, None, 1) == b"\xff\xff\xff\xff"
