"""The numbers of a run against the same numbers asked of the input in SQL, which shares no code with it."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import duckdb
import pytest
from command import DEMO_ROWS, run_command

NULLS = "('', 'none', 'nan', 'null', 'undefined', '___null___')"


@pytest.fixture(scope="module")
def outputs(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("sql")
    mapping = folder / "mapping.json"
    run_command(
        "run", "--data-dir", demo, "--output-dir", folder / "out", "--mapping", mapping, "--all-sites", cwd=folder
    )  # fmt: skip
    read = {path.stem: json.loads(path.read_bytes()) for path in (folder / "out").glob("*.json")}
    return {**read, "mapping": json.loads(mapping.read_bytes())}


def _ask(demo: Path, query: str) -> list[tuple[Any, ...]]:
    source = f"read_parquet('{demo}/*.parquet', union_by_name = true, filename = true, file_row_number = true)"
    null_rule = f"CASE WHEN lower(trim({{0}})) IN {NULLS} THEN NULL ELSE {{0}} END"
    cleaned = ", ".join(
        f"{null_rule.format(f'CAST({column} AS VARCHAR)')} AS {name}"
        for column, name in [
            ('"User"', "user_cell"),
            ("MATCH_EXP_JOB_Site", "site"),
            ("NumJobStarts", "starts"),
            ("NumJobCompletions", "completions"),
        ]
    )
    return duckdb.sql(f"WITH jobs AS (SELECT {cleaned}, filename, file_row_number FROM {source}) {query}").fetchall()


def test_rows_by_user(demo: Path, outputs: dict[str, Any]) -> None:
    asked = _ask(demo, "SELECT trim(split_part(user_cell, '@', 1)), count(*) FROM jobs GROUP BY 1")
    numbers = {identity: f"UR{number}" for identity, number in outputs["mapping"]["kinds"]["user"]["identities"]}
    told = {token: rows for token, rows, _ in outputs["summary"]["users"] if rows}
    assert told == {numbers[handle or None]: rows for handle, rows in asked}


def test_users_are_numbered_by_first_appearance(demo: Path, outputs: dict[str, Any]) -> None:
    asked = _ask(
        demo,
        "SELECT trim(split_part(user_cell, '@', 1)) AS handle FROM jobs GROUP BY 1"
        " ORDER BY min(filename || '/' || lpad(CAST(file_row_number AS VARCHAR), 12, '0'))",
    )
    numbered = [identity for identity, _ in outputs["mapping"]["kinds"]["user"]["identities"]]
    handles = [handle for (handle,) in asked]
    # Other columns name more users, who have numbers too.
    assert [identity for identity in numbered if identity in handles] == handles


def test_failures(demo: Path, outputs: dict[str, Any]) -> None:
    ((failures, unreadable),) = _ask(
        demo,
        "SELECT count(*) FILTER (WHERE try_cast(starts AS DOUBLE) > 0 AND try_cast(completions AS DOUBLE) = 0),"
        " count(*) FILTER (WHERE try_cast(starts AS DOUBLE) IS NULL OR try_cast(completions AS DOUBLE) IS NULL)"
        " FROM jobs",
    )
    meta = outputs["failed_users"]["meta"]
    assert meta["total_failure_rows"] == failures
    assert meta["unreadable_rows"] == unreadable
    assert sum(user["failure_count"] for user in outputs["failed_users"]["failed_users"]) == failures


def test_jobs_by_site(demo: Path, outputs: dict[str, Any]) -> None:
    asked = Counter(dict(_ask(demo, "SELECT trim(site), count(*) FROM jobs GROUP BY 1")))
    del asked[None]
    listings = [held for name, held in outputs.items() if name.startswith("jobs_at_")]
    told = Counter({held["meta"]["canonical_site"]: held["meta"]["total_jobs_at_site"] for held in listings})
    assert told == asked
    assert all(len(held["jobs_at_site"]) == held["meta"]["total_jobs_at_site"] for held in listings)


def test_every_row_has_an_address(outputs: dict[str, Any]) -> None:
    summary = outputs["summary"]
    assert summary["meta"]["total_rows"] == DEMO_ROWS
    # A cell with two addresses counts for both.
    assert sum(rows for _, rows, _ in summary["ips"]) >= DEMO_ROWS
    assert sum(rows for _, _, rows in summary["user_ip_pairs"]) == sum(rows for _, rows, _ in summary["ips"])
