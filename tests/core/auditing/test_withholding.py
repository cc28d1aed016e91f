"""Values in which the audit's search finds an identity are replaced, and nothing else is."""

from __future__ import annotations

import json

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from anonkit.arrow.segments import Segments
from anonkit.auditing.exclusions import Tokens
from anonkit.auditing.patterns import Known, patterns
from anonkit.auditing.searching import Search
from anonkit.auditing.withholding import Withholder
from anonkit.plugin.contracts import Boundary
from anonkit.withheld import ALWAYS_ALLOWED, WITHHELD, describe_withheld, excess_withheld

KNOWN = [Known("user", "UR_1", "annakow", (("annakow", Boundary.ANYWHERE),), 1)]
WITHHOLDER = Withholder(Search(patterns(KNOWN), Tokens(("UR_",))))


def withheld(array: pa.Array) -> tuple[list[object], dict[tuple[str, str], int]]:
    batch, cells = WITHHOLDER(pa.record_batch({"Cmd": array}))
    assert batch.column("Cmd").type == (array.type if not _is_segmented(array) else pa.string())
    return batch.column("Cmd").to_pylist(), dict(cells)


def _is_segmented(array: pa.Array) -> bool:
    return pa.types.is_list(array.type) and pa.types.is_dictionary(array.type.value_type)


def test_only_values_with_an_identity_are_replaced() -> None:
    values, cells = withheld(pa.array(["/x/annakow/y", "harmless", None, "/x/UR_1", "AnnaKow", "harmless"]))
    assert values == [WITHHELD, "harmless", None, "/x/UR_1", WITHHELD, "harmless"]
    assert cells == {("Cmd", "UR_1"): 2}


def test_an_escaped_identity_is_found() -> None:
    assert withheld(pa.array([r"/data/\u0061nnakow.sh", "a%6enakow"]))[0] == [WITHHELD, WITHHELD]


def test_no_identity_is_made_of_two_values() -> None:
    assert withheld(pa.array(["anna", "kow"]))[0] == ["anna", "kow"]


def test_text_inside_lists_and_structs() -> None:
    nested = pa.array([[{"a": "annakow"}, {"a": "b"}], None, []])
    assert withheld(nested)[0] == [[{"a": WITHHELD}, {"a": "b"}], None, []]


def test_text_in_segments_is_merged() -> None:
    texts = pa.array(["run annakow now", "run it now"])
    assert withheld(Segments.from_strings(texts).to_lists(texts))[0] == [WITHHELD, "run it now"]


def test_numbers_stay() -> None:
    assert withheld(pa.array([1, None]))[0] == [1, None]


@given(st.lists(st.text(st.sampled_from("ank ow%6e\\\n\"'0")) | st.just("annakow") | st.none(), max_size=20))
def test_the_size_of_windows_does_not_show(values: list[str | None]) -> None:
    batch = pa.record_batch({"Cmd": pa.array(values, pa.string())})
    small = Withholder(WITHHOLDER.search, window_bytes=10)
    assert small(batch)[0].equals(WITHHOLDER(batch)[0])
    remaining = [value for value in small(batch)[0].column("Cmd").to_pylist() if value]
    assert not any("annakow" in value.casefold() for value in remaining)
    assert not any("annakow" in json.dumps(value).casefold() for value in remaining)


def test_too_many_values_are_counted_by_column() -> None:
    assert not excess_withheld({("Cmd", "UR_1"): ALWAYS_ALLOWED}, 100, 0.001)
    assert not excess_withheld({("Cmd", "UR_1"): 100}, 100_000, 0.001)
    message = excess_withheld({("Cmd", "UR_1"): 101}, 100_000, 0.001)
    assert "in 101 of 100,000 values, more than [run] max_withheld = 0.001" in message
    assert "Cmd: 101 (UR_1)" in message
    assert "in 1 of 100 values" in excess_withheld({("Cmd", "UR_1"): 1}, 100, 0)


def test_the_description_is_sorted_by_column() -> None:
    assert describe_withheld({("Env", "UR_2"): 1, ("Cmd", "UR_1"): 2000}) == "Cmd: 2,000 (UR_1); Env: 1 (UR_2)"


def test_more_findings_than_one_search_tells_are_all_withheld() -> None:
    texts = [f"run-{number} \\u0061nnakow" for number in range(200)]
    values, cells = withheld(pa.array(texts))
    assert set(values) == {WITHHELD}
    assert cells == {("Cmd", "UR_1"): 200}
