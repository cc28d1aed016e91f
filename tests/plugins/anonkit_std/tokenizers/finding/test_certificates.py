"""Certificate subjects: whom they name, and whom they do not."""

from __future__ import annotations

import pytest
from anonkit_std.tokenizers.finding.certificates import Subject, name_spellings, subject
from hypothesis import given
from hypothesis import strategies as st
from hypothesis_profiles import many_examples

GRID = "/DC=org/DC=example/C=US/O=Example Laboratory"


@pytest.mark.parametrize(
    ("text", "handle", "names"),
    [
        (f"{GRID}/OU=People/CN=Anna Example/CN=UID:annak", "annak", ("Anna Example",)),
        (f"{GRID}/OU=People/CN=UID:annak", "annak", ()),
        (f"{GRID}/OU=Robots/CN=node1.example.org/CN=cron/CN=Anna Example/CN=UID:annak", "annak", ("Anna Example",)),
        (f"{GRID}/OU=Robots/CN=node1.example.org/CN=cron/CN=Production User/CN=UID:novapro", "novapro", ()),
        (f"{GRID}/CN=Anna Example A12345", None, ("Anna Example",)),
        (f"{GRID}/CN=Anna Example A12345/CN=1234567890", None, ("Anna Example",)),
        ("/DC=ch/DC=example/OU=Organic Units/OU=Users/CN=annak/CN=654321/CN=Anna Example", "annak", ("Anna Example",)),
        ("CN=UID:annak,CN=Anna Example,OU=People,O=Example\\, Inc.,DC=example,DC=org", "annak", ("Anna Example",)),
        ("UID=annak, CN=Anna Example, DC=example", "annak", ("Anna Example",)),
        ("C = US, O = Example, CN = Anna M. Example", None, ("Anna M. Example",)),
        ('CN="Anna Example",DC=example', None, ("Anna Example",)),
        (f"{GRID}/CN=Zoë O'Brien-Müller/CN=UID:zoë", "zoë", ("Zoë O'Brien-Müller",)),
        (f"{GRID}/CN=Anna Example/CN=UID:k.o+n$k(a)", "k.o+n$k(a)", ("Anna Example",)),
        (f"{GRID}/CN=UID:annak,/nova/Role=Production/Capability=NULL", "annak", ()),
    ],
)
def test_persons(text: str, handle: str | None, names: tuple[str, ...]) -> None:
    assert subject(text) == Subject(handle, names)


@pytest.mark.parametrize(
    "text",
    [
        f"{GRID}/CN=host/node1.example.org",
        f"{GRID}/CN=node1.example.org",
        f"{GRID}/CN=Robot: Anna Example - data transfer",
        f"{GRID}/CN=Data Transfer Service",
        f"{GRID}/CN=UID:12345",
        f"{GRID}/OU=Anna Example",
        "Anna Example",
        "/home/annak",
        "CN",
        "",
    ],
)
def test_nobody(text: str) -> None:
    assert subject(text) is None


PARTS = st.sampled_from(["Anna", "Example", "von", "Berg", "O'Brien", "J.", "Éva", "Li"])
NAMES = st.lists(PARTS, min_size=2, max_size=4).filter(lambda parts: sum(map(len, parts)) >= 4).map(" ".join)
HANDLES = st.none() | st.sampled_from(["annak", "o.brandl", "x-y", "7kvas", "éva"])
UNITS = st.lists(
    st.sampled_from(["OU=People", "O=Example Lab", "DC=org", "CN=12345", "CN=node1.example.org"]), max_size=3
)


@many_examples
@given(UNITS, NAMES, HANDLES)
def test_both_spellings_name_the_same(units: list[str], name: str, handle: str | None) -> None:
    """The slow way round: the subject is put together from what it is to say."""
    attributes = [*units, f"CN={name}", *([f"CN=UID:{handle}"] if handle else [])]
    expected = Subject(handle, (name,))
    assert subject("".join(f"/{one}" for one in attributes)) == expected
    assert subject(",".join(reversed(attributes))) == expected
    assert subject(", ".join(one.replace("=", " = ") for one in reversed(attributes))) == expected


@many_examples
@given(st.text('/CN=UID: ,\\"aé.\n', max_size=40))
def test_anything_else_is_read_without_a_fault(text: str) -> None:
    found = subject(text)
    assert found is None or found.handle or found.names


def test_spellings_of_a_name() -> None:
    assert set(name_spellings("Anna Example")) == {
        "Anna Example", "Anna_Example", "Anna-Example", "Anna.Example", "AnnaExample",
        "Example Anna", "Example_Anna", "Example-Anna", "Example.Anna", "ExampleAnna", "Example, Anna",
    }  # fmt: skip
    assert {"Anna Example", "Anna M. Example", "Example, Anna M.", "Example Anna M.", "Example, Anna"} <= set(
        name_spellings("Anna M. Example")
    )
    assert next(name_spellings("Anna M. Example")) == "Anna M. Example"
