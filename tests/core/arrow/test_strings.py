from __future__ import annotations

import re

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from anonkit.arrow.strings import bytes_in_rows, bytes_of, cut_after, heads, matching, places_of, replaced

TEXTS = st.lists(st.text("ab; é", max_size=6), max_size=6)
TYPES = st.sampled_from([pa.string(), pa.large_string()])


@given(TEXTS, st.integers(0, 2), TYPES)
def test_bytes(texts: list[str], start: int, type_: pa.DataType) -> None:
    array = pa.array(texts, type_)[start:]
    shown = [text.encode() for text in texts[start:]]
    assert bytes_of(array) == b"".join(shown)
    assert bytes_in_rows(array, lambda data: data == ord("a")).tolist() == [text.count(b"a") for text in shown]


@given(TEXTS, st.integers(0, 2))
def test_cut_after(texts: list[str], start: int) -> None:
    array = pa.array(texts, pa.string())[start:]
    pieces, owners = cut_after(array, places_of(array, ";"))
    pieces.validate(full=True)
    found = [(row, piece) for row, piece in zip(owners.tolist(), pieces.to_pylist(), strict=True) if piece]
    parts = [(row, text.replace(";", ";\n").split("\n")) for row, text in enumerate(texts[start:])]
    assert found == [(row, piece) for row, cut in parts for piece in cut if piece]


@given(TEXTS, st.integers(0, 2))
def test_heads(texts: list[str], start: int) -> None:
    array = pa.array(texts, pa.string())[start:]
    expected = [text.partition(";")[0] for text in texts[start:]]
    lengths = np.array([len(head.encode()) for head in expected], np.int64)
    assert heads(array, lengths).to_pylist() == expected


@given(st.lists(st.text("ab; é", max_size=6) | st.none(), max_size=6), st.integers(0, 2), TYPES)
def test_matching(texts: list[str | None], start: int, type_: pa.DataType) -> None:
    array = pa.array(texts, type_)[start:]
    expected = [text is not None and re.search("; ?a|b ", text) is not None for text in texts[start:]]
    assert matching(array, "; ?a|b ", "; ").tolist() == expected


def test_bytes_under_a_null_do_not_match() -> None:
    texts = pa.array(["a;", "a;"])
    hidden = pa.Array.from_buffers(pa.string(), 2, [pa.py_buffer(b"\x01"), *texts.buffers()[1:]])
    assert matching(hidden, ";", ";").tolist() == [True, False]


def test_replaced() -> None:
    texts = pa.array(["a", None, "c"])
    assert replaced(texts, np.array([0, 1]), ["x", None]).to_pylist() == ["x", None, "c"]
    assert replaced(texts, np.array([], np.int64), []) is texts
