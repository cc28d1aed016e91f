"""Escapes are decoded in arrays as a loop over their matches or characters decodes them."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis_profiles import many_examples

from anonkit.normal_form import normalized
from anonkit.plugin.contracts import visible
from anonkit.text.escapes import BACKSLASH, DOUBLED, ENTITY, PERCENT, WIDE, Escape

Found = list[tuple[bytes, bytes]]

CHARACTERS = (
    *"aA\0\x01ßÉςｶŉ漢Åﬁ😀İ\u0301\u0316\u0345\u200b\u00ad\u1e9e\uff76\uff9e",
    "e\u0301",
    "\u0301" * 40,
    "\udc80",
    "\udcff\udce2",
)


def found(escape: Escape, text: bytes) -> Found:
    """Return each escape as it is written, and its meaning."""
    places, meanings = escape.decode(np.frombuffer(text, np.uint8))
    ends = np.cumsum(places[:, 2])
    assert (ends[-1] if ends.size else 0) == len(meanings)
    assert (np.diff(places[:, :2].ravel()) >= 0).all()
    return [
        (text[start:stop], meanings[end - size : end])
        for (start, stop, size), end in zip(places.tolist(), ends.tolist(), strict=True)
    ]


def slow_forms(text: str) -> Iterator[tuple[str, str]]:
    """Yield each character with the marks after it, and its form, where that is another."""
    clusters = list[str]()
    for place, char in enumerate(text):
        if place and unicodedata.combining(char) and text[place - 1] != "\0":
            clusters[-1] += char
        else:
            clusters.append(char)
    for cluster in clusters:
        form = visible(normalized("NFKC", cluster).casefold())
        if form != cluster and not cluster.isascii():
            yield cluster, form


def encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


@given(st.lists(st.sampled_from(CHARACTERS) | st.characters(codec="utf-8"), max_size=12).map("".join))
@many_examples
def test_characters_of_another_form_are_found_with_their_marks(text: str) -> None:
    # Bytes that are no character may make one together.
    text = encoded(text).decode("utf-8", "surrogateescape")
    assert found(WIDE, encoded(text)) == [(encoded(cluster), encoded(form)) for cluster, form in slow_forms(text)]


@pytest.mark.parametrize(
    ("escape", "text", "expected"),
    [
        (PERCENT, b"%41%4g%u0062%uD800%5", [(b"%41", b"A"), (b"%u0062", b"b")]),
        (PERCENT, b"%41%00", [(b"%41", b"A"), (b"%00", b"\0")]),
        (ENTITY, b"&#65;&#0066&none;", [(b"&#65;", b"A"), (b"&#0066", b"B")]),
        (ENTITY, b"&amp;&ampx;", [(b"&amp;", b"&"), (b"&amp", b"&")]),
        (ENTITY, b"&#99999999;&notit;", [(b"&not", "¬".encode())]),
        (BACKSLASH, rb"\n\u0041\n\u004", [(rb"\n", b"\n"), (rb"\u0041", b"A"), (rb"\n", b"\n")]),
        (BACKSLASH, rb"\ud83d\ude00\101", [(rb"\ud83d\ude00", "\U0001f600".encode()), (rb"\101", b"A")]),
        (BACKSLASH, rb"\xc3\xa9\xff", [(rb"\xc3\xa9", b"\xc3\xa9"), (rb"\xff", b"\xc3\xbf")]),
        (BACKSLASH, b"\\" * 9 + b"n", [(b"\\" * 9, b"\\")]),
        (DOUBLED, b"'a''b''''", [(b"''", b"'"), (b"''''", b"'")]),
        *((escape, b"", []) for escape in (PERCENT, ENTITY, BACKSLASH, DOUBLED, WIDE)),
    ],
)  # fmt: skip
def test_each_escape_has_its_meaning(escape: Escape, text: bytes, expected: Found) -> None:
    assert found(escape, text) == expected
