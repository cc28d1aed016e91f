"""Weak names are found in their places, whatever the text."""

from __future__ import annotations

import pickle
import re
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anonkit.auditing.patterns import Pattern, Variant
from anonkit.auditing.weak_names import WeakNames
from anonkit.plugin.contracts import Boundary, Place

PLACES = (Place("/home/", "(?:[/ ]|$)"), Place.values(["USER"]), Place("(?:^|[^a-z0-9])", "@[a-z]"))
OTHERS = (Place("group_"),)
NAMES = ("prod", "1", "12", "data.1", "ü", "a_b", "per-son")
PARTS = st.sampled_from(
    (*NAMES, "PROD", "x", "/home/", "/HOME/", "USER=", 'USER="', "@", "group_", "/", " ", "_", "\n")
)


def _patterns(names: Sequence[str], places: tuple[Place, ...]) -> list[Pattern]:
    return [Pattern(name.encode(), Boundary.NAMED, "user", Variant.PLAIN, "UR1", places=places) for name in names]


PATTERNS = dict(enumerate([*_patterns(NAMES, PLACES), *_patterns(NAMES, OTHERS)], start=3))
BY_NAME, BY_CHARACTERS = WeakNames(PATTERNS), WeakNames(PATTERNS, few=0)
both = pytest.mark.parametrize("search", [BY_NAME, BY_CHARACTERS], ids=["names", "characters"])


def _slowly(data: bytes) -> set[tuple[int, int]]:
    """Return all matches, by one expression for each name and place at each position."""
    found = set()
    for number, pattern in PATTERNS.items():
        for place in pattern.places:
            after = place.after.encode() or b"(?:[^0-9a-z]|$)"
            matching = re.compile(
                b"(?:%b)(%b)(?:%b)" % (place.before.encode(), re.escape(pattern.text), after), re.IGNORECASE
            )
            for start in range(len(data)):
                if (match := matching.match(data, start)) is not None:
                    found.add((number, match.end(1)))
    return found


@both
@given(parts=st.lists(PARTS, max_size=12))
def test_all_names_in_places_are_found_where_they_end(search: WeakNames, parts: list[str]) -> None:
    data = "".join(parts).encode()
    found = search(data)
    assert set(found) >= _slowly(data)
    for number, end in found:
        assert data[:end].lower().endswith(PATTERNS[number].text)


@both
@pytest.mark.parametrize("text", ["/data/prod/x", "prod", "HOME=1", "USER:products of 1"])
def test_elsewhere_a_name_is_not_found(search: WeakNames, text: str) -> None:
    assert search(text.encode()) == []


def test_it_can_be_sent() -> None:
    data = b"/home/prod/x USER=12"
    assert pickle.loads(pickle.dumps(BY_NAME))(data) == BY_NAME(data)
    assert {(3, 10), (5, 20)} <= set(BY_NAME(data))


def test_without_names_nothing_is_found() -> None:
    assert WeakNames({})(b"/home/prod/x") == []
