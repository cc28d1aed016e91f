"""A full name beside the person's own address is that person's."""

from __future__ import annotations

import pyarrow as pa
import pytest
from anonkit_std.tokenizers.finding.addressed_names import beside_addresses, in_addresses
from anonkit_std.tokenizers.finding.scan import Scan


def people(text: str) -> list[tuple[str | None, tuple[str, ...]]]:
    return [(one.handle, one.names) for _, one in in_addresses(Scan.from_text(pa.array([None, text], pa.string())))]


@pytest.mark.parametrize(
    "text",
    [
        "git commit --author='Anna Example <annak@example.org>' -m x",
        'mail -r "Anna Example <annak@example.org>" x',
        "From: Anna Example <annak@example.org>",
        "mail to Anna Example <annak@example.org>",
        'From: "Anna Example" <annak@example.org>',
        'From: "Example, Anna" <annak@example.org>',
        r'{"to": "\"Anna Example\" <annak@example.org>"}',
        "From: annak@example.org (Anna Example)",
    ],
)
def test_a_name_before_an_address(text: str) -> None:
    assert people(text) == [("annak", ("Anna Example",))]


@pytest.mark.parametrize("word", ["=?utf-8?Q?Zo=C3=AB_Example?=", "=?UTF-8?B?Wm/DqyBFeGFtcGxl?="])
def test_an_encoded_name_before_an_address(word: str) -> None:
    texts = pa.array([f"From: {word} <zoek@example.org>"])
    found = [(one.handle, one.names, one.others) for _, one in in_addresses(Scan.from_text(texts))]
    assert found == [("zoek", ("Zoë Example",), (word,))]


def test_a_name_that_git_is_given() -> None:
    assert people('git -c user.name="Anna Example" -c user.email=annak@example.org') == [(None, ("Anna Example",))]


@pytest.mark.parametrize(
    "text",
    [
        "--mail annak@example.org --name 'Anna Example' x", '--full-name "Anna Example" --email=annak@example.org',
        "--submitter-name 'Anna Example' --submitter-email annak@example.org",
        '{"name": "Anna Example", "email": "annak@example.org"}', '{"email":"annak@example.org","name":"Anna Example"}',
    ],
)  # fmt: skip
def test_a_name_in_another_option_or_claim_than_the_address(text: str) -> None:
    assert people(text) == [("annak", ("Anna Example",))]


@pytest.mark.parametrize(
    "cell",
    [
        "Anna Example <annak@example.org>", '"Example, Anna" <annak@example.org>', "annak@example.org (Anna Example)",
        "bobk@example.org, Anna Example <annak@example.org>",
    ],
)  # fmt: skip
def test_a_name_in_a_list_of_addresses(cell: str) -> None:
    assert [(person.handle, person.names) for person in beside_addresses(cell)] == [("annak", ("Anna Example",))]


@pytest.mark.parametrize("key", ["eppn", "preferred_username", "sub"])
def test_a_name_in_a_claim_beside_an_account(key: str) -> None:
    text = f'{{"name": "Anna Example", "given_name": "Anna", "{key}": "annak"}}'
    assert ("annak", ("Anna Example",)) in people(text)


@pytest.mark.parametrize("option", ["--mail van example@example.org", "--mail-user=FAIL annak@example.org"])
def test_a_name_in_another_option_than_an_address_after_blanks(option: str) -> None:
    assert people(f"{option} --name 'Anna Example'") == [(None, ("Anna Example",))]


def test_the_parts_of_a_name_in_claims() -> None:
    claims = '{"given_name":"Anna","family_name":"Examplova","eppn":"annak@example.org"}'
    found = [one for _, one in in_addresses(Scan.from_text(pa.array([claims])))]
    assert [(one.handle, one.names, one.others) for one in found] == [("annak", ("Anna Examplova",), ("Examplova",))]


def claims(number: int) -> list[tuple[str, str]]:
    """Return given names and surnames, all different."""
    letters = [f"{first}{second}" for first in "abcdefghij" for second in "klmnopqrstuvwxyz"]
    return [(f"Anna{letter}", f"Example{letter}") for letter in letters[:number]]


@pytest.mark.parametrize("number", [1, 2, 4, 5, 40])
@pytest.mark.parametrize("order", [slice(None), slice(None, None, -1)])
def test_each_name_of_many_claims(number: int, order: slice) -> None:
    parts = ((f'"given_name":"{first}"', f'"family_name":"{last}"')[order] for first, last in claims(number))
    found = {
        name for _, names in people(f"[{','.join(f'{{{one},{other}}}' for one, other in parts)}]") for name in names
    }
    assert {f"{first} {last}" for first, last in claims(number)} <= found


@pytest.mark.parametrize("text", ['"email":"{0}@b","name":"{1} {2}",', "--mail {0}@b --name '{1} {2}' "])
def test_each_of_many_names_beside_its_address(text: str) -> None:
    names = claims(100)
    found = people("".join(text.format(last.lower(), first, last) for first, last in names))
    assert {(last.lower(), (f"{first} {last}",)) for first, last in names} <= {*found}
    assert len(found) <= 3 * 100


def test_many_claims_make_few_people() -> None:
    text = "".join(f'"given_name":"{first}","family_name":"{last}",' for first, last in claims(100))
    assert len(people(text)) <= 2 * 100


@pytest.mark.parametrize("text", ["--name 'Anna Example'", "--mail annak@example.org --name job_12", '{"email": "x"}'])
def test_a_name_without_an_address(text: str) -> None:
    assert people(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "a <b@example.org>",
        "x < y",
        "Anna Example <no address>",
        "user.name=",
        "1 <2@3>",
        "=?x-none?Q?Zo=C3_E?= <a@b.org>",
    ],
)
def test_nobody(text: str) -> None:
    assert people(text) == []
