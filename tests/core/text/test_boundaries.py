"""Weak names are replaced in their places, however often they repeat; what is around them is read once."""

from __future__ import annotations

from functools import partial

import pyarrow as pa
import pytest
from call_counts import count_calls

from anonkit.plugin.contracts import Boundary, Place
from anonkit.text.replace import TextReplacer
from anonkit.text.spellings import Literal, Literals

PLACES = (Place(r"/home/"), Place(r"user="))
LITERALS = Literals.from_literals([Literal("data", Boundary.NAMED, "UR_1", places=PLACES)])


def replaced(text: str) -> str:
    return str(TextReplacer(LITERALS)(pa.array([text]))[0].as_py())


def test_what_is_around_a_name_decides_however_many_there_are() -> None:
    # More than are remembered, and again.
    kept = [f"/opt/{number}/data/" for number in range(6000)]
    named = [f"/home/data/{number}" for number in range(50)]
    text = " ".join((*named, *kept, *named, *kept[::-1]))
    assert replaced(text) == text.replace("/home/data", "/home/UR_1")


def test_what_is_around_a_name_is_read_once() -> None:
    few, many = (count_calls(partial(replaced, "/opt/data/ " * repeats), "search") for repeats in (400, 4000))
    assert 0 < few == many


@pytest.mark.parametrize("byte", ["%ad", "%a7", "%80", "%e9", "\\xad"])
def test_a_byte_that_is_not_utf_8_is_no_letter_of_a_word(byte: str) -> None:
    word = TextReplacer(Literals.from_literals([Literal("kzq", Boundary.WORD, "UR_1")]))
    for text in (f"x{byte}kzq", f"kzq{byte}x", f"x{byte}kzq{byte}x"):
        assert word(pa.array([text])).to_pylist() == [text.replace("kzq", "UR_1")]
