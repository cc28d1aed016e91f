"""Hex, base64 and reversed: whatever stands around a name, its pattern is in what comes out."""

from __future__ import annotations

import base64

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis_profiles import many_examples

from anonkit.plugin.contracts import Boundary
from anonkit.text.encoded_forms import encoded_forms
from anonkit.text.replace import TextReplacer
from anonkit.text.spellings import Literal, Literals

names = st.text("annakbü.-_0", min_size=1, max_size=14)
around = st.binary(max_size=7)


def found(name: str) -> set[bytes]:
    return {pattern for pattern, _ in encoded_forms([name])}


@many_examples
@given(names, around, around)
def test_hex_of_five_bytes_or_more(name: str, before: bytes, behind: bytes) -> None:
    standing = [pattern for pattern in found(name) if pattern in (before + name.encode() + behind).hex().encode()]
    assert (name.encode().hex().encode() in standing) == (len(name.encode()) >= 5)


@many_examples
@given(names.filter(lambda name: len(name.encode()) >= 8), around, around, st.booleans())
def test_base64_wherever_a_group_of_three_bytes_begins(name: str, before: bytes, behind: bytes, url: bool) -> None:
    encode = base64.urlsafe_b64encode if url else base64.b64encode
    text = encode(before + name.encode() + behind).lower()
    assert any(pattern in text for pattern in found(name))


@many_examples
@given(names)
def test_short_names_have_no_disguise(name: str) -> None:
    assert all(len(pattern) >= 6 for pattern in found(name))
    assert bool(found(name)) == (len(name.encode()) >= 5)


@pytest.mark.parametrize(("name", "reversed_"), [("annakov", b"vokanna"), ("annak", None), ("Abccba", None)])
def test_reversed_from_six_characters_unless_it_reads_the_same(name: str, reversed_: bytes | None) -> None:
    backwards = name.lower()[::-1].encode()
    assert (backwards in found(name)) == (reversed_ is not None)


def garbled(text: str, name: str = "annakova") -> str:
    garbler = TextReplacer(Literals.from_literals([Literal(name, Boundary.WORD, "[]", find_encoded=True)]))
    return str(garbler(pa.array([text]))[0])


@pytest.mark.parametrize("cased", ["annakova", "ANNAKOVA", "Annakova"])
@pytest.mark.parametrize("before", ["", "x", "xy"])
@pytest.mark.parametrize("behind", ["", "1", "12"])
def test_what_base64_tells_of_a_name_goes_with_it(cased: str, before: str, behind: str) -> None:
    """The characters at either end hold some bits of the first and the last letter."""
    text = garbled(base64.b64encode((before + cased + behind).encode()).decode())
    same = base64.b64encode((before + "\0" * 8 + behind).encode()).decode().rstrip("=")
    head, tail = text.rstrip("=").split("[]")
    assert head == same[: 8 * len(before) // 6]
    assert tail == same[-(-8 * (len(before) + 8) // 6) :]


def test_in_any_letter_case() -> None:
    assert garbled(f"id={b'AnnaKova'.hex().upper()}") == "id=" + b"AnnaKova".hex().upper()
    assert garbled(f"id={b'ANNAKOVA'.hex().upper()} avokanna xAVOKANNAx") == "id=[] [] x[]x"


def test_only_where_it_is_asked_for() -> None:
    plain, disguised = (
        Literals.from_literals([Literal("annakova", Boundary.WORD, "T", find_encoded=one)]) for one in (False, True)
    )
    assert plain.patterns == (b"annakova",)
    assert set(plain.patterns) < set(disguised.patterns)


def test_a_plain_spelling_wins_over_the_disguise_of_another() -> None:
    literals = Literals.from_literals(
        [
            Literal("avokanna", Boundary.WORD, "A", find_encoded=True),
            Literal("annakova", Boundary.WORD, "B", find_encoded=True),
        ]
    )
    place = literals.patterns.index(b"annakova")
    assert (literals.tokens[place], literals.rules[place]) == ("B", Boundary.ANYWHERE)
