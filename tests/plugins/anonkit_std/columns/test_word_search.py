"""Words are found where a slow search finds them, text by text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pyarrow as pa
import pytest
from anonkit_std.columns.word_search import PlainWords, Words, hits_in_context, plain, spelled_exactly
from hypothesis import given
from hypothesis import strategies as st

from anonkit.arrow.offsets import value_ends

WORDS = ("abcab", "ab", "bca", "c")
TEXTS = st.lists(st.text("abcABC_-'é ", max_size=8), max_size=6)


def slowly(texts: Sequence[bytes], *, plainly: bool) -> Iterator[tuple[int, int, int, int]]:
    """Row, word, start and stop of each word: from left to right, of those that start in one place the first."""
    for row, text in enumerate(texts):
        kept = [(at, byte) for at, byte in enumerate(text.lower() if plainly else text)]
        kept = [(at, byte) for at, byte in kept if not (plainly and chr(byte) in "_-.'")]
        read, at = bytes(byte for _, byte in kept), 0
        while at < len(read):
            which = next((n for n, word in enumerate(WORDS) if read.startswith(word.encode(), at)), None)
            if which is None:
                at += 1
            else:
                last = at + len(WORDS[which])
                yield row, which, kept[at][0], kept[last - 1][0] + 1
                at = last


@given(TEXTS, st.integers(0, 2), st.booleans())
def test_hits_equal_those_of_the_reference(texts: list[str], skip: int, plainly: bool) -> None:
    array = pa.array(texts, pa.string())[skip:]
    hits = (PlainWords if plainly else Words)(WORDS).find(array)
    begins = value_ends(array)
    expected = [
        (which, begins[row] + start, begins[row] + stop)
        for row, which, start, stop in slowly([text.encode() for text in texts[skip:]], plainly=plainly)
    ]
    assert list(zip(hits.which.tolist(), hits.starts.tolist(), hits.stops.tolist(), strict=True)) == expected


def test_a_plain_word_is_in_lower_case_without_joiners() -> None:
    assert plain("X-Api_Key.'é") == "xapikeyé"


@pytest.mark.parametrize(("word", "expected"), [(b"ab", [True, False, False]), (b"AB", [False, True, False])])
def test_only_hits_with_the_same_bytes_are_spelled_exactly(word: bytes, expected: list[bool]) -> None:
    texts = pa.array(["x ab", "AB", "a_b"])
    assert spelled_exactly(texts, PlainWords(["ab"]).find(texts), word).tolist() == expected


def test_an_excerpt_ends_with_its_text() -> None:
    texts = pa.array(["123ab456", "ab", "123ab456"])
    asked: list[tuple[bytes, int, bool, bool]] = []

    def ask(piece: bytes, place: int, before: bool, after: bool) -> bool:
        asked.append((piece, place, before, after))
        return before

    found = hits_in_context(texts, Words(["ab"]).find(texts), 2, 3, ask)
    assert found.tolist() == [True, False, True]
    assert sorted(asked) == [(b"23ab456", 2, True, False), (b"ab", 0, False, False)]
    assert hits_in_context(texts, Words(["x"]).find(texts), 2, 3, ask).dtype == np.bool_
