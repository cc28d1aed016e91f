"""Normal forms are Unicode's own, but for runs of combining marks that no language has."""

from __future__ import annotations

import unicodedata
from functools import partial

import pytest
from call_counts import count_calls
from hypothesis import given
from hypothesis import strategies as st

from anonkit.normal_form import MOST_MARKS, is_mark, normalized

FORMS = ("NFC", "NFD", "NFKC", "NFKD")
texts = st.text(st.sampled_from("eq\u0301\u0316\u0f73\uff9e\u00e9\uff21\u4e2d"), max_size=3 * MOST_MARKS)


@given(st.text(max_size=MOST_MARKS), st.sampled_from(FORMS))
def test_text_with_short_runs_of_marks_is_normalized_as_unicode_says(text: str, form: str) -> None:
    assert normalized(form, text) == unicodedata.normalize(form, text)  # type: ignore[arg-type]


@given(texts)
def test_the_first_marks_of_a_run_are_normalized(text: str) -> None:
    short, marks = "", 0
    for char in text:
        marks = marks + 1 if is_mark(char) else 0
        short += char if marks <= MOST_MARKS else ""
    assert normalized("NFKC", text) == unicodedata.normalize("NFKC", short)


@pytest.mark.parametrize("pair", ["\u0301\u0316", "\u0f73\u0301", "\uff9e\u0316"])
def test_no_long_run_of_marks_is_left(pair: str) -> None:
    assert len(normalized("NFD", "e" + pair * 50_000)) <= 1 + 3 * MOST_MARKS


def test_a_mark_is_a_character_that_combines_with_the_one_before() -> None:
    assert [is_mark(char) for char in "e\u0301\u0f73\uff9e\u00e9\u4e2d"] == [False, True, True, True, False, False]


def test_a_long_text_of_other_letters_is_not_read_letter_by_letter_each_time() -> None:
    normalized("NFC", "\u00e9\u4e2d" * 50)  # what a character is, is remembered
    short, long = (count_calls(partial(normalized, "NFC", "\u00e9\u4e2d" * repeats)) for repeats in (50, 500))
    assert short == long
