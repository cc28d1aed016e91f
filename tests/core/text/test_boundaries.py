"""Weak names are replaced in their places, however often they repeat; what is around them is read once."""

from __future__ import annotations

import sys
from types import FrameType
from typing import Any

import pyarrow as pa

from anonkit.plugin.contracts import Boundary, Place
from anonkit.text.replace import TextReplacer
from anonkit.text.spellings import Literal, Literals

PLACES = (Place(r"/home/"), Place(r"user="))
LITERALS = Literals.from_literals([Literal("data", Boundary.NAMED, "UR_1", places=PLACES)])


def replaced(text: str) -> str:
    return str(TextReplacer(LITERALS)(pa.array([text]))[0].as_py())


def searches(text: str) -> int:
    """The number of searches with a regular expression that it takes to replace names in the text."""
    count = 0

    def counted(frame: FrameType, event: str, function: Any) -> None:
        nonlocal count
        count += event == "c_call" and function.__name__ == "search"

    before = sys.getprofile()
    sys.setprofile(counted)
    try:
        replaced(text)
    finally:
        sys.setprofile(before)
    return count


def test_what_is_around_a_name_decides_however_many_there_are() -> None:
    # More than are remembered, and again.
    kept = [f"/opt/{number}/data/" for number in range(6000)]
    named = [f"/home/data/{number}" for number in range(50)]
    text = " ".join((*named, *kept, *named, *kept[::-1]))
    assert replaced(text) == text.replace("/home/data", "/home/UR_1")


def test_what_is_around_a_name_is_read_once() -> None:
    assert 0 < searches("/opt/data/ " * 4000) == searches("/opt/data/ " * 400)
