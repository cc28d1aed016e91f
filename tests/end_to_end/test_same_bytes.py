"""The same jobs give the same bytes, whatever the format of the files."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from anonkit_std.options.reporters import CmdEnvReportOptions, FailedUsersOptions, SiteJobsOptions, SummaryOptions
from anonkit_std.reporters.failed_users import FailedUsersReporter
from anonkit_std.reporters.site_jobs.reporter import SiteJobsListing
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


HANDLES = ("annakow", "o'neilson", 'quo"ted', "bar|bara", "dot.ted", "müllerin", "semi;colon", "back\\slash", None)
TEXTS = (
    "a,b;c\td|e", 'say "hi" to annakow', "two\nlines\r\nand more", "*** Offset = 0 ClusterId = 1", "\\", '"', "'",
    "nul\x00led", "[ x = 1; y = { 2 } ]", '{"EXPERIMENT": "nova"}', "/home/müllerin/x", "\x1b[31m", "\u2028",
    " padded ", None,
)  # fmt: skip
NUMBERS = (0, 1, -1, 2**53 + 1, 2**63 - 1, -(2**63), None)


def hostile(seed: int) -> list[dict[str, object]]:
    """Jobs whose values look like the signs of formats; the first has them all."""
    dice = Random(seed)
    first = {"User": "annakow@example.org", "Cmd": "x y", "Environment": "A=1", "RequestMemory": 2, "Time": 1.5}
    starts = {"NumJobStarts": 1, "NumJobCompletions": 0, "MATCH_EXP_JOB_Site": "North"}
    jobs: list[dict[str, object]] = [{**first, **starts, "JobsubClientIpAddress": "192.0.2.1"}]
    for _ in range(60):
        handle = dice.choice(HANDLES)
        job = {
            "User": handle and f"{handle}@example.org",
            "Cmd": dice.choice(TEXTS),
            "Environment": dice.choice(TEXTS),
            "RequestMemory": dice.choice(NUMBERS),
            "Time": dice.choice((0.1, -1e300, 2.5, None)),
            "MATCH_EXP_JOB_Site": dice.choice(("North", "a/b", 'so"uth', "t|s", None)),
            "JobsubClientIpAddress": dice.choice(("192.0.2.1", "2001:db8::1", None)),
        }
        jobs.append({name: value for name, value in {**job, **starts, **job}.items() if value is not None})
    return jobs


@pytest.mark.parametrize("seed", range(2))
def test_hostile_jobs_give_the_same_bytes(tmp_path: Path, seed: int) -> None:
    check_same_bytes(tmp_path, hostile(seed), ("jsonl", "json", "ads", "xml", "csv", "tsv", "duckdb", "sqlite"))


@pytest.mark.parametrize(
    ("forms", "signs"),
    [
        (("jsonl", "long", "history"), "\r\n"),
        (("jsonl", "sacct"), "|\r\n"),
    ],
)  # fmt: skip
def test_hostile_jobs_without_the_signs_that_a_format_cannot_carry(
    tmp_path: Path, forms: tuple[str, ...], signs: str
) -> None:
    jobs = [job for job in hostile(2) if not any(sign in str(value) for value in job.values() for sign in signs)]
    assert len(jobs) > 10
    check_same_bytes(tmp_path, jobs, forms)


def check_same_bytes(folder: Path, jobs: list[dict[str, object]], forms: tuple[str, ...]) -> None:
    found = {}
    for form in forms:
        (folder / form).mkdir()
        write_rows(
            folder / form / {"history": "history", "sacct": "sacct.txt"}.get(form, f"jobs.{form}"),
            list(jobs[0]),
            jobs,
            form,
        )
        found[form] = outputs(folder / form, folder / f"{form}-out")
    for form, written in found.items():
        for name, content in found["jsonl"].items():
            assert written[name] == content, (form, name)
