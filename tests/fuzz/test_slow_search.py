"""The search of the fuzzer sees what it has to see."""

from __future__ import annotations

import pytest
from slow_search import readable


@pytest.mark.parametrize(
    "text",
    [
        "x zorblat y",
        "ZORBLAT",
        "zor%62lat",
        "zor%2562lat",
        "zor&#98;lat",
        "zor&#0098;lat",
        "zor&amp;#98;lat",
        "zor\\u0062lat",
        "zor\\U00000062lat",
        "zor\\u{62}lat",
        "zor\\x62lat",
        "zor\\142lat",
        "zor\\\\u0062lat",
        "zor%5Cu0062lat",
        "zor''blat",
        "zor\\blat",
        "zor\u200bblat",
        "talbroz",
        "7a6f72626c6174",
        "ｚorblat",
    ],
)
def test_a_name_is_read_through_its_layers(text: str) -> None:
    assert readable(text, "zorblat")


@pytest.mark.parametrize("text", ["", "zor blat", "zorb", "7a6f72", "UR_1", "%zz \\u00 &#; \\"])
def test_nothing_is_read_in_text_without_identities(text: str) -> None:
    assert not readable(text, "zorblat")
