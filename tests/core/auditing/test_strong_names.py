"""Short names are found in arrays where they are found by expressions, however many there are."""

from __future__ import annotations

import pickle
from itertools import islice, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anonkit.auditing.exclusions import Labels, Tokens
from anonkit.auditing.patterns import Known, patterns
from anonkit.auditing.searching import Search, Window
from anonkit.plugin.contracts import Boundary

NAMES = ("an", "ann", "anna", "gm2", "2", "é", "a.b", "annak", "-x")
RULES = tuple(rule for rule in Boundary if rule is not Boundary.NAMED)
SIGNS = (
    *NAMES,
    *(name.upper() for name in NAMES),
    *(name.title() for name in NAMES),
    " ",
    "_",
    "x",
    "X",
    "7",
    "é",
    "/",
)


def search(names: list[tuple[str, Boundary]], few: int) -> Search:
    every = [Known("user", f"UR_{place}", name, ((name, rule),), 1) for place, (name, rule) in enumerate(names)]
    return Search(patterns(every), Tokens(("UR_",)), few_short=few)


@given(
    st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(RULES)), min_size=1, max_size=6),
    st.lists(st.sampled_from(SIGNS), max_size=12).map("".join),
)
def test_the_same_names_are_found(names: list[tuple[str, Boundary]], text: str) -> None:
    data = text.encode()
    window = Window(data, 0, 0, len(data))
    expected, found = (search(names, few)(window, Labels()) for few in (100, 0))
    assert found == expected


@pytest.mark.parametrize("rule", [Boundary.WORD, Boundary.PREFIX, Boundary.PART, Boundary.PART_PREFIX])
def test_of_tens_of_thousands_each_is_found(rule: Boundary) -> None:
    # Their expressions would take a minute to compile.
    names = ["".join(letters) for letters in islice(product("abcdefghijklmnopqrstuvwxyz", repeat=4), 0, 400_000, 20)]
    every = (Known("user", f"UR_{place}", name, ((name, rule),), 1) for place, name in enumerate(names))
    found = pickle.loads(pickle.dumps(Search(patterns(every), Tokens(("UR_",)))))
    data = b" ".join(name.encode() for name in names[::1000])
    hits = found(Window(data, 0, 0, len(data)), Labels())
    assert [found.patterns[hit.pattern].text for hit in hits] == data.split()
