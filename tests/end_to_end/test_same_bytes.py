"""The same jobs give the same bytes, whatever the format of the files."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from anonkit_std.options.reporters import CmdEnvReportOptions, FailedUsersOptions, SiteJobsOptions, SummaryOptions
from anonkit_std.reporters.failed_users import FailedUsersReporter
from anonkit_std.reporters.site_jobs import SiteJobsListing
from anonkit_std.reporters.summary import SummaryReporter
from anonkit_std.reporters.text_report.reporter import CmdEnvReport

from anonkit.api import Reporter
from anonkit.demo import write_demo
from anonkit.demo.formats import write_rows
from anonkit.demo.schemas import for_format
from anonkit.testing import run_plugins

# The expected outputs are made once.
pytestmark = pytest.mark.xdist_group("same_bytes")

ROWS = 120
FORMATS = ("csv", "tsv.gz", "json", "jsonl.zst", "xml.bz2", "duckdb", "sqlite")
"""Those that can carry all of the demo's jobs."""


def reporters() -> Iterator[Reporter]:  # type: ignore[type-arg]  # of any state
    yield SummaryReporter(SummaryOptions())
    yield FailedUsersReporter(FailedUsersOptions())
    yield SiteJobsListing(SiteJobsOptions(all_sites=True))
    yield CmdEnvReport(CmdEnvReportOptions())


def outputs(data: Path, folder: Path) -> dict[str, bytes]:
    found = run_plugins(data, folder, reporters=[*reporters()])
    assert found.pop("manifest.json")
    assert len(found) > 5
    return found


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    folder = tmp_path_factory.mktemp("parquet")
    write_demo(folder / "data", rows=ROWS, files=3)
    return outputs(folder / "data", folder / "out")


@pytest.mark.parametrize("form", FORMATS)
def test_each_format_gives_what_parquet_gives(tmp_path: Path, expected: dict[str, bytes], form: str) -> None:
    write_demo(tmp_path / "data", rows=ROWS, files=3, form=form)
    assert outputs(tmp_path / "data", tmp_path / "out") == expected


def test_ads_give_what_json_gives(tmp_path: Path) -> None:
    """Of texts without line breaks, which ads cannot carry."""
    found = []
    for form, name in (("jsonl", "jobs.jsonl"), ("long", "jobs.long"), ("history", "history")):
        write_demo(tmp_path / form / "whole", rows=ROWS, files=1, form="jsonl")
        [whole] = (tmp_path / form / "whole").iterdir()
        rows = list(for_format(_objects(whole), "long"))
        (tmp_path / form / "data").mkdir()
        write_rows(tmp_path / form / "data" / name, list(rows[0]), rows, form)
        found.append(outputs(tmp_path / form / "data", tmp_path / form / "out"))
    assert found[1:] == found[:1] * 2


def _objects(path: Path) -> Iterator[dict[str, object]]:
    for line in path.read_bytes().splitlines():
        yield json.loads(line)
