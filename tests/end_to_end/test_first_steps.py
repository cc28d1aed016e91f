"""What a newcomer types wrongly: each message says what is wrong, where, and what to do next."""

from __future__ import annotations

from pathlib import Path

import pytest
from command import Command


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder with jobs, an empty folder, and a file that is neither."""
    columns = "User,JobsubClientIpAddress,MATCH_EXP_JOB_Site,NumJobStarts,NumJobCompletions,Cmd,Environment"
    (tmp_path / "jobs.csv").write_text(f"{columns}\nann@example.org,192.0.2.1,FermiGrid,1,1,/bin/x,A=1\n")
    (tmp_path / "empty").mkdir()
    (tmp_path / "afile").write_text("x")
    (tmp_path / "typo.toml").write_text("[run]\nworkesr = 2\n[reporters.sumary]\nfile = 'x'\n")
    (tmp_path / "foreign").mkdir()
    (tmp_path / "foreign" / "summary.json").write_text("mine")
    (tmp_path / "others").mkdir()
    (tmp_path / "others" / "mine.parquet").write_text("mine")
    return tmp_path


@pytest.mark.parametrize(
    ("line", "status", "parts"),
    [
        ("run empty out", 1, ("empty: no file in this folder", "check --data-dir")),
        ("run nowhere out", 1, ("nowhere: no such file or folder", "check --data-dir")),
        ("run afile out", 1, ("afile", "condor_history -json > jobs.json")),
        ("run jobs.csv afile", 2, ("--output-dir: 'afile' is a file; name a folder",)),
        ("run jobs.csv /proc/x", 1, ("/proc/x: cannot be written to", "choose another --output-dir")),
        ("run jobs.csv out --wrp 80", 2, ("No such option '--wrp'", "'--wrap'")),
        ("run jobs.csv out --site=", 2, ("sites: a name is empty; name a site", "--all-sites")),
        ("run jobs.csv out --config typo.toml", 2, ("line 2", "'workers'", "line 3", "did you mean 'summary'?")),
        ("run jobs.csv foreign --disable cmd_env_report", 1, ("foreign: holds 'summary.json'", "--force")),
        ("run jobs.csv", 2, ("IN is given without OUT; write `anonkit run IN OUT`",)),
        ("rnu jobs.csv out", 2, ("did you mean 'run'?",)),
        ("demo afile --rows 5", 1, ("afile is a file: name a folder",)),
        ("demo others --rows 5", 1, ("others holds other files (mine.parquet)", "name a new folder")),
        ("demo /proc/x --rows 5", 1, ("/proc/x: cannot be written to", "name another folder")),
        ("package empty", 1, ("empty: no manifest.json there; name the output folder of a run",)),
        ("audit empty", 2, ("no mapping is named; give --mapping FILE",)),
    ],
)
def test_messages(anonkit: Command, place: Path, line: str, status: int, parts: tuple[str, ...]) -> None:
    done = anonkit(*line.split(), status=status)
    assert [part for part in parts if part not in done.stderr] == []
    assert "bug" not in done.stderr
    assert done.stdout == ""
    assert (place / "foreign" / "summary.json").read_text() == "mine"


def test_demo_data_is_written_again_into_its_folder(anonkit: Command) -> None:
    for _ in range(2):
        anonkit("demo", "data", "--rows", "5", "--files", "1")


def test_a_site_that_matches_nothing_stops_a_strict_run(anonkit: Command, place: Path) -> None:
    done = anonkit("run", "jobs.csv", "out", "--site", "FermiGird", "--strict", status=1)
    assert "nearest in spelling: 'FermiGrid' (1 jobs)" in done.stderr
    assert not (place / "out" / "summary.json").exists()
