"""Values that hold a literal across two pieces are picked out, however it is cut; most others are not."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anonkit import pieces as pieces_module
from anonkit.pieces import SEPARATORS, Pieces
from anonkit.spans import Spans

NAMES = st.lists(st.text("abé .;=", min_size=1, max_size=12), max_size=4)
TEXTS = st.lists(st.text("abAB ;=:é", max_size=12), min_size=1, max_size=6)


def cut(texts: list[str], times: int = 4) -> Pieces | None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pieces_module, "_PROBE", 3)
        # Behind a number of its own no value is like another, but for what is long: so they are cut.
        numbered = [f"LONG={'x' * 200}; {place}; {text}" for place, text in enumerate(texts * times)]
        return Pieces.of(pa.array(numbered, pa.string()), SEPARATORS)


@given(st.data(), NAMES)
def test_no_value_that_holds_a_literal_across_a_cut_is_left_out(data: st.DataObject, names: list[str]) -> None:
    texts = data.draw(TEXTS)
    if names:
        texts = [text + data.draw(st.sampled_from([*names, ""])) + "; " for text in texts]
    pieces = cut(texts)
    assert pieces is not None
    picked = set(Spans.of(name.encode() for name in names).values(pieces).tolist())
    held = pieces.distinct.take(pa.array(pieces.codes)).to_pylist()
    for value, (low, high) in enumerate(zip(pieces.ends[:-1], pieces.ends[1:], strict=True)):
        parts = ["".join(char.lower() if char.isascii() else char for char in part) for part in held[low:high]]
        for name in names:
            if name in "".join(parts) and not any(name in part for part in parts):
                assert value in picked


def test_a_part_of_a_name_is_not_enough() -> None:
    texts = ["user=anna job=7; list", "Anna Example", "example anna", "anna;", "x anna example"]
    pieces = cut(texts, 6)
    assert pieces is not None
    picked = Spans.of([b"anna example", b"cannot stand;across"]).values(pieces).tolist()
    assert sorted(place % 5 for place in picked) == sorted([1, 4] * 6)


def test_without_separators_in_literals_nothing_is_picked() -> None:
    pieces = cut(["anna example"], 6)
    assert pieces is not None
    assert Spans.of([b"anna", b"example"]).values(pieces).tolist() == []
    assert Spans.of([b"anna "]).values(pieces).tolist() == []
