from __future__ import annotations

import unicodedata

import pytest
from anonkit_std.reporters.file_names import distinct_stems, safe_stem
from hypothesis import given
from hypothesis import strategies as st

NAMES = st.text(max_size=300) | st.text(st.sampled_from("aAbéßſ .~/\\:\0CONcon1\u0301e"), max_size=8)


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("FermiGrid", "FermiGrid"),
        ("Grid de España", "Grid de España"),
        ("../../etc/passwd", "_._.._etc_passwd"),
        ("C:\\x", "C__x"),
        (".hidden", "_hidden"),
        ("dots. . ", "dots"),
        ("a\nb\x1b\u202ec", "a_b__c"),
        ("nul", "_ul"),
        ("COM1.txt", "_OM1.txt"),
        ("console", "console"),
        ("", "_"),
        ("...", "_"),
        ("é" * 200, "é" * 90),
    ],
)
def test_stem_is_safe(name: str, stem: str) -> None:
    assert safe_stem(name) == stem


@given(NAMES)
def test_safe_stem(name: str) -> None:
    stem = safe_stem(name)
    assert safe_stem(stem) == stem
    assert 0 < len(stem.encode()) <= 180
    assert not set(stem) & set('<>:"/\\|?*')
    assert not any(unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp") for character in stem)
    assert not stem.startswith(".")
    assert not stem.endswith((".", " "))


def folded(stem: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", stem).casefold())


@given(st.lists(NAMES))
def test_no_two_names_share_a_file(names: list[str]) -> None:
    stems = distinct_stems(names)
    assert len({folded(stem) for stem in stems.values()}) == len(set(names)) == len(stems)
    assert all(len(stem.encode()) <= 180 + 65 for stem in stems.values())


def test_the_first_of_those_that_would_meet_keeps_its_name() -> None:
    stems = distinct_stems(["FermiGrid", "FERMIGRID", "fermigrid"])
    assert stems["FermiGrid"] == "FermiGrid"
    assert stems["FERMIGRID"].startswith("FERMIGRID~")
    assert stems["fermigrid"].startswith("fermigrid~")


def test_changed_name_is_marked() -> None:
    stems = distinct_stems(["a/b", "a_b", "a:b"])
    assert stems["a_b"] == "a_b"
    assert stems["a/b"].startswith("a_b~")
    assert len(set(stems.values())) == 3
