from __future__ import annotations

import environment_reference as reference
import pyarrow as pa
from anonkit_std.environment.quotes import outside, unquoted
from hypothesis import given
from hypothesis import strategies as st
from hypothesis_profiles import many_examples

from anonkit.arrow.strings import cut_after, places_of

TEXTS = st.text(st.sampled_from("ab' ")).filter(lambda text: reference.read_v2(text) is not None)


@many_examples
@given(st.lists(TEXTS), st.integers(0, 2))
def test_agrees_with_the_reference(texts: list[str], start: int) -> None:
    shown = pa.array(texts, pa.string())[start:]
    pieces, owners = cut_after(shown, outside(places_of(shown, " "), places_of(shown, "'")))
    raw = [piece.removesuffix(" ") for piece in pieces.to_pylist()]
    parts = list(zip(owners.tolist(), raw, unquoted(pa.array(raw, pa.string())).to_pylist(), strict=True))
    found = [[part for owner, raw, part in parts if owner == row and raw] for row in range(len(shown))]
    assert found == [reference.read_v2(text) for text in texts[start:]]
