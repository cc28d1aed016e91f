from __future__ import annotations

import csv
import io
import json
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from anonkit_std.options.reporters import SiteJobsOptions
from anonkit_std.reporters.site_jobs.reporter import SiteJobsListing
from hypothesis import given
from hypothesis import strategies as st
from reporter_kit import MemoryOutputs, check_fold_laws, cut, make_batch, replacing, run

from anonkit.api import Roles

SITE = "MATCH_EXP_JOB_Site"


def batch_of(sites: Any, **more: Any) -> Any:
    users = [f"UR_{n + 1}@example.org" for n in range(len(sites))]
    return make_batch({"User": pa.array(users, pa.string()), SITE: pa.array(sites, pa.string())}, **more)


def listing(**options: Any) -> SiteJobsListing:
    return SiteJobsListing(SiteJobsOptions(**options))


def listed(batch: Any, **options: Any) -> tuple[dict[str, Any], MemoryOutputs]:
    outputs = run(listing(**options), [batch])
    return {name: json.loads(data) for name, data in outputs.files.items()}, outputs


def test_file() -> None:
    outputs = run(listing(sites=("FermiGrid",)), [batch_of(["FermiGrid", "CERN", " FermiGrid", None])])
    assert list(outputs.files) == ["jobs_at_FermiGrid.json"]
    text = outputs.files["jobs_at_FermiGrid.json"].decode()
    head, meta = text.split('"meta": ')
    assert head == (
        '{"jobs_at_site": [\n{"User":"UR_1@example.org","MATCH_EXP_JOB_Site":"FermiGrid"},\n'
        '{"User":"UR_3@example.org","MATCH_EXP_JOB_Site":" FermiGrid"}\n],\n'
    )
    assert meta.endswith("}}\n")
    assert json.loads(text)["meta"] == {
        "requested_site": "FermiGrid",
        "canonical_site": "FermiGrid",
        "is_valid_site": True,
        "match_note": "exact",
        "site_column": SITE,
        "garbled": True,
        "total_jobs_at_site": 2,
        "columns_included": ["User", SITE],
        "token_prefixes": {"user": "UR_", "experiment": "EX_", "ip": "IP"},
    }
    assert list(json.loads(text)["meta"]["token_prefixes"]) == ["user", "experiment", "ip"]


def test_exact_match_comes_before_case() -> None:
    files, _ = listed(batch_of(["CERN", "cern"]), sites=("cern",))
    assert files["jobs_at_cern.json"]["meta"]["match_note"] == "exact"
    assert files["jobs_at_cern.json"]["meta"]["total_jobs_at_site"] == 1


def test_case_does_not_matter_when_nothing_matches_exactly() -> None:
    files, _ = listed(batch_of(["CERN"]), sites=("cern",))
    meta = files["jobs_at_CERN.json"]["meta"]
    assert (meta["requested_site"], meta["canonical_site"]) == ("cern", "CERN")
    assert meta["match_note"] == "without regard to case"


def test_of_sites_that_differ_in_case_the_one_with_most_jobs_is_taken() -> None:
    files, _ = listed(batch_of(["CERN", "Cern", "Cern"]), sites=("cern",))
    assert files["jobs_at_Cern.json"]["meta"]["total_jobs_at_site"] == 2


def test_sites_that_differ_in_case_are_ambiguous() -> None:
    files, outputs = listed(batch_of(["Cern", "CERN"]), sites=("cern",))
    assert list(files) == ["jobs_at_CERN.json"]
    note = "ambiguous: 'CERN', 'Cern' differ only in case; took 'CERN'"
    assert files["jobs_at_CERN.json"]["meta"]["match_note"] == note
    assert outputs.warnings == [f"site 'cern': {note}"]


@pytest.mark.parametrize(("asked", "options"), [("FermiGird", {}), ("fermigrid", {"case_insensitive": False})])
def test_unknown_site_gives_an_empty_list_and_a_warning(asked: str, options: dict[str, Any]) -> None:
    files, outputs = listed(batch_of(["FermiGrid", "CERN"]), sites=(asked,), **options)
    content = files[f"jobs_at_{asked}.json"]
    assert content["jobs_at_site"] == []
    assert content["meta"]["canonical_site"] is None
    assert content["meta"]["is_valid_site"] is False
    assert content["meta"]["total_jobs_at_site"] == 0
    [warning] = outputs.warnings
    note = (
        "no job ran at a site of this name; nearest in spelling: 'FermiGrid' (1 jobs); with most jobs: 'CERN' (1 jobs)"
    )
    assert warning == f"site {asked!r}: {note}"
    assert content["meta"]["match_note"] in warning


def test_requested_name_is_garbled_like_the_column() -> None:
    garble = replacing({"alice": "UR_1"})
    files, outputs = listed(batch_of(["UR_1-cluster"], garble=garble), sites=("alice-cluster", "alice-nowhere"))
    assert list(files) == ["jobs_at_UR_1-cluster.json", "jobs_at_UR_1-nowhere.json"]
    assert "alice" not in json.dumps(files) + str(outputs.warnings)


def test_site_asked_for_twice_is_listed_once() -> None:
    files, _ = listed(batch_of(["CERN"]), sites=("CERN", "cern", "CERN"))
    assert files["jobs_at_CERN.json"]["meta"]["requested_site"] == "CERN"


def test_every_site_has_its_own_file() -> None:
    files, _ = listed(
        batch_of(["CERN", "cern", "../x", None, " ", "a/b", "a_b", "CERN "]), all_sites=True, sites=("q",)
    )
    assert {content["meta"]["canonical_site"] for content in files.values()} == {"CERN", "cern", "../x", "a/b", "a_b"}
    assert sum(len(content["jobs_at_site"]) for content in files.values()) == 6
    assert len({name.casefold() for name in files}) == 5
    assert "jobs_at_CERN.json" in files
    assert not any("/" in name for name in files)


def test_hostile_site_cannot_break_the_json_or_the_terminal() -> None:
    site = 'x"],\n\x1b[2J\u2028'
    batch = batch_of([site])
    files, outputs = listed(batch, all_sites=True)
    [content] = files.values()
    assert content["meta"]["canonical_site"] == site.strip()
    _, outputs = listed(batch, sites=("\x1b[2J",))
    assert "\x1b" not in outputs.warnings[0]
    result = listing(all_sites=True)
    state = result.consume(result.start(batch.context), batch)
    assert result.highlights(state, batch.context)[0][1].isprintable()


def test_without_a_request_nothing_is_read_or_written() -> None:
    nothing = listing()
    batch = make_batch({"User": ["UR_1"]})
    assert (nothing.required_roles, nothing.columns(Roles())) == ((), ())
    assert run(nothing, [batch]).files == {}
    assert nothing.highlights(nothing.start(batch.context), batch.context) == [
        ("site listings", "none: name a site with --site NAME, or take --all-sites")
    ]


def test_needs() -> None:
    assert listing(all_sites=True).required_roles == ("site",)
    assert listing(sites=("x",)).columns(Roles()) == (SITE,)


def test_site_column_beside_the_record() -> None:
    files, _ = listed(batch_of(["CERN"], beside=(SITE,)), all_sites=True)
    assert files["jobs_at_CERN.json"]["jobs_at_site"] == [{"User": "UR_1@example.org"}]


def test_highlights() -> None:
    batch = batch_of(["A", "B", "C", "D", "D"])
    every = listing(all_sites=True)
    state = every.consume(every.start(batch.context), batch)
    text = "A (1 jobs), B (1 jobs), C (1 jobs), 1 more"
    assert every.highlights(state, batch.context) == [("site listings", text)]


VALUES: dict[str, Any] = {
    "User": pa.array(["UR_1@example.org", None, 'a "b", c', "=1+1"]),
    "Cmd": pa.array(["-1", "line\nbreak", "-rf", ""]),
    "RequestMemory": pa.array([2000, None, -1, 0]),
    "Load": pa.array([0.5, float("nan"), None, 2.0]),
    "Args": pa.array([["x", "y"], None, [], ["="]]),
    "QDate": pa.array([0, 1, None, 2], pa.timestamp("s")),
    SITE: pa.array(["CERN", "cern", "CERN", "CERN "]),
}
"""Rows of every sort of value, three of them at one site."""


def rows_of(form: str) -> list[dict[str, Any]]:
    outputs = run(listing(sites=("CERN",), format=form), cut(make_batch(VALUES), [1, 3]))
    data = outputs.files[f"jobs_at_CERN.{form}"]
    if form == "json":
        rows: list[dict[str, Any]] = json.loads(data)["jobs_at_site"]
        return rows
    if form == "ndjson":
        return [json.loads(line) for line in data.decode().splitlines()]
    if form == "parquet":
        return list(pq.read_table(io.BytesIO(data)).to_pylist())
    return list(csv.DictReader(io.StringIO(data.decode(), newline="")))


def test_json_lines_have_the_rows_of_json() -> None:
    assert rows_of("ndjson") == rows_of("json")
    assert len(rows_of("json")) == 3


def test_parquet_has_the_rows_of_json() -> None:
    rows = rows_of("parquet")
    for row in rows:
        row["QDate"] = row["QDate"] and row["QDate"].isoformat()
    assert rows == rows_of("json")


def test_csv_has_the_rows_of_json_and_no_formulas() -> None:
    rows = rows_of("json")
    assert [row["User"] for row in rows] == ["UR_1@example.org", 'a "b", c', "=1+1"]
    expected = [{name: csv_text(value) for name, value in row.items()} for row in rows]
    expected[2]["User"], expected[1]["Cmd"] = "'=1+1", "'-rf"
    assert rows_of("csv") == expected


def csv_text(value: Any) -> str:
    if value is None:
        return ""
    return (
        json.dumps(value, separators=(",", ":"))
        if isinstance(value, list)
        else f"{value:g}"
        if isinstance(value, float)
        else str(value)
    )


def test_csv_tells_an_empty_text_from_null() -> None:
    batch = make_batch({"User": pa.array(["", None]), SITE: pa.array(["CERN", "CERN"])})
    outputs = run(listing(all_sites=True, format="csv"), [batch])
    assert outputs.files["jobs_at_CERN.csv"] == f'"User","{SITE}"\n"","CERN"\n,"CERN"\n'.encode()


@pytest.mark.parametrize("form", ["ndjson", "csv", "parquet"])
def test_formats_without_a_place_for_it_have_their_meta_in_one_document(form: str) -> None:
    outputs = run(listing(sites=("CERN", "FermiGrid"), format=form), [batch_of(["CERN", "cern"])])
    assert list(outputs.files) == [f"jobs_at_CERN.{form}", f"jobs_at_FermiGrid.{form}", "jobs_at_sites.json"]
    listings = json.loads(outputs.files["jobs_at_sites.json"])["listings"]
    described = run(listing(sites=("CERN", "FermiGrid")), [batch_of(["CERN", "cern"])]).files
    assert [entry.pop("file") for entry in listings] == [f"jobs_at_CERN.{form}", f"jobs_at_FermiGrid.{form}"]
    assert listings == [json.loads(data)["meta"] for data in described.values()]


def test_listing_of_an_unknown_site_is_empty_in_every_format() -> None:
    files = {
        form: run(listing(sites=("x",), format=form), [batch_of(["CERN"])]).files[f"jobs_at_x.{form}"]
        for form in ("ndjson", "csv", "parquet")
    }
    assert (files["ndjson"], files["csv"]) == (b"", f'"User","{SITE}"\n'.encode())
    assert pq.read_table(io.BytesIO(files["parquet"])).shape == (0, 2)


SITES = st.lists(st.sampled_from(["CERN", "cern", " CERN", "a/b", None, "", "\x1b"]) | st.text(max_size=3), max_size=12)


@given(
    SITES,
    st.lists(st.integers(0, 12), max_size=3),
    st.booleans(),
    st.booleans(),
    st.sampled_from(["json", "ndjson", "csv", "parquet"]),
)
def test_fold_laws(sites: list[str | None], places: list[int], all_sites: bool, fold_case: bool, form: str) -> None:
    reporter = listing(sites=("cern", "A/B"), all_sites=all_sites, case_insensitive=fold_case, format=form)
    check_fold_laws(reporter, batch_of(sites), places)
