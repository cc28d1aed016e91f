"""The automaton finds what a search at every place finds, however the bytes are cut into chunks."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from anonkit.text.automaton import Automaton, deepest

IN_WORD = b"abcdefghijklmnopqrstuvwxyz0123456789"

texts = st.lists(st.text("ab-é", max_size=24).map(str.encode), min_size=1, max_size=4)
names = st.text("ab-é", min_size=1, max_size=6).map(str.encode)


def found(automaton: Automaton, values: list[bytes]) -> list[tuple[int, int, int]]:
    ends = np.cumsum([0, *map(len, values)])
    text = np.frombuffer(b"".join(values), np.uint8)
    chunks = [zip(*(part.tolist() for part in chunk), strict=True) for chunk in automaton(text, ends)]
    return [match for chunk in chunks for match in chunk]


def at_every_place(patterns: list[bytes], values: list[bytes]) -> set[tuple[int, int, int]]:
    whole = b"".join(values)
    return {
        (which, at, at + len(pattern))
        for which, pattern in enumerate(patterns)
        for at in range(len(whole))
        if whole.startswith(pattern, at)
    }


@given(st.lists(names, unique=True, max_size=8), texts, st.integers(1, 20))
def test_every_place_is_found_once_with_any_bound_on_matches(
    patterns: list[bytes], values: list[bytes], most: int
) -> None:
    matches = found(Automaton(patterns, most_matches=most), values)
    assert len(set(matches)) == len(matches)
    assert set(matches) == at_every_place(patterns, values)


def cut_names_that_count(patterns: list[bytes], cut: set[int], values: list[bytes]) -> set[tuple[int, int, int]]:
    """Return for each start the longest name before a break, and the longer ones before a byte that may be a letter."""
    whole = b"".join(values)
    ends = np.cumsum([0, *map(len, values)]).tolist()
    counted = set()
    for value, begin in zip(values, ends[:-1], strict=True):
        end = begin + len(value)
        for start in range(begin, end):
            here = [one for one in at_every_place(patterns, [whole]) if one[0] in cut and one[1] == start]
            for which, _, stop in sorted(here, key=lambda one: -one[2]):
                if stop <= end and (stop == end or whole[stop] not in IN_WORD):
                    counted.add((which, start, stop))
                    if stop == end or whole[stop] < 128:
                        break
    return counted


@given(st.data(), st.lists(names, unique=True, min_size=1, max_size=8), texts, st.integers(1, 20))
def test_of_names_cut_short_the_longest_that_ends_with_its_word_is_found(
    data: st.DataObject, patterns: list[bytes], values: list[bytes], most: int
) -> None:
    cut = data.draw(st.sets(st.integers(0, len(patterns) - 1)))
    expected = {one for one in at_every_place(patterns, values) if one[0] not in cut}
    expected |= cut_names_that_count(patterns, cut, values)
    assert set(found(Automaton(patterns, cut, most_matches=most), values)) == expected


def test_the_depth_is_the_number_of_patterns_that_end_in_one_place() -> None:
    assert deepest([]) == 0
    assert deepest([b"ann", b"joann", b"ben", b"n"]) == 3


def test_no_chunk_has_more_matches_than_the_bound_allows() -> None:
    patterns = [b"a" * size for size in range(1, 65)]
    text = np.full(20_000, ord("a"), np.uint8)
    sizes = [chunk[0].size for chunk in Automaton(patterns, most_matches=16_384)(text, np.array([0, text.size]))]
    assert max(sizes) <= 16_384


def test_a_long_name_cut_short_is_one_match_at_a_place() -> None:
    patterns = [b"a" * size for size in range(8, 256)]
    text = np.full(100_000, ord("a"), np.uint8)
    sizes = [chunk[0].size for chunk in Automaton(patterns, range(len(patterns)))(text, np.array([0, text.size]))]
    assert sum(sizes) <= 248


@given(
    st.lists(st.text("ab", min_size=14, max_size=24).map(str.encode), unique=True, min_size=1, max_size=12),
    st.data(),
    st.integers(1, 40),
)
def test_long_patterns_are_found_by_their_first_bytes(patterns: list[bytes], data: st.DataObject, most: int) -> None:
    parts = st.sampled_from([*patterns, *(pattern[:18] for pattern in patterns), b"-", b"ab"])
    values = [b"".join(data.draw(st.lists(parts, max_size=5))) for _ in range(3)]
    matches = found(Automaton(patterns, most_matches=most, many_bytes=0), values)
    assert len(set(matches)) == len(matches)
    assert set(matches) == at_every_place(patterns, values)


def test_patterns_with_one_head_and_patterns_that_are_heads_are_all_found() -> None:
    head = b"0123456789abcdef"
    patterns = [head, head[:15], *(head + b"x" * size for size in range(1, 4)), head + b"y", b"f", b"a" * 40]
    values = [head + b"xxx-" + head + b"y", head, b"a" * 41, head + b"x"]
    assert set(found(Automaton(patterns, many_bytes=0), values)) == at_every_place(patterns, values)
