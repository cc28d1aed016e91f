"""Text is told from what is not, wherever it is cut."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anonkit.auditing.streams import is_text

LONG = "\u2014 Job #1 \u2014\n  Cmd: /a/b \U0001f600\n".encode() * 400


@given(st.text(st.characters(min_codepoint=32, exclude_characters="\x7f", exclude_categories=["Cs"])), st.data())
def test_utf_8_is_text_wherever_it_is_cut(text: str, data: st.DataObject) -> None:
    raw = text.encode()
    low, high = sorted(data.draw(st.tuples(st.integers(0, len(raw)), st.integers(0, len(raw)))))
    if len(raw[low:high].decode("utf-8", "ignore")) > 2:
        assert is_text(raw[low:high])


@pytest.mark.parametrize("cut", range(12))
def test_long_text_is_text_wherever_it_is_cut(cut: int) -> None:
    assert is_text(LONG[cut:])
    assert is_text(LONG[: len(LONG) - cut])


@pytest.mark.parametrize("data", [bytes(range(256)), LONG + bytes(range(256)) * 16, "text".encode("utf-16")])
def test_binary_data_is_not_text(data: bytes) -> None:
    assert not is_text(data)
