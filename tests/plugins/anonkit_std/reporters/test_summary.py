from __future__ import annotations

import json
from typing import Any

import pytest
from anonkit_std.options.reporters import SummaryOptions
from anonkit_std.reporters.summary import SummaryReporter
from hypothesis import given
from hypothesis import strategies as st
from reporter_kit import check_fold_laws, identities, make_batch, run

REPORTER = SummaryReporter(SummaryOptions())
ROWS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3) | st.lists(st.integers(0, 3), max_size=2)))


def summary(batch: Any, **options: Any) -> Any:
    reporter = SummaryReporter(SummaryOptions(**options))
    return json.loads(run(reporter, [batch]).files["summary.json"])


def batch_of(users: list[Any], ips: list[Any], **more: Any) -> Any:
    return make_batch({"User": ["x"] * len(users)}, codes={"user": users, "ip": ips}, **more)


def test_file() -> None:
    known = {"user": identities("user", [3, 1]), "ip": identities("ip", [1, 3], valid=[False, True])}
    batch = batch_of([0, 0, 1, 0], [0, 1, 1, 1], known=known)
    assert run(REPORTER, [batch]).files["summary.json"].decode() == (
        '{\n  "users": [\n    ["UR1", 3, true],\n    ["UR2", 1, true]\n  ],\n'
        '  "ips": [\n    ["IP1", 1, false],\n    ["IP2", 3, true]\n  ],\n'
        '  "user_ip_correlations": [\n    [null, "UR1", null, "IP2", 3, true],\n'
        '    [null, "UR2", null, "IP2", 1, true]\n  ],\n'
        '  "user_ip_pairs": [\n    ["UR1", "IP2", 2],\n    ["UR1", "IP1", 1],\n    ["UR2", "IP2", 1]\n  ],\n'
        '  "meta": {\n    "total_rows": 4,\n    "distinct_users": 2,\n    "distinct_ips": 2\n  }\n}\n'
    )


def test_of_addresses_used_equally_the_lowest_number_is_shown() -> None:
    content = summary(batch_of([0, 0, 0], [2, 1, 0]))
    assert content["user_ip_correlations"] == [[None, "UR1", None, "IP1", 3, True]]


def test_several_addresses_in_a_cell_count_each_once() -> None:
    content = summary(batch_of([0, 0], [[0, 1], [1]]))
    assert content["user_ip_pairs"] == [["UR1", "IP2", 2], ["UR1", "IP1", 1]]


def test_user_without_an_address() -> None:
    assert summary(batch_of([0], [[]]))["user_ip_correlations"] == [[None, "UR1", None, None, 1, True]]


@pytest.mark.parametrize(
    ("options", "garbled", "expected"),
    [
        ({}, True, [[None, "UR1", None, "IP1", 1, True], [None, "UR2", None, "IP1", 1, True]]),
        ({"include_originals": True}, True, [["alice", "UR1", "192.0.2.1", "IP1", 1, True]]),
        ({}, False, [["alice", "UR1", "192.0.2.1", "IP1", 1, True]]),
    ],
)
def test_originals_only_when_asked_for(options: dict[str, Any], garbled: bool, expected: list[Any]) -> None:
    known = {
        "user": identities("user", [1, 1], originals=("alice", None)),
        "ip": identities("ip", [2], originals=("192.0.2.1",)),
    }
    content = summary(batch_of([0, 1], [0, 0], known=known, garbled=garbled), **options)
    assert content["user_ip_correlations"][: len(expected)] == expected
    assert SummaryReporter(SummaryOptions(**options)).writes_originals is bool(options)


def test_without_an_address_column_there_are_no_addresses() -> None:
    known = {"user": identities("user", [2]), "ip": identities("ip", [0])}
    content = summary(make_batch({"User": ["x", "x"]}, codes={"user": [0, 0]}, known=known))
    assert (content["ips"], content["user_ip_pairs"]) == ([], [])
    assert content["user_ip_correlations"] == [[None, "UR1", None, None, 2, True]]
    assert content["meta"] == {"total_rows": 2, "distinct_users": 1, "distinct_ips": 0}


def test_without_users_or_rows_the_lists_are_empty() -> None:
    assert summary(make_batch({"User": ["x"]}))["users"] == []
    assert summary(batch_of([], []))["meta"] == {"total_rows": 0, "distinct_users": 0, "distinct_ips": 0}


def test_highlights_name_the_busiest_by_token() -> None:
    batch = batch_of([1, 1, 0], [0, 0, 0])
    result = REPORTER.finish(REPORTER.start(batch.context), batch.context)
    assert REPORTER.highlights(result, batch.context) == [("busiest users", "none")]
    result = REPORTER.finish(REPORTER.consume(REPORTER.start(batch.context), batch), batch.context)
    assert REPORTER.highlights(result, batch.context) == [("busiest users", "UR2 (2 rows), UR1 (1 rows)")]


def test_needs() -> None:
    assert REPORTER.required_roles == ("user",)


@given(ROWS, st.lists(st.integers(0, 12), max_size=3))
def test_fold_laws(rows: list[tuple[int, Any]], places: list[int]) -> None:
    lists = any(isinstance(ip, list) for _, ip in rows)
    ips = [[ip] if lists and isinstance(ip, int) else ip for _, ip in rows]
    known = {"user": identities("user", [1] * 4), "ip": identities("ip", [1] * 4)}
    check_fold_laws(REPORTER, batch_of([user for user, _ in rows], ips, known=known), places)
