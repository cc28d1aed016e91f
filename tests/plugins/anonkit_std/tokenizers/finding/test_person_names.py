"""Names of people: what is beside them, and how programs write them."""

from __future__ import annotations

import pytest
from anonkit_std.tokenizers.finding.name_spellings import handle_spellings, name_spellings
from anonkit_std.tokenizers.finding.person_names import PersonName, person_name
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ("Anna Example", "Anna Example"),
        ("anna example", "anna example"),
        ("ANNA EXAMPLE", "ANNA EXAMPLE"),
        ("  Anna   Example ", "Anna Example"),
        ("Anna_Example", "Anna Example"),
        ("Anna.Example", "Anna Example"),
        ("anna.example", "anna example"),
        ("Anna-Example", "Anna Example"),
        ("AnnaExample", "Anna Example"),
        ("Example, Anna M.", "Anna M. Example"),
        ("Dr. Anna Example", "Anna Example"),
        ("Prof. Dr. Anna Example, PhD", "Anna Example"),
        ("Anna Example Jr.", "Anna Example"),
        ("Anna Example III", "Anna Example"),
        ("Anna Example 12345", "Anna Example"),
        ("Anna van der Berg", "Anna van der Berg"),
        ("Anna O'Brien-Müller", "Anna O'Brien-Müller"),
        ("Anna de la Cruz al-Bakri", "Anna de la Cruz al-Bakri"),
        ("Example Anna", "Example Anna"),
        ("Li Wu", "Li Wu"),
        ("김민준", "김민준"),
        ("मीरा शर्मा", "मीरा शर्मा"),
        ("J?rgen Example", "J?rgen Example"),
    ],
)
def test_names(value: str, name: str) -> None:
    assert person_name(value) == PersonName((name,))


@pytest.mark.parametrize(
    ("value", "names"),
    [
        ("李娜 (Na Li)", ("李娜", "Na Li")),
        ("Na Li (李娜)", ("Na Li", "李娜")),
        ("Anna Example (Client Tester)", ("Anna Example",)),
    ],
)
def test_a_name_in_another_script_in_brackets(value: str, names: tuple[str, ...]) -> None:
    assert person_name(value) == PersonName(names)


@pytest.mark.parametrize(
    ("name", "spelling"),
    [
        ("Marie-Aude Example-Robin", "MarieAudeExampleRobin"), ("Marie-Aude Example", "Marie_Aude_Example"),
        ("Anna O'Brien", "anna.obrien"), ("Anna O\u2019Brien", "anna_obrien"), ("A\u030asa O\u0308berg", "AsaOberg"),
        ("A\u030asa O\u0308berg", "\u00c5sa \u00d6berg"), ("Anna O'Brien", "anna_o_brien"),
        ("Anne-Lise D\u2019Exemple", "anne-lise-d-exemple"), ("Anna Maria van der Berg", "Anna van der Berg"),
        ("Anna Maria van der Berg", "van der Berg, Anna Maria"), ("Anna Maria van der Berg", "van_der_berg_anna"),
        ("\u0130lker Y\u0131ld\u0131r", "ilker.y\u0131ld\u0131r"), ("Elif \u015eahin", "EL\u0130F_\u015eAH\u0130N"),
        ("Anna van der Berg", "Anna vanderBerg"), ("Ελένη Αύ", "ΕΛΕΝΗ ΑΥ"),
        ("Фёдор Аб", "Федор Аб"),
        ("\u5c71\u7530\u592a\u90ce", "\u5c71\u7530 \u592a\u90ce"),
    ],
)  # fmt: skip
def test_signs_and_accents_that_programs_drop(name: str, spelling: str) -> None:
    spellings = list(name_spellings(name))
    assert spellings[0] == name
    assert spelling.casefold() in map(str.casefold, spellings)


@pytest.mark.parametrize(
    "value",
    [
        "node1.example.org", "cluster.local", "HOST.EXAMPLE.ORG", "grid.example.org", "*.example.org",
        "host/node1.example.org", "voms/x", "12345", "annak", "Production", "", "proxy", "limited proxy",
        "Data Transfer Service", "EXP Grid Service", "Example Certificate Authority", "Production User",
    ],
)  # fmt: skip
def test_no_identity(value: str) -> None:
    assert not person_name(value)


@pytest.mark.parametrize("sign", [" -", " –", ",", ";", ":", " |", " /"])
@pytest.mark.parametrize("robot", ["", "Robot: ", "Robot - "])
def test_a_sign_between_a_name_and_an_address(sign: str, robot: str) -> None:
    found = person_name(f"{robot}Anna Example{sign} annak@example.org")
    assert (found.names, found.handles) == (("Anna Example",), ("annak",))


@pytest.mark.parametrize("code", ["aBcDeFgHiJkLmNoP", "a1B2c3D4e5F6g7H8"])
def test_a_code_of_the_issuer_is_no_part_of_a_name(code: str) -> None:
    found = person_name(f"Anna Example {code}")
    assert (found.names, found.addresses) == (("Anna Example",), (code,))


def test_a_name_of_people_is_a_name() -> None:
    assert person_name("Carlo Monte", is_of_people=True) == PersonName(("Carlo Monte",))


@given(st.text("aA. -_,()@:'1é王", max_size=30))
def test_anything_is_read_without_a_fault(value: str) -> None:
    for name in person_name(value).names:
        assert name == " ".join(name.split())
        assert next(name_spellings(name)) == name


def test_spellings_of_a_name() -> None:
    assert set(name_spellings("Anna Example")) == {
        "Anna Example", "Anna_Example", "Anna-Example", "Anna.Example", "AnnaExample",
        "Example Anna", "Example_Anna", "Example-Anna", "Example.Anna", "ExampleAnna", "Example, Anna", "Anna+Example",
    }  # fmt: skip
    assert {"Anna Example", "Anna M. Example", "Example, Anna M.", "Example Anna M.", "Example, Anna"} <= set(
        name_spellings("Anna M. Example")
    )
    assert next(name_spellings("Anna M. Example")) == "Anna M. Example"
    assert {"Anna van der Berg", "van der Berg, Anna", "Anna_Berg"} <= set(name_spellings("Anna van der Berg"))


def test_accents_may_be_lost() -> None:
    assert {"Jürgen Müller", "Jurgen.Muller", "Juergen_Mueller"} <= set(name_spellings("Jürgen Müller"))
    assert {"Łukasz Søren", "Lukasz Soren"} <= set(name_spellings("Łukasz Søren"))
    assert list(name_spellings("王伟")) == ["王伟"]


def test_spellings_of_a_handle_that_is_a_name() -> None:
    assert set(handle_spellings("anna.example")) == {
        "anna example", "anna_example", "anna-example", "anna.example", "annaexample", "example anna", "example, anna",
        "anna-2eexample",
    }  # fmt: skip
    assert "anna.example" in handle_spellings("anna_example")


@pytest.mark.parametrize(
    "handle", ["annak", "a.example", "anna.k", "anna.data", "prod.example", "anna.2", "a.b.c.example", "anna.grid", ""]
)
def test_other_handles_have_no_spellings(handle: str) -> None:
    assert not list(handle_spellings(handle))
