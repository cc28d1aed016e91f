"""Who is who after pass one."""

from __future__ import annotations

from anonkit_std.tokenizers.finding.one_person import reconciled

from anonkit.api import Evidence


def one(*spellings: str, sure: bool = True, cells: bool = False, refuted: bool = False, below: str = "") -> Evidence:
    return Evidence(frozenset(spellings), not sure, refuted, frozenset([below] if below else []), cells)


def test_names_become_the_handle() -> None:
    met = {
        "annak": one("Anna Example", "anna.example", cells=True),
        "Anna Example": one("Anna Example"),
        "anna.example": one("anna.example", sure=False),
        "ben": one(sure=False),
    }
    assert reconciled(met, frozenset()) == {"Anna Example": "annak", "anna.example": "annak"}


def test_groups_are_no_identities() -> None:
    met = {"nova": one(sure=False), "gm2": one(sure=False, refuted=True), "annak": one(sure=False, below="nova")}
    assert reconciled(met, frozenset(["nova"])) == {"nova": None, "gm2": None}


def test_a_folder_below_a_user_s_home_is_no_identity() -> None:
    assert reconciled({"annak": one(cells=True), "myjobs": one(sure=False, below="annak")}, frozenset()) == {
        "myjobs": None
    }


def test_what_is_above_a_user_s_home_is_a_group() -> None:
    met = {"genie": one(sure=False), "annak": one(cells=True, below="genie")}
    assert reconciled(met, frozenset()) == {"genie": None}


def test_a_subgroup_and_a_user_are_no_dotted_handle() -> None:
    met = {"keepup.annak": one(sure=False), "annak": one(cells=True), "anna.example": one(sure=False)}
    assert reconciled(met, frozenset()) == {"keepup.annak": None}
