"""Handles by where they are: principals, user ids, groups, addresses; and what is there and is none."""

from __future__ import annotations

import re
import tracemalloc
from collections.abc import Callable, Iterator

import pyarrow as pa
import pytest
from anonkit_std.tokenizers.finding.handles import (
    Found,
    group_members,
    in_principals,
    in_user_ids,
    local_parts,
    primary,
)
from anonkit_std.tokenizers.finding.scan import Scan
from hypothesis import given
from hypothesis import strategies as st
from hypothesis_profiles import many_examples

Finder = Callable[[Scan], Found]
Pairs = list[tuple[int, str]]


def pairs(found: Found) -> Pairs:
    return sorted(zip(found.rows.tolist(), found.handles.to_pylist(), strict=True))


def found(finder: Finder, *texts: str | None) -> Pairs:
    return pairs(finder(Scan.from_text(pa.array(texts, pa.string()))))


@pytest.mark.parametrize(
    ("principal", "whose"),
    [
        ("annak@EXAMPLE.ORG", "annak"),
        ("annak/cron/node1.example.org@EXAMPLE.ORG", "annak"),
        (" annak ", "annak"),
        ("k.o+n$k(a)@EXAMPLE.ORG", "k.o+n$k(a)"),
        ("host/node1.example.org@EXAMPLE.ORG", None),
        ("@EXAMPLE.ORG", None),
        ("", None),
    ],
)
def test_primary(principal: str, whose: str | None) -> None:
    assert primary(principal) == whose


@pytest.mark.parametrize("principal", ["unauthenticated@unmapped", "slot1_2@NODE1.EXAMPLE.ORG"])
def test_principals_without_a_person(principal: str) -> None:
    assert primary(principal) is None


@pytest.mark.parametrize(
    ("group", "members"),
    [
        ("group_nova.annak", ("annak",)),
        ("annak@example.org", ("annak",)),
        ("group_nova@example.org", ()),
        ("group_nova.prod.annak@example.org", ("annak",)),
        ("group_nova.anna.example", ("anna.example", "example")),
        ("group_nova", ()),
        ("nova.prod.", ()),
        ("group_x.prod.k.o+n$k(a)", ()),
        ("", ()),
    ],
)
def test_group_members(group: str, members: tuple[str, ...]) -> None:
    assert group_members(group) == members


def test_local_parts() -> None:
    assert list(local_parts("annak@example.org, <b.bell@example.org>; 1086@example.org x")) == ["annak", "b.bell"]
    assert list(local_parts(" annak ")) == ["annak"]
    assert not [*local_parts("never"), *local_parts("see below"), *local_parts("$ENV"), *local_parts("")]


@pytest.mark.parametrize(
    ("text", "handles"),
    [
        ("KRB=annak@EXAMPLE.ORG", ["annak"]),
        ("'annak/cron/node1.example.org@EXAMPLE.ORG'", ["annak"]),
        ("müllerj@EXAMPLE.ORG,bob@EXAMPLE.ORG.", ["bob", "müllerj"]),
        ("host/node1.example.org@EXAMPLE.ORG", []),
        ("annak@example.org annak@Example.org annak@EXAMPLE annak@X", []),
        ("o'brien@EXAMPLE.ORG", []),
        ("$USER@EXAMPLE.ORG 12345@EXAMPLE.ORG /x/annak@EXAMPLE.ORG", []),
        ("@EXAMPLE.ORG", []),
        ("annak@", []),
    ],
)
def test_principals_in_text(text: str, handles: list[str]) -> None:
    assert [handle for _, handle in found(in_principals, None, text, "x")] == handles


@pytest.mark.parametrize(
    ("text", "handles"),
    [
        ("DN=/DC=org/CN=UID:annak", ["annak"]),
        ("Example/CN=UID:annak/CN=12345", ["annak"]),
        ("CN=UID:annak,OU=People", ["annak"]),
        ("/UID=annak,UID=bob", ["annak", "bob"]),
        ("CN = UID:o.brandl", ["o.brandl"]),
        ("GUID:annak CN=UID:12345 UID=annak cn=UID: UID:annak", []),
        ("/CN=UID:o'brien /CN=UID:annak%2Fx", []),
    ],
)
def test_user_ids(text: str, handles: list[str]) -> None:
    assert [handle for _, handle in found(in_user_ids, text, None)] == handles


PIECES = st.sampled_from(
    ["/home/", "/users/", "/nashome/", "/user/", "a/", "annak", "bob", "@", "EXAMPLE.ORG", "x.org", "CN=UID:", "UID=",
     "/", ",", " ", "é", "'", ".", "1"]
)  # fmt: skip
TEXTS = st.lists(st.none() | st.lists(PIECES, max_size=8).map("".join), max_size=5)


def _user_ids(text: str) -> Iterator[str]:
    for place in range(len(text)):
        match = re.match(r"(?:=\s*UID:|(?:/|[,+]\s*)UID=)([^\x00-\x20/,\"'`\\;&<>=:@%|{}\[\]]+)", text[place:])
        if not match:
            continue
        behind = text[place + match.end() :]
        ends = not behind or behind[0] not in "=:@%\\'" or (behind[0] == "'" and not re.match("'[A-Za-z0-9]", behind))
        if ends and re.search(r"[^\W\d_]", match[1]) and len(match[1].encode()) >= 2:
            yield match[1]


def _principals(text: str) -> Iterator[str]:
    for place, char in enumerate(text):
        if char == "@" and re.match(r"@[A-Z][A-Z0-9-]*(?:\.[A-Z][A-Z0-9-]*)+(?![A-Za-z0-9_-])", text[place:]):
            for start in range(place):
                head = text[start:place]
                alone = not re.search(r"(?:[\w.+$%&@/\\-]|\w['’])\Z", text[:start])
                if alone and re.fullmatch(r"[^\W\d_][\w.+-]*(?:/[\w.-]+){0,2}", head):
                    yield head.split("/")[0]
                    break


@many_examples
@given(TEXTS)
def test_they_equal_the_reference(texts: list[str | None]) -> None:
    for finder, reference in ((in_user_ids, _user_ids), (in_principals, _principals)):
        expected = sorted((row, one) for row, text in enumerate(texts) for one in reference(text or ""))
        array = pa.array(texts, pa.string())
        assert pairs(finder(Scan.from_text(array))) == expected
        assert pairs(finder(Scan.from_text(array.slice(1)))) == sorted(
            (row - 1, one) for row, one in expected if row > 0
        )


def test_the_surroundings_of_many_at_signs_are_not_in_memory_at_once() -> None:
    scan = Scan.from_text(pa.array(["@A" * 300_000]))
    tracemalloc.start()
    try:
        assert pairs(in_principals(scan)) == []
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    # The surroundings of all are 90 MB, twice.
    assert peak < 120e6
