from __future__ import annotations

from typing import Any

import attrs
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anonkit.arrow.segments import Segments, is_segmented, merge_segments

WORDS = st.sampled_from(["", "a", "b ", "é;", "A=1 "])
# The segments of each value; None for null.
VALUES = st.lists(st.none() | st.lists(WORDS, max_size=4), max_size=6)


def segmented(values: list[list[str] | None], more: tuple[str, ...] = ()) -> pa.Array:
    """A column in segments, with segments that no value has."""
    distinct = [*more, *dict.fromkeys(word for value in values for word in value or ())]
    codes = [[distinct.index(word) for word in value] if value is not None else None for value in values]
    lists = pa.array(codes, pa.list_(pa.int32()))
    return pa.ListArray.from_arrays(
        lists.offsets,
        pa.DictionaryArray.from_arrays(lists.values, pa.array(distinct, pa.string())),
        mask=lists.is_null(),
    )


def shown(segments: Segments) -> list[list[str]]:
    distinct = segments.distinct.to_pylist()
    flat = [distinct[code] for code in segments.codes.tolist()]
    return [flat[low:high] for low, high in zip(segments.ends.tolist(), segments.ends[1:].tolist(), strict=False)]


def made(values: list[list[str] | None]) -> Segments:
    return Segments.from_lists(segmented(values, ("unused", "x=")))


def texts(values: list[list[str] | None]) -> list[str | None]:
    return [None if value is None else "".join(value) for value in values]


def flags(data: st.DataObject, count: int) -> np.ndarray[Any, Any]:
    return np.array(data.draw(st.lists(st.booleans(), min_size=count, max_size=count)), np.bool_)


@given(VALUES, st.integers(0, 3))
def test_lists_are_read_from_any_slice(values: list[list[str] | None], start: int) -> None:
    lists = segmented(values, ("unused",))
    assert is_segmented(lists.type)
    segments = Segments.from_lists(lists[start:])
    assert shown(segments) == [value or [] for value in values[start:]]
    assert len(segments) == len(values[start:])
    again = segments.to_lists(lists[start:])
    again.validate(full=True)
    assert again.to_pylist() == values[start:]
    assert merge_segments(lists[start:]).to_pylist() == texts(values[start:])
    assert merge_segments(lists[start:]).type == pa.string()


@given(st.lists(st.none() | st.text(max_size=4), max_size=6), st.integers(0, 3))
def test_whole_values_are_segments(values: list[str | None], start: int) -> None:
    array = pa.array(values, pa.string())[start:]
    segments = Segments.from_strings(array)
    assert shown(segments) == [[] if value is None else [value] for value in values[start:]]
    assert segments.to_strings(array).equals(array)


@pytest.mark.parametrize("type_", [pa.string(), pa.large_string()])
def test_joined_as_they_were(type_: pa.DataType) -> None:
    like = pa.array(["ab", None], type_)
    joined = made([["a", "b "], None]).to_strings(like)
    assert joined.equals(pa.array(["ab ", None], type_))


def test_what_is_too_long_for_the_type_is_refused() -> None:
    # 2 GiB in segments of 1 MiB.
    segments = Segments(pa.array(["x" * (1 << 20)]), np.zeros(2048, np.int64), np.array([0, 2048]))
    with pytest.raises(pa.ArrowInvalid):
        segments.to_strings()


@pytest.mark.parametrize("type_", [pa.string(), pa.list_(pa.string()), pa.dictionary(pa.int32(), pa.string())])
def test_other_arrays_come_back_unchanged(type_: pa.DataType) -> None:
    assert not is_segmented(type_)
    array = pa.nulls(2, type_)
    assert merge_segments(array) is array


@given(VALUES, st.data())
def test_some_of_the_values(values: list[list[str] | None], data: st.DataObject) -> None:
    segments = made(values)
    chosen = data.draw(st.lists(st.integers(0, len(values) - 1), max_size=4)) if values else []
    assert shown(segments.take(np.array(chosen, np.int64))) == [values[place] or [] for place in chosen]
    stay = flags(data, len(values))
    only = segments.empty_except(stay)
    kept = [value if value and keep else [] for value, keep in zip(values, stay, strict=True)]
    assert shown(only) == kept
    used = only.drop_unused()
    assert shown(used) == kept
    assert sorted(used.distinct.to_pylist()) == sorted({word for value in kept for word in value})


@given(VALUES, st.data())
def test_other_texts_for_some_values(values: list[list[str] | None], data: st.DataObject) -> None:
    places = np.flatnonzero(flags(data, len(values)))
    others = data.draw(st.lists(st.text(max_size=3), min_size=len(places), max_size=len(places)))
    changed = made(values).replace_values(places, pa.array(others, pa.string()))
    lists = segmented(values)
    assert changed.to_lists(lists).type == lists.type
    expected = [value or [] for value in values]
    for place, other in zip(places.tolist(), others, strict=True):
        expected[place] = [other]
    assert shown(changed) == expected


@given(VALUES, st.data())
def test_columns_that_share_the_values_are_coalesced(values: list[list[str] | None], data: st.DataObject) -> None:
    left = flags(data, len(values))
    segments = made(values)
    assert shown(Segments.coalesce([segments.empty_except(left), segments.empty_except(~left)])) == [
        value or [] for value in values
    ]


@given(VALUES, st.data())
def test_open_segments_are_merged_with_the_next(values: list[list[str] | None], data: st.DataObject) -> None:
    segments = made(values)
    open_ = flags(data, len(segments.codes))
    expected, place = [], 0
    for value in values:
        runs: list[str] = []
        goes_on = False
        for word in value or ():
            if goes_on:
                runs[-1] += word
            else:
                runs.append(word)
            goes_on, place = bool(open_[place]), place + 1
        expected.append(runs)
    assert shown(segments.merge_adjacent(np.flatnonzero(open_))) == expected


@given(VALUES, st.data())
def test_segments_are_subdivided(values: list[list[str] | None], data: st.DataObject) -> None:
    segments = made(values)
    most = data.draw(st.sampled_from([1, 3]))
    parts = [data.draw(st.lists(st.sampled_from("xyz"), max_size=most)) for _ in range(len(segments.distinct))]
    known = dict(zip(segments.distinct.to_pylist(), parts, strict=True))
    assert shown(segments.subdivide(made(list(parts)))) == [
        [part for word in value or () for part in known[word]] for value in values
    ]


@given(VALUES, st.data())
def test_values_contain_flagged_segments(values: list[list[str] | None], data: st.DataObject) -> None:
    segments = made(values)
    held = flags(data, len(segments.distinct))
    words = {word for word, one in zip(segments.distinct.to_pylist(), held, strict=True) if one}
    having = [bool(words.intersection(value or ())) for value in values]
    assert segments.contains_any(held).tolist() == having
    assert segments.find_values(np.flatnonzero(held)).tolist() == np.flatnonzero(having).tolist()


@given(VALUES)
def test_the_owner_of_each_piece(values: list[list[str] | None]) -> None:
    segments = made(values)
    expected = [number for number, value in enumerate(values) for _ in value or ()]
    assert segments.parent_indices(np.arange(len(segments.codes))).tolist() == expected


@given(VALUES.filter(len), st.lists(st.integers(0, 9), max_size=8))
def test_findings_in_segments_are_located_in_each_value(values: list[list[str] | None], held: list[int]) -> None:
    segments = made(values)
    held = sorted(one % len(segments.distinct) for one in held)
    found, which = segments.locate(np.array(held, np.int64))
    words = segments.distinct.to_pylist()
    expected = [
        (value, place)
        for value, parts in enumerate(values)
        for word in parts or ()
        for place, one in enumerate(held)
        if words[one] == word
    ]
    assert sorted(zip(found.tolist(), which.tolist(), strict=True)) == sorted(expected)


def test_nothing_of_it_is_changed_in_place() -> None:
    segments = made([["a", "b "], None, ["a"]])
    kept = attrs.evolve(segments, codes=segments.codes.copy(), ends=segments.ends.copy())
    segments.merge_adjacent(np.arange(3))
    segments.replace_values(np.array([0]), pa.array(["x"]))
    segments.empty_except(np.array([True, False, False]))
    assert segments.codes.tolist() == kept.codes.tolist()
    assert segments.ends.tolist() == kept.ends.tolist()
