"""Every word and number that anonkit writes of its own accord may be a handle: the run publishes all the same."""

from __future__ import annotations

import re
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from command import Command, run_command

WAYS = {
    "plain": ("--all-sites", "--enable", "dataset"),
    "by_site": ("--enable", "dataset", "--dataset-by", "MATCH_EXP_JOB_Site"),
    "zstd": ("--all-sites", "--enable", "compression"),
    "gzip": ("--all-sites", "--enable", "compression", "--compress-codec", "gzip"),
    "tar": ("--all-sites", "--enable", "dataset", "--enable", "compression", "--archive", "release7q.tar.gz"),
    "zip": ("--all-sites", "--enable", "dataset", "--enable", "compression", "--archive", "release7q.zip"),
}
WORDS = re.compile(rb"[A-Za-z]{2,}|[0-9]{1,12}")


def _write(folder: Path, handles: list[str]) -> None:
    folder.mkdir()
    rows = [
        {
            "User": f"{handle}@example.org",
            "RequestMemory": 2000,
            "JobsubClientIpAddress": "192.0.2.1",
            "MATCH_EXP_JOB_Site": "Omaha",
            "NumJobStarts": 1,
            "NumJobCompletions": 1,
            "Cmd": "/x",
            "Environment": "A=1 DB_PASSWORD=hunter2x",
        }
        for handle in handles
    ]
    pq.write_table(pa.Table.from_pylist(rows), folder / "jobs.parquet")


@pytest.fixture(scope="module")
def words(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The words of all outputs, and some of their formats."""
    folder = tmp_path_factory.mktemp("one")
    _write(folder / "data", ["annakowal"])
    run_command("run", "--data-dir", "data", "--output-dir", "plain", *WAYS["plain"], cwd=folder)
    written = [path.read_bytes() for path in (folder / "plain").iterdir()]
    found = {word.decode().lower() for data in written for word in WORDS.findall(data)}
    found |= {"zst", "gz", "zip", "tar", "xz", "bz2", "withheld", "secret", "ustar", "par1", "true", "null", "parquet"}
    return sorted(found)


@pytest.mark.parametrize("way", WAYS)
def test_own_words_as_handles(anonkit: Command, tmp_path: Path, way: str, words: list[str]) -> None:
    _write(tmp_path / "data", words)
    done = anonkit("run", "--data-dir", "data", "--output-dir", "out", *WAYS[way])
    assert "withheld" not in done.stderr


@pytest.mark.parametrize("way", [*WAYS, "csv"])
def test_the_beginning_of_file_names_as_a_handle(anonkit: Command, tmp_path: Path, way: str) -> None:
    # `jobs_at_oma` begins as `jobs_at_Omaha.json` does, and so does the whole name.
    _write(tmp_path / "data", ["jobs_at_oma", "jobs_at_omaha", "annakowal"])
    options = ("--all-sites", "--set", "reporters.site_jobs.format=csv") if way == "csv" else WAYS[way]
    done = anonkit("run", "--data-dir", "data", "--output-dir", "out", *options)
    assert "withheld" not in done.stderr


@pytest.mark.parametrize("folder", ["zoë", "a" * 40])
def test_a_weak_handle_that_is_a_folder_in_the_home_of_another_user(
    anonkit: Command, tmp_path: Path, folder: str
) -> None:
    _write(tmp_path / "data", ["bin", folder])
    table = pq.read_table(tmp_path / "data/jobs.parquet").to_pylist()
    rows = [{**row, "Environment": f"A=1 PATH=/bin:/home/{folder}/bin:/x"} for row in table]
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "data/jobs.parquet")
    done = anonkit("run", "--data-dir", "data", "--output-dir", "out")
    assert "withheld" not in done.stderr
    report = (tmp_path / "out/cmd_env_report.txt").read_text()
    assert re.search(r"PATH=/bin:/home/UR_[0-9]/bin:/x", report)
