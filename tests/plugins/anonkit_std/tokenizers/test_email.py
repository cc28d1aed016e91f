"""E-mail addresses: which they are, and to whom they are left."""

from __future__ import annotations

import re

import pyarrow as pa
import pytest
from anonkit_std.options.tokenizers import EmailOptions
from anonkit_std.tokenizers.email import EmailTokenizer
from hypothesis import given
from hypothesis import strategies as st

from anonkit import anonymize
from anonkit.api import Alias, Boundary, Roles

TOKENIZER = EmailTokenizer()


def found(*texts: str | None, column: str = "Args") -> list[str]:
    mentions = TOKENIZER.mentions(pa.array(texts, pa.string()), column, Roles())
    spelled: list[str] = mentions.spellings.to_pylist() if mentions else []
    return spelled


@pytest.mark.parametrize(
    ("text", "addresses"),
    [
        ("anna.example@example.org", ["anna.example@example.org"]),
        ("<Anna+jobs@mail.Example.org>,b_b@x-y.co.uk.", ["Anna+jobs@mail.Example.org", "b_b@x-y.co.uk"]),
        ("mail='o'brien@example.org'", ["o'brien@example.org"]),
        ("MAILTO=müllerj@example.org;", ["müllerj@example.org"]),
        ("annak@EXAMPLE.ORG annak@localhost annak@ @example.org a@b@c", []),
        ("slot1_2@node1.example.org glidein_7_8@node1.example.org 123.0@jobsub01.example.org", []),
        ("crab3@schedd1.example.org schedd_glideins2@node1.example.org pool@node1.example.org#12.0#1700000000", []),
        ("crabbe@example.org", ["crabbe@example.org"]),
        ("git@code.example.org /x/annak@example.org $USER@example.org", []),
        ("annak@example.org_x annak@example.org-", []),
        ("annak@192.0.2.1", []),
        ("to=anna.example%40example.org&x", ["anna.example@example.org"]),
        ("?mail%3Danna.example%40example.org%26x", ["anna.example@example.org"]),
        ("to%3Danna.example@example.org", ["anna.example@example.org"]),
        ("anna%host@example.org", ["anna%host@example.org"]),
        ("group_nova.annak@example.org", []),
    ],
)
def test_addresses_are_found_in_text(text: str, addresses: list[str]) -> None:
    assert found(text, None) == addresses


def test_columns_of_hosts_hold_no_addresses() -> None:
    assert found("annak@node1.example.org", column="RemoteHost") == []
    assert found("annak@node1.example.org", column="NotifyUser") == ["annak@node1.example.org"]


@pytest.mark.parametrize("local", ["anna.example", "anna.k.example"])
def test_a_full_name_before_the_at_sign_is_the_person_s_anywhere(local: str) -> None:
    assert Alias(local, Boundary.WORD) in TOKENIZER.aliases(f"{local}@example.org")


@pytest.mark.parametrize("local", ["annak", "help.desk.support", "grid.admin", "run.sh", "anna.7", "..", "a..example"])
def test_other_words_before_the_at_sign_are_no_aliases(local: str) -> None:
    assert TOKENIZER.aliases(f"{local}@example.org") == (f"{local}@example.org",)


PIECES = st.sampled_from(
    ["annak", "a.b", "+x", "@", "@", ".", "example.org", "EXAMPLE.ORG", "x-y", " ", "'", "/", "é", "1", "_"]
)


@given(st.lists(PIECES, max_size=9).map("".join))
def test_addresses_equal_those_of_the_reference(text: str) -> None:
    """Every part of the text, by its definition."""
    expected = []
    for place, char in enumerate(text):
        if char != "@":
            continue
        domain = re.match(
            r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,24}(?![\w-]|\.\w)", text[place + 1 :]
        )
        locals_ = [
            text[start:place]
            for start in range(place)
            if re.fullmatch(r"[\w+][\w.+-]*(?:'[\w.+-]+)*", text[start:place])
            and not re.search(r"(?:[\w.+%$/\\-]|\w['’])\Z", text[:start])
        ]
        if domain and not domain[0].isupper() and locals_ and not re.fullmatch(r"[\d._]+", locals_[0]):
            expected.append(f"{locals_[0]}@{domain[0]}")
    assert found(text) == expected


def test_a_user_s_address_is_the_user_s() -> None:
    jobs = pa.table(
        {
            "User": ["annak@example.org", "ben@example.org"],
            "JobsubClientDN": ["/DC=org/CN=Anna Example/CN=UID:annak", None],
            "NotifyUser": ["annak@example.org", "Anna.Example@example.net"],
            "x509UserProxyEmail": ["someone.else@example.org", "annak.jobs@example.org"],
            "Cmd": ["--to ben@mail.example.org,someone.else@example.org", "root@example.org"],
        }
    )
    off = {"enabled": False}
    config = {
        "anonymizers": {"email": {"enabled": True}, "ip": off, "experiment": off},
    }
    garbled = anonymize(jobs, config).read_all().to_pydict()
    assert garbled["NotifyUser"] == ["UR_1@example.org", "UR_1@example.net"]
    assert garbled["x509UserProxyEmail"] == ["UR_2@example.org", "UR_3@example.org"]
    assert garbled["Cmd"][0] == "--to UR_4@mail.example.org,UR_2@example.org"
    assert garbled["Cmd"][1].startswith("EM_")


def test_ignored_addresses_and_domains_stay() -> None:
    tokenizer = EmailTokenizer(EmailOptions(ignore=("Help@example.org", "example.net")))
    assert [list(tokenizer.aliases(one)) for one in ("help@example.org", "a@example.net", "a@example.org")] == [
        [], [], ["a@example.org"],
    ]  # fmt: skip


def test_the_domain_of_an_address_that_is_written_backwards_stays() -> None:
    assert [alias for alias in TOKENIZER.aliases("gro.elpmaxe@avokanna.carla") if not isinstance(alias, str)] == [
        Alias("gro.elpmaxe", Boundary.WORD)
    ]
