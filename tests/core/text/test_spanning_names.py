"""Values that hold a literal across two segments are picked out, however it is cut or quoted; most others are not."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis_profiles import many_examples

from anonkit.arrow.offsets import value_ends
from anonkit.arrow.segments import Segments
from anonkit.plugin.contracts import Boundary
from anonkit.text.matches import TextMatcher
from anonkit.text.segmentation import SEPARATORS
from anonkit.text.segmentation import segment_text as cut_column
from anonkit.text.spanning_names import spanning_values
from anonkit.text.spellings import Literal, Literals

NAMES = st.lists(st.text("abé .;=", min_size=1, max_size=12), max_size=4)
TEXTS = st.lists(st.text("abAB ;=:é", max_size=12), min_size=1, max_size=6)


def segment_text(texts: list[str], times: int = 4) -> Segments:
    # Behind a number of its own no value is like another, but for what is long: so they are cut.
    numbered = [f"LONG={'x' * 200}; {place}; {text}" for place, text in enumerate(texts * times)]
    segments = cut_column(pa.array(numbered, pa.string()), SEPARATORS, probe=3)
    assert segments is not None
    return segments


def picked(segments: Segments, *names: str) -> list[int]:
    find = TextMatcher(Literals.from_literals(Literal(name, Boundary.ANYWHERE, "T") for name in names))
    matches = find(segments.distinct.buffers()[2], value_ends(segments.distinct), whole=False)
    return np.union1d(
        segments.find_values(matches.needs_context), spanning_values(segments, matches.open_end, matches.open_start)
    ).tolist()


@many_examples
@given(st.data(), NAMES)
def test_no_value_that_holds_a_literal_across_a_cut_is_left_out(data: st.DataObject, names: list[str]) -> None:
    texts = data.draw(TEXTS)
    if names:
        texts = [text + data.draw(st.sampled_from([*names, ""])) + "; " for text in texts]
    segments = segment_text(texts)
    found = set(picked(segments, *names))
    held = segments.distinct.take(pa.array(segments.codes)).to_pylist()
    for value, (low, high) in enumerate(zip(segments.ends[:-1], segments.ends[1:], strict=True)):
        parts = ["".join(char.lower() if char.isascii() else char for char in part) for part in held[low:high]]
        for name in names:
            if name in "".join(parts) and not any(name in part for part in parts):
                assert value in found


def test_a_part_of_a_name_is_not_enough() -> None:
    texts = ["user=anna job=7; list", "Anna Example", "example anna", "anna;", "x anna example"]
    found = picked(segment_text(texts, 6), "anna example", "cannot stand;across")
    assert sorted(place % 5 for place in found) == sorted([1, 4] * 6)


def test_a_name_may_be_quoted_or_escaped() -> None:
    texts = ["'an'na 'exa'mple", "%61nna exam%70le", "anna\\ example", "an%6ea x"]
    assert sorted(place % 4 for place in picked(segment_text(texts, 6), "anna example")) == sorted([0, 1, 2] * 6)


def test_without_separators_in_literals_nothing_is_picked() -> None:
    assert picked(segment_text(["anna example"], 6), "anna", "example") == []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("anna karenina", 'anna "karenina"'), ("anna karenina", '"anna" "karenina"'),
        ("anna karenina", "anna 'karenina'"), ("anna karenina", "'anna ''karenina'"),
        ("anna karenina", "anna \n  karenina"), ("anna karenina", "anna \\\n karenina"),
        ("anna karenina", "anna \r\nkarenina"), ("ab;cd", 'ab;"cd"'), ("john  doe", "john\\ \\ doe"),
    ],
)  # fmt: skip
def test_signs_before_the_rest_of_a_name_do_not_hide_it(name: str, text: str) -> None:
    assert 0 in picked(segment_text([text, "x"]), name)
