from __future__ import annotations

import json
import math
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest
from anonkit_std.options.reporters import FailedUsersOptions
from anonkit_std.reporters.failed_users import FailedUsersReporter, numbers
from hypothesis import given
from hypothesis import strategies as st
from reporter_kit import check_fold_laws, identities, make_batch, run

from anonkit.api import PluginError, Roles

REPORTER = FailedUsersReporter(FailedUsersOptions())


def batch_of(starts: Any, completions: Any, users: list[Any], **more: Any) -> Any:
    columns = {"NumJobStarts": starts, "NumJobCompletions": completions}
    return make_batch(columns, codes={"user": users}, **more)


def report(batch: Any) -> Any:
    return json.loads(run(REPORTER, [batch]).files["failed_users.json"])


def test_file() -> None:
    batch = batch_of([1, 1, 2, 0, 1], ["0", "0", " 0.0 ", "0", "1"], [2, 0, 2, 0, 0])
    assert run(REPORTER, [batch]).files["failed_users.json"].decode() == (
        '{\n  "failed_users": [\n    {"token": "UR3", "failure_count": 2, "valid": true},\n'
        '    {"token": "UR1", "failure_count": 1, "valid": true}\n  ],\n'
        '  "meta": {\n    "distinct_failed_users": 2,\n    "total_failure_rows": 3,\n'
        '    "failure_fraction": 0.6,\n    "unreadable_rows": 0\n  }\n}\n'
    )


def test_equal_counts_are_in_token_order() -> None:
    content = report(batch_of([1, 1], [0, 0], [1, 0]))
    assert [entry["token"] for entry in content["failed_users"]] == ["UR1", "UR2"]


def test_unreadable_numbers_are_counted_and_no_failures() -> None:
    content = report(batch_of(["1", None, "many", "1"], ["0", "0", "0", "nan"], [0, 0, 0, 0]))
    assert content["meta"]["unreadable_rows"] == 3
    assert content["meta"]["total_failure_rows"] == 1


def test_no_rows() -> None:
    content = report(batch_of(pa.array([], pa.int64()), pa.array([], pa.string()), []))
    assert content == {
        "failed_users": [],
        "meta": {"distinct_failed_users": 0, "total_failure_rows": 0, "failure_fraction": 0.0, "unreadable_rows": 0},
    }


@pytest.mark.parametrize(("garbled", "original"), [(True, None), (False, "alice")])
def test_originals_are_in_a_raw_report_only(garbled: bool, original: str | None) -> None:
    known = {"user": identities("user", [1], originals=("alice",))}
    [entry] = report(batch_of([1], [0], [0], known=known, garbled=garbled))["failed_users"]
    assert entry.get("original") == original
    assert ("original" in entry) is not garbled


@pytest.mark.parametrize(
    ("column", "values"),
    [
        (pa.array([1, None], pa.int8()), [1, None]),
        (pa.array([1.5, float("nan"), float("inf")]), [1.5, None, None]),
        (pa.array([Decimal("1.5"), None]), [1.5, None]),
        (pa.array(["0", " 3 ", "0.0", "1e2", "-.5", "+7."]), [0, 3, 0, 100, -0.5, 7]),
        (pa.array(["", "x", "1_000", "0x10", "inf", "nan", "1e999", "٣", None]), [None] * 9),
        (pa.array(["1", None, "1"]).dictionary_encode(), [1, None, 1]),
        (pa.nulls(2), [None, None]),
    ],
)
def test_numbers(column: pa.Array, values: list[float | None]) -> None:
    assert [None if math.isnan(value) else value for value in numbers(column)] == values


def test_users_without_tokens_are_an_error_that_says_what_to_do() -> None:
    batch = make_batch({"NumJobStarts": [1], "NumJobCompletions": [0]})
    with pytest.raises(PluginError, match="--enable user"):
        run(REPORTER, [batch])
    known = {"user": identities("user", [1])}
    with pytest.raises(PluginError, match="--enable user"):
        run(REPORTER, [make_batch({"NumJobStarts": [1], "NumJobCompletions": [0]}, known=known)])


def test_highlights() -> None:
    batch = batch_of([1, 1, 0], [0, 0, 0], [0, 0, 1])
    result = REPORTER.finish(REPORTER.consume(REPORTER.start(batch.context), batch), batch.context)
    assert REPORTER.highlights(result, batch.context) == [
        ("failures", "2 of 3 rows (66.67%)"),
        ("most failing users", "UR1 (2)"),
    ]


def test_needs() -> None:
    assert REPORTER.required_roles == ("user", "starts", "completions")
    assert REPORTER.columns(Roles()) == ("NumJobStarts", "NumJobCompletions")


NUMBERS = st.sampled_from(["0", "1", " 2 ", "x", None, "0.0"])


@given(st.lists(st.tuples(NUMBERS, NUMBERS, st.integers(0, 3))), st.lists(st.integers(0, 12), max_size=3))
def test_fold_laws(rows: list[tuple[Any, Any, int]], places: list[int]) -> None:
    starts, completions = (pa.array([row[n] for row in rows], pa.string()) for n in (0, 1))
    known = {"user": identities("user", [1] * 4)}
    check_fold_laws(REPORTER, batch_of(starts, completions, [row[2] for row in rows], known=known), places)


def test_failures_by_the_first_word_of_a_column() -> None:
    reporter = FailedUsersReporter(FailedUsersOptions(column="State", values=("FAILED", "0")))
    states = ["failed", " FAILED by 7", "CANCELLED by 7", "0", None, " ", "OUT_OF_MEMORY"]
    batch = make_batch({"State": states}, codes={"user": [0, 0, 0, 1, 1, 1, 1]})
    content = json.loads(run(reporter, [batch]).files["failed_users.json"])
    assert [(one["token"], one["failure_count"]) for one in content["failed_users"]] == [("UR1", 2), ("UR2", 1)]
    assert content["meta"]["unreadable_rows"] == 2
    assert reporter.required_roles == ("user",)
    assert reporter.columns(Roles(starts="", completions="")) == ("State",)
    numbered = make_batch({"State": [0, 1]}, codes={"user": [0, 1]})
    assert json.loads(run(reporter, [numbered]).files["failed_users.json"])["meta"]["total_failure_rows"] == 1


def test_a_column_needs_values() -> None:
    with pytest.raises(ValueError, match="column, values: one is set without the other"):
        FailedUsersOptions(column="State")
