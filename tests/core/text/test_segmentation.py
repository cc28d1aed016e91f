from __future__ import annotations

from collections import Counter

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anonkit.arrow.segments import Segments
from anonkit.text.segmentation import SEPARATORS, segment_text, separators_for

WORDS = st.sampled_from(["A=1", "B=", "C: x", "é", ";", " ", "  ", "a b", "= ", " :", ""])
TEXTS = st.lists(st.none() | st.lists(WORDS, max_size=6).map("".join), min_size=1, max_size=6)
CUTS = st.sampled_from([b"", b" ", b";", b" ;"])


def cut_after(array: pa.Array, separators: bytes, *, probe: int) -> Segments | None:
    return segment_text(array, separators, probe=probe)


def shown(segments: Segments) -> list[list[str]]:
    """The segments of each value."""
    distinct = segments.distinct.to_pylist()
    flat = [distinct[code] for code in segments.codes.tolist()]
    return [flat[low:high] for low, high in zip(segments.ends.tolist(), segments.ends[1:].tolist(), strict=False)]


@given(TEXTS, CUTS, st.integers(0, 3), st.sampled_from([pa.string(), pa.large_string()]))
def test_the_segments_make_up_the_values(
    texts: list[str | None], separators: bytes, start: int, type_: pa.DataType
) -> None:
    array = pa.array(texts * 4, type_)[start:]
    segments = cut_after(array, separators, probe=2)
    if segments is None:
        return
    assert ["".join(parts) for parts in shown(segments)] == [text or "" for text in array.to_pylist()]
    assert all(parts for parts in shown(segments))
    assert len(segments.codes) == segments.ends[-1]
    assert segments.to_strings(array).equals(array)
    assert max(Counter(segments.distinct.to_pylist()).values(), default=1) == 1


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("A=1 B=2", ["A=1 ", "B=2"]),
        ("A=1;B=2;", ["A=1;", "B=2;"]),
        ("A= B=2 C=3", ["A= B=2 ", "C=3"]),
        ('{"a": "x", "b" : 1}', ['{"a": "x", ', '"b" : 1}']),
        ("a  b", ["a ", " b"]),
        ("CN=Anna, UID=annak,  O=x + OU=y b", ["CN=Anna, UID=annak,  O=x ", "+ OU=y ", "b"]),
        ('{"a", "b", 1}', ['{"a", ', '"b", ', "1}"]),
        ("a\v b c", ["a\v b ", "c"]),
        ("a\n \t b c", ["a\n \t b ", "c"]),
        (f"&#97;b;c&d;e;{'f' * 42};g", [f"&#97;b;c&d;e;{'f' * 42};", "g"]),
        (f"&b c;d{'e' * 42};f", ["&b ", f"c;d{'e' * 42};", "f"]),
        ("a = b", ["a = b"]),
        ("é é", ["é ", "é"]),
    ],
)
def test_cut_after_separators_that_part(text: str, parts: list[str]) -> None:
    # Behind what the others do not have, so that the values themselves do not repeat.
    array = pa.array([f"{number};{text}" for number in range(10, 50)])
    segments = cut_after(array, b" ;", probe=30)
    assert segments is not None
    assert shown(segments)[0] == ["10;", *parts]


def test_values_that_repeat_themselves_stay_whole() -> None:
    segments = cut_after(pa.array(["a b c", "a b d"] * 10), b" ", probe=10)
    assert segments is not None
    assert sorted(segments.distinct.to_pylist()) == ["a b c", "a b d"]


def test_what_does_not_repeat_itself_is_not_cut() -> None:
    assert cut_after(pa.array([f"{number} {number + 100}" for number in range(50)]), b" ;", probe=40) is None
    assert cut_after(pa.array([""] * 50), b" ;", probe=1) is None
    assert cut_after(pa.nulls(50, pa.string()), b" ;", probe=1) is None


def test_a_few_values_are_not_worth_it() -> None:
    assert segment_text(pa.array(["a b"] * 256), b" ") is None
    assert segment_text(pa.array(["a b"] * 257), b" ") is not None


def test_separators_that_a_pattern_holds_are_none() -> None:
    assert separators_for([b"anna"]) == SEPARATORS == b" ;"
    assert separators_for([b"anna", b"john smith"]) == b";"
    assert separators_for([b"a;", b" b"]) == b""


def test_values_of_which_a_third_repeats_are_cut() -> None:
    values = [f"A={number:>08}; B=same" for number in range(60)]
    segments = segment_text(pa.array(values), SEPARATORS, probe=40)
    assert segments is not None
    assert shown(segments)[1] == ["A=00000001;", " ", "B=same"]
    assert segments.to_strings().to_pylist() == values
