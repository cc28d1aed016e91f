"""Long patterns are found where their heads are, whatever else begins alike."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from anonkit.text.long_patterns import MOST_SIZES, LongPatterns

HEAD = "annaexamplebekdo"
ENDS = st.text("ab", min_size=0, max_size=4)


@given(st.lists(ENDS, unique=True, max_size=12), st.lists(ENDS, max_size=6))
def test_the_patterns_that_begin_at_heads_are_found(ends: list[str], written: list[str]) -> None:
    patterns = [f"{HEAD}{end}".encode() for end in ends]
    long = LongPatterns.from_patterns(patterns, range(len(patterns)))
    text = "".join(f"{HEAD}{end}/" for end in written).encode()
    starts = [place for place in range(len(text)) if long.heads and text.startswith(HEAD.encode(), place)]
    found = long(np.frombuffer(text, np.uint8), np.zeros(len(starts), np.int64), np.array(starts, np.int64))
    assert sorted(map(tuple, found.tolist())) == sorted(
        (which, start, start + len(pattern))
        for which, pattern in enumerate(patterns)
        for start in starts
        if len(pattern) > len(HEAD) and text.startswith(pattern, start)
    )


def test_short_patterns_and_heads_of_too_many_sizes_are_left_to_others() -> None:
    short = [b"anna", HEAD.encode()]
    many = [b"%s%s" % (HEAD.encode(), b"x" * size) for size in range(1, 3 * MOST_SIZES)]
    repeated = [b"ab" * 20]
    patterns = [*short, *many, *repeated, b"another" * 2 + b"-long-name"]
    long = LongPatterns.from_patterns(patterns, range(len(patterns)))
    assert long.places.tolist() == [len(patterns) - 1]
    assert long.heads == (b"anotheranother-l",)
