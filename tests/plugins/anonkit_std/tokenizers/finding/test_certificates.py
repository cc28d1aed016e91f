"""Certificate subjects: whom they name, and whom they do not."""

from __future__ import annotations

import pytest
from anonkit_std.tokenizers.finding.certificates import Subject, subject, subjects
from hypothesis import given
from hypothesis import strategies as st
from hypothesis_profiles import many_examples

GRID = "/DC=org/DC=example/C=US/O=Example Laboratory"
# Both parts of a name with their types, in either order, between the signs of every form, and alone.
TYPED = (
    *(f"GN=Anna{sign}SN=Example" for sign in ("/", ",", ", ", "+", " + ")),
    *(f"SN=Example{sign}GN=Anna" for sign in ("/", ",", ", ", "+", " + ")),
    *("GN=Anna", "SN=Example"),
)


@pytest.mark.parametrize(
    ("text", "handle", "names"),
    [
        (f"{GRID}/OU=People/CN=Anna Example/CN=UID:annak", "annak", ("Anna Example",)),
        (f"{GRID}/OU=People/CN=UID:annak", "annak", ()),
        (f"{GRID}/OU=Robots/CN=node1.example.org/CN=cron/CN=Anna Example/CN=UID:annak", "annak", ("Anna Example",)),
        (f"{GRID}/OU=Robots/CN=node1.example.org/CN=cron/CN=Production User/CN=UID:novapro", "novapro", ()),
        (f"{GRID}/CN=Anna Example 12345", None, ("Anna Example",)),
        (f"{GRID}/CN=Anna Example 364520/CN=1234567890", None, ("Anna Example",)),
        ("/DC=ch/DC=example/OU=Organic Units/OU=Users/CN=annak/CN=654321/CN=Anna Example", "annak", ("Anna Example",)),
        ("CN=UID:annak,CN=Anna Example,OU=People,O=Example\\, Inc.,DC=example,DC=org", "annak", ("Anna Example",)),
        ("UID=annak, CN=Anna Example, DC=example", "annak", ("Anna Example",)),
        ("C = US, O = Example, CN = Anna M. Example", None, ("Anna M. Example",)),
        ('CN="Anna Example",DC=example', None, ("Anna Example",)),
        (f'"{GRID}/CN=Anna Example"', None, ("Anna Example",)),
        (f"{GRID}/CN=Zoë O'Brien-Müller/CN=UID:zoë", "zoë", ("Zoë O'Brien-Müller",)),
        (f"{GRID}/CN=Anna Example/CN=UID:k.o+n$k(a)", "k.o+n$k(a)", ("Anna Example",)),
        (f"{GRID}/OU=Users/CN=none/CN=654321/CN=Anna Example", None, ("Anna Example",)),
        (f"{GRID}/CN=Anna Example/CN=UID:root", None, ("Anna Example",)),
        (f"{GRID}/CN=UID:root", "root", ()),
        (f"{GRID}/CN=UID:annak,/nova/Role=Production/Capability=NULL", "annak", ()),
        (f"{GRID}/CN=annaex/CN=Anna Example", "annaex", ("Anna Example",)),
        (f"{GRID}/CN=annaex - Anna Example", "annaex", ("Anna Example",)),
        (f"{GRID}/CN=annaex: Anna Example", "annaex", ("Anna Example",)),
        (f"{GRID}/CN=prod - Anna Example", None, ("Anna Example",)),
        (f"{GRID}/CN=prod/CN=Anna Example", None, ("Anna Example",)),
        ("/O=Example/OU=Globus Connect User/CN=zkvx7/CN=Anna Example", "zkvx7", ("Anna Example",)),
        (f"subject= {GRID}/CN=Anna Example", None, ("Anna Example",)),
        ("DN=CN=Anna Example,DC=example", None, ("Anna Example",)),
    ],
)
def test_persons(text: str, handle: str | None, names: tuple[str, ...]) -> None:
    found = subject(text)
    assert found is not None
    assert (found.handle, found.names) == (handle, names)


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("/DC=ch/DC=example/OU=Organic Units/OU=Users/CN=annak/CN=654321/CN=Anna Example", "annak/CN=654321"),
        ("CN=Anna Example,CN=654321,CN=annak,OU=Users,DC=example,DC=ch", "654321,CN=annak"),
        (f"{GRID}/CN=Anna Example 364520/CN=1234567890", "Anna Example 364520"),
    ],
)
def test_the_number_of_a_person_is_known_beside_the_account_or_the_name(text: str, other: str) -> None:
    found = subject(text)
    assert found is not None
    assert other in found.others


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("SN=Example, GN=Anna, CN=Example Anna, O=Example", "SN=Example, GN=Anna"),
        ("/O=Example/GN=Li/SN=Wu/CN=Li Wu", "GN=Li/SN=Wu"),
        ("surname=Wu,O=Example,givenName=Li,CN=Li Wu", "givenName=Li"),
    ],
)
def test_given_name_and_surname_are_known_with_their_types(text: str, other: str) -> None:
    found = subject(text)
    assert found is not None
    assert other in found.others


@pytest.mark.parametrize(
    "text",
    [
        f"{GRID}/CN=host/node1.example.org",
        f"{GRID}/CN=node1.example.org",
        f"{GRID}/CN=Robot: Data Management",
        f"{GRID}/CN=Robot - EXP Drone Service",
        f"{GRID}/CN=Robot - Rucio FTS",
        f"{GRID}/CN=robot:exp-data",
        f"{GRID}/CN=PN: pseudonym",
        f"{GRID}/CN=GRP: Operators",
        f"{GRID}/CN=Example Personal CA 4",
        f"{GRID}/CN=host\\/node1.example.org",
        "/CN=admin@group.example.org/CN=Robot - Rucio FTS",
        f"{GRID}/CN=Data Transfer Service",
        f"{GRID}/CN=UID:12345",
        f"{GRID}/OU=Anna Example",
        "Anna Example",
        "/home/annak",
        "CN",
        "",
    ],
)
def test_no_identity(text: str) -> None:
    assert subject(text) is None


@pytest.mark.parametrize(
    ("text", "handle", "names", "others"),
    [
        (f"{GRID}/CN=Anna Example A12345 email=example@example.edu", "example", ("Anna Example",), ("A12345",)),
        (f"{GRID}/CN=Anna Example annak@example.org", "annak", ("Anna Example",), ()),
        (
            f"{GRID}/CN=Example, Anna annak@example.org",
            "annak",
            ("Anna Example",),
            ("Example, Anna annak@example.org",),
        ),
        (f"{GRID}/CN=Anna Example 1086@example.org", None, ("Anna Example",), ("1086@example.org",)),
        (f"{GRID}/CN=Anna Example/emailAddress=a.example@example.org", None, ("Anna Example",), ("a.example",)),
        (f"{GRID}/CN=Anna Example/CN=gridanna", "gridanna", ("Anna Example",), ()),
        (f"{GRID}/CN=Anna Example (annak)", "annak", ("Anna Example",), ()),
        (f"{GRID}/CN=Anna (Annie) Example", None, ("Anna Example",), ("Anna (Annie) Example",)),
        (f"{GRID}/CN=Anna Example - annak", "annak", ("Anna Example",), ()),
        (f"{GRID}/CN=Anna Example annak", "annak", ("Anna Example",), ()),
        (f"{GRID}/CN=Robot: Anna Example - data transfer", None, ("Anna Example",), ()),
        (f"{GRID}/CN=Robot - grid client - Anna Example (client tester)", None, ("Anna Example",), ()),
        (f"{GRID}/CN=Robot - annak@example.org", "annak", (), ()),
        (f"{GRID}/GN=Anna/SN=Example/CN=12", None, ("Anna Example",), ("Example", *TYPED)),
        ("CN=Anna Example+UID=annak,O=Example", "annak", ("Anna Example",), ()),
        ("CN=Anna Example + serialNumber=12,O=Example", None, ("Anna Example",), ()),
        ("O=Example\\, Inc., CN=Anna Example", None, ("Anna Example",), ()),
        ("O = University of X, Somewhere, CN = Anna Example", None, ("Anna Example",), ()),
        ("CN=Example\\, Anna,O=Example", None, ("Anna Example",), ("Example\\, Anna",)),
        ("CN=#0c0c416e6e61204578616d706c65,O=X", None, ("Anna Example",), ("#0c0c416e6e61204578616d706c65",)),
        ("2.5.4.3=Anna Example,O=X", None, ("Anna Example",), ()),
        ("CN=Zo\\C3\\AB Example,O=X", None, ("Zoë Example",), ("Zo\\C3\\AB Example",)),
        ("/O=X/CN=Zo\\xC3\\xAB Example", None, ("Zoë Example",), ("Zo\\xC3\\xAB Example",)),
        ("/O=X/CN=Zo\\\\xC3\\\\xAB Example", None, ("Zoë Example",), ("Zo\\\\xC3\\\\xAB Example",)),
    ],
)
def test_what_is_beside_a_name(text: str, handle: str | None, names: tuple[str, ...], others: tuple[str, ...]) -> None:
    assert subject(text) == Subject(handle, names, others)


@pytest.mark.parametrize(
    "name", ["Anna Pool", "Carlo Example", "Anna Test", "Job Example", "Anna Grid", "王伟", "Li Wu", "E. An"]
)
def test_a_name_may_be_any_words(name: str) -> None:
    assert subject(f"{GRID}/CN={name}") == Subject(None, (name,))


def test_all_subjects_of_a_list() -> None:
    entries = f"{GRID}/CN=Anna Example/CN=UID:annak,/nova/Role=NULL,{GRID}/CN=Ben Bell"
    assert list(subjects(entries)) == [Subject("annak", ("Anna Example",)), Subject(None, ("Ben Bell",))]


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


def test_a_subject_of_many_surnames_has_no_spelling_for_every_two() -> None:
    found = subject("/CN=Anna Example" + "".join(f"/SN=x{number}" for number in range(400)))
    assert found is not None
    assert {"SN=x0/SN=x1", *(f"SN=x{number}" for number in range(400))} <= {*found.others}
    assert len(found.others) < 1000
