from __future__ import annotations

import environment_reference as reference
import pyarrow as pa
import pyarrow.compute as pc
from anonkit_std.quotes import hide_quoted_blanks, unquoted
from hypothesis import given
from hypothesis import strategies as st

TEXTS = st.text(st.sampled_from("ab' ")).filter(lambda text: reference.read_v2(text) is not None)


@given(st.lists(TEXTS), st.integers(0, 2))
def test_agrees_with_the_reference(texts: list[str], start: int) -> None:
    lists = pc.split_pattern(hide_quoted_blanks(pa.array(texts, pa.string())[start:]), " ")
    parts = iter(unquoted(lists.flatten()).to_pylist())
    found = [[(raw, next(parts)) for raw in row] for row in lists.to_pylist()]
    assert [[part for raw, part in row if raw] for row in found] == [reference.read_v2(text) for text in texts[start:]]
