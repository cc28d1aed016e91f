"""What is not known to be safe stays out of a data set, unless it is named."""

from __future__ import annotations

from collections.abc import Sequence

import attrs
import pyarrow as pa
import pytest
from anonkit_std.reporters.dataset.column_choice import choose, further
from reporter_kit import make_batch

from anonkit.api import AttributeClass, Column, Garbled, RunContext, Tokenized, Transformed, attribute

NAMES = ("User", "Owner", "Cmd", "QDate", "JobStatus", "ClaimId", "Mood")
ACCEPT = ("identity", "text", "quasi-identifier", "plain")
OPERATIONS = {"User": (Tokenized("user"),), "Owner": (Garbled(),), "Cmd": (Garbled(),), "Mood": (Garbled(),)}


def column(name: str, *, allowed: bool = False) -> Column:
    known = attribute(name)
    return Column(name=name, cls=known.cls if known else None, attribute=known, allowed=allowed)


def context(
    read: Sequence[str] = tuple(name for name in NAMES if name != "ClaimId"),
    record: Sequence[str] = ("User", "Cmd", "JobStatus"),
    allowed: Sequence[str] = (),
    **changes: object,
) -> RunContext:
    given = {
        "columns": {name: column(name, allowed=name in allowed) for name in NAMES},
        "batch_schema": pa.schema([(name, pa.string()) for name in read]),
        "schema": pa.schema([(name, pa.string()) for name in record]),
        "operations": OPERATIONS,
        **changes,
    }
    return attrs.evolve(make_batch({"User": ["a"]}).context, **given)  # type: ignore[arg-type]


def included(*named: str, beside: Sequence[str] = (), accept: Sequence[str] = ACCEPT, **changes: object) -> list[str]:
    return list(choose(named, beside, accept, context(**changes)).included)  # type: ignore[arg-type]


def reasons(*named: str, accept: Sequence[str] = ACCEPT, **changes: object) -> dict[str, str]:
    choice = choose(named, (), accept, context(**changes))  # type: ignore[arg-type]
    return {one.column.name: one.why for one in choice.left_out}


def test_the_row_record_when_nothing_is_named() -> None:
    assert included() == ["User", "Cmd", "JobStatus"]
    assert reasons() == {}


def test_of_the_row_record_too_only_what_is_known() -> None:
    assert included(record=("User", "Owner", "Mood")) == ["User"]


def test_all_that_may_go_in() -> None:
    assert included("*") == ["User", "Cmd", "QDate", "JobStatus"]


def test_why_the_others_do_not() -> None:
    assert reasons("*") == {
        "Owner": "each cell is one user, and no anonymizer that is switched on claims the column",
        "ClaimId": "must not be passed on: claim on a slot: whoever holds it may command the slot",
        "Mood": "not in the catalogue; name it in columns to have it",
    }


def test_named_columns_go_in_in_their_order() -> None:
    assert included("Mood", "Owner") == ["Mood", "Owner"]
    assert included("Mood", "*", "Owner") == ["Mood", "Owner", "User", "Cmd", "QDate", "JobStatus"]


def test_columns_to_sort_by_are_named_too() -> None:
    assert included("Cmd", beside=("Mood", "Cmd")) == ["Cmd", "Mood"]


def test_an_allowed_column_goes_in() -> None:
    assert included("*", read=NAMES, allowed=("ClaimId", "Mood")) == [
        "User",
        "Cmd",
        "QDate",
        "JobStatus",
        "ClaimId",
        "Mood",
    ]


def test_a_refused_column_stays_out_even_when_it_was_read() -> None:
    assert "ClaimId" not in included("*", read=NAMES)


@pytest.mark.parametrize(
    ("accept", "expected"),
    [(("plain",), ["JobStatus"]), (("plain", "identity"), ["User", "JobStatus"]), ((), [])],
)
def test_classes_that_are_accepted(accept: Sequence[str], expected: list[str]) -> None:
    assert included("*", accept=accept) == expected


def test_a_class_that_is_not_accepted_is_reported() -> None:
    assert reasons("*", accept=("text",))["QDate"] == "of class quasi-identifier, which accept does not have"


def test_an_unknown_column_with_tokens_is_one_of_identities() -> None:
    assert "Mood" in included("*", operations={**OPERATIONS, "Mood": (Tokenized("user"), Transformed("blanked"))})


def test_raw_rows_have_no_tokens_to_ask_for() -> None:
    assert "Owner" in included("*", operations={}, garbled=False)


def test_a_column_that_a_transform_dropped() -> None:
    operations = {**OPERATIONS, "JobStatus": (Transformed("left out"),)}
    assert reasons(read=("User", "Cmd"), record=("User", "Cmd"), operations=operations)["JobStatus"] == "left out"


def test_what_is_asked_for_in_advance() -> None:
    columns = [*map(column, NAMES), column("message", allowed=True)]
    assert further(columns, ACCEPT) == ["User", "Owner", "Cmd", "QDate", "JobStatus", "message"]
    assert further(columns, ("plain",)) == ["JobStatus", "message"]


def test_an_override_counts() -> None:
    mood = attrs.evolve(column("Mood"), cls=AttributeClass.PLAIN)
    assert further([mood], ACCEPT) == ["Mood"]
