from __future__ import annotations

from collections import Counter

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anonkit import pieces as pieces_module
from anonkit.pieces import SEPARATORS, Pieces, is_in_pieces, separators_for

WORDS = st.sampled_from(["A=1", "B=", "C: x", "é", ";", " ", "  ", "a b", "= ", " :", ""])
TEXTS = st.lists(st.none() | st.lists(WORDS, max_size=6).map("".join), min_size=1, max_size=6)
CUTS = st.sampled_from([b"", b" ", b";", b" ;"])


def cut(array: pa.Array, separators: bytes, *, probe: int = 1) -> Pieces | None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pieces_module, "_PROBE", probe)
        return Pieces.of(array, separators)


def shown(pieces: Pieces) -> list[list[str]]:
    """The pieces of each value."""
    distinct = pieces.distinct.to_pylist()
    flat = [distinct[code] for code in pieces.codes.tolist()]
    return [flat[low:high] for low, high in zip(pieces.ends.tolist(), pieces.ends[1:].tolist(), strict=False)]


@given(TEXTS, CUTS, st.integers(0, 3), st.sampled_from([pa.string(), pa.large_string()]))
def test_the_pieces_are_the_values(texts: list[str | None], separators: bytes, start: int, type_: pa.DataType) -> None:
    array = pa.array(texts * 4, type_)[start:]
    pieces = cut(array, separators, probe=2)
    if pieces is None:
        return
    assert ["".join(parts) for parts in shown(pieces)] == [text or "" for text in array.to_pylist()]
    ends, data = pieces.joined(pieces.distinct)
    joined = pa.Array.from_buffers(pa.large_string(), len(array), [None, pa.py_buffer(ends), data])
    assert joined.to_pylist() == [text or "" for text in array.to_pylist()]
    assert max(Counter(pieces.distinct.to_pylist()).values(), default=1) == 1


@given(TEXTS, CUTS, st.integers(0, 3), st.integers(0, 2))
def test_a_column_can_be_stored_in_pieces(texts: list[str | None], separators: bytes, start: int, skip: int) -> None:
    array = pa.array(texts * 4, pa.string())[start:]
    pieces = cut(array, separators, probe=2)
    if pieces is None:
        return
    lists = pieces.in_lists(array)
    lists.validate(full=True)
    assert is_in_pieces(lists.type)
    expected = [None if text is None else parts for text, parts in zip(array.to_pylist(), shown(pieces), strict=True)]
    assert lists.to_pylist() == expected
    assert shown(Pieces.of_lists(lists[skip:])) == shown(pieces)[skip:]


@pytest.mark.parametrize("type_", [pa.string(), pa.list_(pa.string()), pa.dictionary(pa.int32(), pa.string())])
def test_what_is_not_in_pieces(type_: pa.DataType) -> None:
    assert not is_in_pieces(type_)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("A=1 B=2", ["A=1 ", "B=2"]),
        ("A=1;B=2;", ["A=1;", "B=2;"]),
        ("A= B=2 C=3", ["A= B=2 ", "C=3"]),
        ('{"a": "x", "b" : 1}', ['{"a": "x", ', '"b" : 1}']),
        ("a  b", ["a ", " b"]),
        ("a\n \t b c", ["a\n \t b ", "c"]),
        (f"&#97;b;c&d;e;{'f' * 34};g", [f"&#97;b;c&d;e;{'f' * 34};", "g"]),
        (f"&b c;d{'e' * 34};f", ["&b ", f"c;d{'e' * 34};", "f"]),
        ("a = b", ["a = b"]),
        ("é é", ["é ", "é"]),
    ],
)
def test_cut_behind_separators_that_part(text: str, parts: list[str]) -> None:
    # Behind what the others do not have, so that the values themselves do not repeat.
    array = pa.array([f"{number};{text}" for number in range(10, 50)])
    pieces = cut(array, b" ;", probe=30)
    assert pieces is not None
    assert shown(pieces)[0] == ["10;", *parts]


def test_values_that_repeat_themselves_stay_whole() -> None:
    pieces = cut(pa.array(["a b c", "a b d"] * 10), b" ", probe=10)
    assert pieces is not None
    assert sorted(pieces.distinct.to_pylist()) == ["a b c", "a b d"]


def test_what_does_not_repeat_itself_is_not_cut() -> None:
    assert cut(pa.array([f"{number} {number + 100}" for number in range(50)]), b" ;", probe=40) is None
    assert cut(pa.array([""] * 50), b" ;") is None
    assert cut(pa.nulls(50, pa.string()), b" ;") is None


def test_a_few_values_are_not_worth_it() -> None:
    assert Pieces.of(pa.array(["a b"] * 256), b" ") is None
    assert Pieces.of(pa.array(["a b"] * 257), b" ") is not None


@given(st.lists(st.integers(0, 3), max_size=8))
def test_what_is_found_in_pieces_is_told_of_their_values(held: list[int]) -> None:
    array = pa.array(["a b a", None, "b", "", "c a", "d"] * 5)
    pieces = cut(array, b" ", probe=20)
    assert pieces is not None
    held = sorted(one % len(pieces.distinct) for one in held)
    values, which = pieces.spread(np.array(held, np.int64))
    codes = [
        (value, code)
        for value, (low, high) in enumerate(zip(pieces.ends.tolist(), pieces.ends[1:].tolist(), strict=False))
        for code in pieces.codes[low:high].tolist()
    ]
    expected = Counter((value, place) for value, code in codes for place, one in enumerate(held) if one == code)
    assert Counter(zip(values.tolist(), which.tolist(), strict=True)) == expected


def test_separators_that_a_pattern_holds_are_none() -> None:
    assert separators_for([b"anna"]) == SEPARATORS == b" ;"
    assert separators_for([b"anna", b"john smith"]) == b";"
    assert separators_for([b"a;", b" b"]) == b""
