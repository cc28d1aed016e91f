"""Spelling literals out: case, form, escapes; which of two gets a pattern."""

from __future__ import annotations

import json
import pickle
import unicodedata
from urllib.parse import quote, quote_plus

import pytest
from call_counts import count_calls
from hypothesis import given
from hypothesis import strategies as st
from hypothesis_profiles import many_examples

from anonkit.plugin.contracts import Boundary
from anonkit.text.spellings import _SAME_EVERYWHERE, Literal, Literals, spellings


def test_the_plain_spelling_comes_first_in_lower_case() -> None:
    assert list(spellings("BoB.x-1_y")) == [b"bob.x-1_y"]


def test_no_text_has_no_spelling() -> None:
    assert list(spellings("")) == []


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ('a"b', b'a\\"b'),
        ("a\\b", b"a\\\\b"),
        ("a\tb", b"a\\tb"),
        ("o'brien", b"o''brien"),
        ("a+b", b"a%2bb"),
        ("a b", b"a%20b"),
        ("a/b", b"a%2fb"),
        ("jürgen", b"j\\u00fcrgen"),
        ("jürgen", b"j%c3%bcrgen"),
        ("jürgen", "JÜRGEN".encode().lower()),
        ("jürgen", "ju\u0308rgen".encode()),
        ("JU\u0308RGEN", "jürgen".encode()),
        ("straße", b"strasse"),
        ("😀x", b"\\ud83d\\ude00x"),
    ],
)
def test_escapes_and_cases_are_spelled_out(text: str, escaped: bytes) -> None:
    assert escaped in list(spellings(text))


@many_examples
@given(st.text(min_size=1, max_size=8))
def test_every_common_way_to_write_a_text_is_found(text: str) -> None:
    found = set(spellings(text))
    for form in (text, unicodedata.normalize("NFC", text), unicodedata.normalize("NFD", text)):
        for cased in (form, form.lower(), form.upper(), form.title()) if not text.isascii() else (form, form.upper()):
            for written in (cased, json.dumps(cased)[1:-1], cased.replace("'", "''"), quote(cased, safe="")):
                assert written.encode().lower() in found


@many_examples
@given(st.text(max_size=8))
def test_spellings_are_distinct_and_ready_for_the_search(text: str) -> None:
    found = list(spellings(text))
    assert len(set(found)) == len(found)
    assert all(pattern and pattern == pattern.lower() and pattern.decode() for pattern in found)


@pytest.mark.parametrize("text", ["\ud800", "a\udcffb"])
def test_a_text_that_is_no_unicode_is_found_only_where_it_is_escaped(text: str) -> None:
    """Dropping what cannot be encoded would leave a pattern that finds something else."""
    assert list(spellings(text)) == [json.dumps(text)[1:-1].encode()]


def test_the_first_literal_keeps_a_pattern() -> None:
    literals = Literals.from_literals(
        [Literal("Bob", Boundary.WORD, "A"), Literal("bob", Boundary.WORD, "B"), Literal("al", Boundary.WORD, "C")]
    )
    assert literals == Literals((b"bob", b"al"), (Boundary.WORD, Boundary.WORD), ("A", "C"))
    assert len(literals) == 2


@pytest.mark.parametrize(
    ("first", "second", "together"),
    [
        (Boundary.WORD, Boundary.PREFIX, Boundary.PREFIX),
        (Boundary.PREFIX, Boundary.WORD, Boundary.PREFIX),
        (Boundary.PREFIX, Boundary.ANYWHERE, Boundary.ANYWHERE),
        (Boundary.ANYWHERE, Boundary.NUMBER, Boundary.ANYWHERE),
        (Boundary.NUMBER, Boundary.NUMBER, Boundary.NUMBER),
        (Boundary.WORD, Boundary.NUMBER, Boundary.NUMBER),
        (Boundary.NUMBER, Boundary.PREFIX, Boundary.ANYWHERE),
        (Boundary.WORD, Boundary.END, Boundary.END),
        (Boundary.END, Boundary.PREFIX, Boundary.ANYWHERE),
        (Boundary.END, Boundary.END, Boundary.END),
    ],
)
def test_a_pattern_of_two_literals_may_sit_where_either_may(
    first: Boundary, second: Boundary, together: Boundary
) -> None:
    """The user gm2 must not keep the experiment gm2 in gm2gpvm01 from being replaced."""
    literals = Literals.from_literals([Literal("gm2", first, "UR_1"), Literal("GM2", second, "EX_1")])
    assert literals == Literals((b"gm2",), (together,), ("UR_1",))


def test_literals_before_others_keep_what_both_have() -> None:
    literals = Literals.from_literals(
        [Literal("bob", Boundary.ANYWHERE, "UR_1"), Literal("ur_1", Boundary.ANYWHERE, "UR_2")]
    )
    ahead = literals.with_leading([Literal("UR_1", Boundary.WORD, "UR_1"), Literal("UR_2", Boundary.WORD, "UR_2")])
    assert ahead.patterns == (b"ur_1", b"ur_2", b"bob")
    assert ahead.rules == (Boundary.WORD, Boundary.WORD, Boundary.ANYWHERE)
    assert ahead.tokens == ("UR_1", "UR_2", "UR_1")


def test_no_literals() -> None:
    assert len(Literals.from_literals([])) == 0
    assert Literals.from_literals([]).with_leading([]) == Literals((), (), ())


def test_literals_can_be_sent() -> None:
    literals = Literals.from_literals([Literal("bob", Boundary.WORD, "A")])
    assert pickle.loads(pickle.dumps(literals)) == literals


@pytest.mark.parametrize("sign", [chr(code) for code in range(128) if _SAME_EVERYWHERE.fullmatch(chr(code))])
def test_text_without_escapable_characters_has_one_spelling(sign: str) -> None:
    ways = (json.dumps(sign)[1:-1], sign.replace("'", "''"), quote(sign, safe=""), quote_plus(sign))
    assert {*ways} == {sign}
    assert [*spellings(f"x{sign}")] == [f"x{sign}".lower().encode()]


def test_the_letter_cases_of_a_name_are_normalized_once_each() -> None:
    # There are twelve of them, and each has three forms.
    assert count_calls(lambda: list(spellings("zo\u00eb \u00df")), "normalize") < 60
