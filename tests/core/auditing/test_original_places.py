"""A place of decoded text is found in its bytes as by decoding all that follows each byte, in time of the length."""

from __future__ import annotations

import pytest
from call_counts import count_calls
from hypothesis import given
from hypothesis import strategies as st

from anonkit.auditing.original_places import OriginalPlaces
from anonkit.auditing.views import decodings

PARTS = (
    "ann",
    "A",
    "%41",
    "%2541",
    "&amp;",
    "&#65;",
    "\\u0041",
    "\\\\x41",
    "\\",
    "%",
    " ",
    "/",
    "_",
    "é",
    "\u0301",
    "7",
)


def slow_place(raw: bytes, which: int, tail: bytes) -> int:
    """Return the last place from which the bytes are decoded to a text that ends in the tail."""
    ending = [
        start for start in range(len(raw)) if (made := decodings(raw[start:]))[min(which, len(made) - 1)].endswith(tail)
    ]
    return max(ending, default=0)


@pytest.mark.parametrize(
    "text", ["ann%20" * 40, "/home/%61nn/x%2525252541" * 9, "&amp;lt;ann_" * 20, "\\\\u0041ann " * 20]
)
def test_every_place_is_found(text: str) -> None:
    raw = text.encode()
    for which, decoded in enumerate(decodings(raw)):
        places = OriginalPlaces(raw, which, decoded)
        found = [places(at) for at in range(len(decoded))]
        assert found == [slow_place(raw, which, decoded[at:]) for at in range(len(decoded))]


@given(st.lists(st.sampled_from(PARTS), min_size=1, max_size=60))
def test_a_name_between_signs_is_found_whatever_is_around_it(parts: list[str]) -> None:
    middle = len(parts) // 2
    before = "".join(parts[:middle]).encode()
    raw = before + b" zorblat " + "".join(parts[middle:]).encode()
    for which, decoded in enumerate(decodings(raw)):
        assert OriginalPlaces(raw, which, decoded)(decoded.index(b"zorblat")) == len(before) + 1


def test_the_time_for_many_places_grows_with_their_number() -> None:
    def calls(size: int) -> int:
        raw = b"".join(b"ann%%20%d " % number for number in range(size))
        decoded = decodings(raw)[-1]
        places = OriginalPlaces(raw, 0, decoded)
        return count_calls(lambda: [places(at) for at in range(0, len(decoded), 8)])

    assert calls(400) < 6 * calls(100)
