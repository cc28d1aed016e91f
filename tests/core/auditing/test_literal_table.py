"""Many literals are found in a table as Hyperscan finds them."""

from __future__ import annotations

import pickle

from hypothesis import given
from hypothesis import strategies as st

from anonkit.auditing.literal_table import SHORTEST, LiteralTable
from anonkit.auditing.matcher import Expression, Matcher

letters = st.sampled_from(b"abAB-\0\xc3\xa9")
literals = st.lists(letters, min_size=SHORTEST, max_size=11).map(bytes)
texts = st.lists(letters, max_size=60).map(bytes)


@given(st.lists(st.tuples(literals, st.booleans()), max_size=12), texts)
def test_a_table_finds_every_place_of_every_literal(given_literals: list[tuple[bytes, bool]], text: bytes) -> None:
    found = LiteralTable(
        {number: literal for number, (literal, _) in enumerate(given_literals)},
        frozenset(number for number, (_, cased) in enumerate(given_literals) if cased),
    )(text)
    expected = {
        (number, at + len(literal))
        for number, (literal, cased) in enumerate(given_literals)
        for at in range(len(text))
        if (text if cased else text.lower()).startswith(literal if cased else literal.lower(), at)
    }
    assert len(found) == len(expected)
    assert set(found) == expected


@given(st.lists(st.tuples(literals, st.booleans()), min_size=1, max_size=12), texts)
def test_a_matcher_finds_the_same_with_a_table_and_without(
    given_literals: list[tuple[bytes, bool]], text: bytes
) -> None:
    expressions = [
        Expression(rb"b[ab]a"),
        *(Expression.from_literal(one, cased=cased) for one, cased in given_literals),
    ]
    table = pickle.loads(pickle.dumps(Matcher(expressions, most_literals=0)))
    assert sorted(table(text)) == sorted(Matcher(expressions)(text))


def test_the_matches_of_a_literal_are_ordered_by_their_ends() -> None:
    ends = [end for _, end in LiteralTable({7: b"aaaaa"}, frozenset())(b"a" * 40)]
    assert ends == sorted(ends) == list(range(5, 41))
