"""What means null is found from the ends of texts as if each were folded and compared."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anonkit.input.null_values import NullValues

BLANKS = st.text(" \t\n\u00a0\u2003\x1c", max_size=3)
LETTERS = st.text("nNaA_-KkÉéß1", max_size=4)
# The Kelvin sign is a k in lower case.
NULL_TEXTS = st.lists(st.sampled_from(["", "n", "nan", "Ana", " nk ", "é", "n\u212a", "-", "x" * 70]), max_size=4)
TEXTS = st.lists(st.none() | st.builds("{}{}{}".format, BLANKS, LETTERS, BLANKS) | st.just("n" + " " * 64), max_size=9)


def slowly(text: str | None, nulls: list[str]) -> str | None:
    if text is None or (len(text.encode()) <= 64 and text.strip().lower() in {null.strip().lower() for null in nulls}):
        return None
    return text


@given(TEXTS, NULL_TEXTS, st.integers(0, 3), st.integers(0, 2))
def test_as_if_each_were_compared(texts: list[str | None], nulls: list[str], skip: int, off: int) -> None:
    array = pa.array(texts, pa.string())[skip : len(texts) - off]
    removed = NullValues.from_texts(tuple(nulls)).removed(array)
    removed.validate(full=True)
    assert removed.to_pylist() == [slowly(text, nulls) for text in array.to_pylist()]


@pytest.mark.parametrize("text", ["NAN", " nan\n", "\u00a0nan\u2003", "", "n\u212a"])
def test_what_means_null_between_others(text: str) -> None:
    array = pa.array(["anna", text, None, "nano", text])
    removed = NullValues.from_texts(("nan", "", "nk")).removed(array)
    assert removed.to_pylist() == ["anna", None, None, "nano", None]


def test_what_lies_under_a_null_does_not_come_back() -> None:
    hidden = pa.Array.from_buffers(
        pa.string(), 2, [pa.py_buffer(b"\x02"), *pa.array(["nan", "x"]).buffers()[1:]], null_count=1
    )
    assert NullValues.from_texts(("nan",)).removed(hidden).to_pylist() == [None, "x"]


def test_other_texts_are_not_copied() -> None:
    array = pa.array(["anna", "nnn", "x" * 100])
    assert NullValues.from_texts(("nan",)).removed(array) is array
