"""Torn escapes are found as they are written, in whatever form; escapes of whole characters are none."""

from __future__ import annotations

import pytest
import replace_reference
from hypothesis import given
from hypothesis import strategies as st

from anonkit.text.torn_escapes import torn_escapes

PARTS = (
    *"%&#\\uUx0123456789aAmp;{}z ",
    "00",
    "000",
    "&amp;",
    "&#38;",
    "&#92;",
    "%25",
    "%u36",
    "%5c",
    "%30",
    "\\u0036",
    "&#54;",
)


@pytest.mark.parametrize(
    "torn",
    [
        r"%7&#97",
        r"%u00%361",
        r"&#9%38;",
        r"&%23x62;",
        r"&#38%30;",
        r"&#x\u0036\x31;",
        r"&#9\0678",
        r"&am%70;",
        r"&amp;#%398;",
        r"\u0\x3061",
        r"\u\u0030061",
        r"\U0000\u{30}06f",
        r"\\U00000075{6f}",
        r"\\1250000006c",
        r"\u{&#48;7a}",
        r"\x6%34",
        r"\1%34&#49;",
        r"%5Cu%30061",
    ],
)
def test_a_torn_escape_is_found_whole(torn: str) -> None:
    text = f"/data/{torn} b".encode()
    assert [text[start:stop].decode() for start, stop in torn_escapes(text)] == [torn]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "%41%42 100%25 50%%20off %%41",
        "a=1&b=%20&c=&#65;&#66; &amp;#98; &amp;amp;",
        r"\u0041\u0042 \\u0041\\u0042 \\\\n \x41\x42 \101\102 \\x30\\x31",
        r"%5Cu0041 %2541 C:\users\x\n%30",
        r"\u00%u36\x31 %6%u31",
    ],
)
def test_escapes_of_whole_characters_are_not_torn(text: str) -> None:
    assert not list(torn_escapes(text.encode()))


@given(st.lists(st.sampled_from(PARTS), max_size=12).map("".join))
def test_the_same_are_torn_as_by_the_reference(text: str) -> None:
    assert list(torn_escapes(text.encode())) == list(replace_reference.torn_escapes(text.encode()))


def test_a_number_above_a_byte_is_not_octal() -> None:
    assert not list(torn_escapes(rb"&#92;71%30"))
    assert list(torn_escapes(rb"&#92;31%30")) == [(0, 10)]
