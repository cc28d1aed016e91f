"""A column is looked through piece by piece, with the same result as at once, and in bounded memory."""

from __future__ import annotations

import re
import tracemalloc
from random import Random

import numpy as np
import pyarrow as pa
import pytest
from anonkit_std.tokenizers.finding.folders import in_folders
from anonkit_std.tokenizers.finding.scan import Scan

PIECE = 1 << 18
MARKS = (b"abab", b"ab", b"ba", b"bbbbbbbb", b"xa")


@pytest.mark.parametrize("seed", range(4))
def test_marks_across_the_edges_of_pieces_are_found_as_at_once(seed: int) -> None:
    random = Random(seed)
    letters = "".join(random.choices("abx", (8, 8, 1), k=PIECE * 2 + 100))
    scan = Scan.from_text(pa.array([letters]))
    # The first alternative that matches counts, so the longest come first.
    pattern = re.compile(b"|".join(sorted(MARKS, key=len, reverse=True)))
    expected = [(MARKS.index(found[0]), found.end()) for found in pattern.finditer(scan.data)]
    which, stops = scan.find(MARKS)
    assert list(zip(which.tolist(), stops.tolist(), strict=True)) == expected


def test_the_first_byte_of_some_is_found_within_reach() -> None:
    scan = Scan.from_text(pa.array(["ab/cd", "abcdefgh"]))
    ends = np.isin(np.arange(256), np.frombuffer(b"/\n", np.uint8))
    assert scan.first_after(np.array([0, 3, 6, 12, 15]), ends, 5).tolist() == [2, 5, 10, 14, 15]
    assert scan.first_after(np.array([], np.int64), ends, 5).tolist() == []


@pytest.mark.parametrize("part", ["~", "/home/"])
def test_a_text_of_nothing_but_marks_takes_little_memory(part: str) -> None:
    scan = Scan.from_text(pa.array([part * (1_000_000 // len(part))]))
    tracemalloc.start()
    try:
        in_folders(scan)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 60 * len(scan.data) + 60_000_000
