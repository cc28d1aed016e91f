"""What goes wrong leaves the output folder as it was, says what to do, and exits with the status that SPEC gives it."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from command import ANONKIT, Command

from anonkit.demo import write_demo


@pytest.fixture
def data(tmp_path: Path) -> Path:
    write_demo(tmp_path / "data", rows=400, files=3)
    return tmp_path / "data"


@pytest.fixture
def earlier(anonkit: Command, data: Path, tmp_path: Path) -> dict[str, bytes]:
    """The outputs of a run that went well, in `out`."""
    anonkit("run", "--data-dir", data, "--output-dir", "out", "--site", "FermiGrid")
    return _contents(tmp_path / "out")


def _contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def _damage(path: Path) -> None:
    """Overwrite the first pages of data; the footer stays as it is."""
    with path.open("r+b") as file:
        file.seek(4)
        file.write(b"\xff" * 2000)


def test_an_empty_folder(anonkit: Command, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    done = anonkit("run", "--data-dir", "data", "--output-dir", "out", status=1)
    assert done.stderr == "anonkit: data: no file in this folder or below it; check --data-dir\n"
    assert not (tmp_path / "out").exists()


def test_a_folder_that_is_not_there(anonkit: Command) -> None:
    done = anonkit("run", "--data-dir", "dta", "--output-dir", "out", status=1)
    assert done.stderr == "anonkit: dta: no such file or folder; check --data-dir\n"


def test_neither_input_nor_output(anonkit: Command) -> None:
    done = anonkit("run", status=2)
    assert "--data-dir" in done.stderr
    assert "--output-dir" in done.stderr


@pytest.mark.parametrize("workers", [1, 2])
def test_a_damaged_file_stops_the_run(
    anonkit: Command, data: Path, tmp_path: Path, earlier: dict[str, bytes], workers: int
) -> None:
    bad = sorted(data.iterdir())[1]
    _damage(bad)
    done = anonkit("run", "--data-dir", data, "--output-dir", "out", "--workers", workers, status=1)
    assert bad.name in done.stderr
    assert 'on_bad_file = "skip"' in done.stderr
    assert _contents(tmp_path / "out") == earlier


@pytest.mark.parametrize("cut_off", [True, False])
def test_a_damaged_file_can_be_skipped(anonkit: Command, data: Path, tmp_path: Path, cut_off: bool) -> None:
    bad = sorted(data.iterdir())[1]
    if cut_off:
        bad.write_bytes(bad.read_bytes()[:-100])
    else:
        _damage(bad)
    done = anonkit("run", "--data-dir", data, "--output-dir", "out", "--set", "run.on_bad_file=skip")
    assert bad.name in done.stdout + done.stderr
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_bytes())
    assert [skipped for skipped in manifest["skipped_files"] if bad.name in skipped]

    bad.unlink()
    anonkit("run", "--data-dir", data, "--output-dir", "without")
    skipping, without = _contents(tmp_path / "out"), _contents(tmp_path / "without")
    del skipping["manifest.json"], without["manifest.json"]
    assert skipping == without


def test_an_earlier_result_is_replaced_as_a_whole(
    anonkit: Command, data: Path, tmp_path: Path, earlier: dict[str, bytes]
) -> None:
    (tmp_path / "out" / "notes.txt").write_text("the operator's own")
    anonkit("run", "--data-dir", data, "--output-dir", "out", "--disable", "site_jobs")
    assert set(_contents(tmp_path / "out")) == {*earlier, "notes.txt"} - {"jobs_at_FermiGrid.json"}


def test_an_output_folder_that_cannot_be_made(anonkit: Command, data: Path, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file")
    done = anonkit("run", "--data-dir", data, "--output-dir", "out", status=2)
    assert "out" in done.stderr


def test_a_role_column_that_no_file_has(anonkit: Command, data: Path) -> None:
    done = anonkit("run", "--data-dir", data, "--output-dir", "out", "--user-col", "Userr", status=2)
    assert "anonymizer user needs the user column" in done.stderr
    assert "'Userr' (did you mean 'User'?)" in done.stderr
    assert "--user-col" in done.stderr


def test_a_listed_column_that_no_file_has_is_a_warning(anonkit: Command, data: Path) -> None:
    done = anonkit("run", "--data-dir", data, "--output-dir", "out", "--set", "run.columns=User,Cmdd,Environment")
    assert "no input file has a column 'Cmdd' (did you mean 'Cmd'?); row records go without it" in done.stderr
    done = anonkit("run", "--data-dir", data, "--output-dir", "out", "--set", "run.columns=User,Cmdd,Qos")
    assert (
        "no input file has the columns 'Cmdd' (did you mean 'Cmd'?), 'Qos'; row records go without them" in done.stderr
    )


def test_a_flag_of_a_disabled_plugin_switches_it_on(anonkit: Command, data: Path, tmp_path: Path) -> None:
    anonkit("run", "--data-dir", data, "--output-dir", "out", "--archive", "all.zip")
    assert (tmp_path / "out" / "all.zip").exists()


def test_a_flag_of_a_plugin_that_is_disabled_is_a_warning(anonkit: Command, data: Path) -> None:
    done = anonkit("run", "--data-dir", data, "--output-dir", "out", "--archive", "all.zip", "--disable", "compression")
    warning = "anonkit: warning: --archive has no effect: compression is switched off; leave out --disable compression"
    assert warning in done.stderr.splitlines()


def test_all_mistakes_are_reported_together(anonkit: Command, tmp_path: Path) -> None:
    (tmp_path / "anonkit.toml").write_text('[run]\ndata_dirr = "x"\n[reporters.summry]\nenabled = "false"\n')
    done = anonkit("run", "--workers", "many", status=2)
    for told in ("data_dirr", "data_dir", "summry", "summary", "--workers"):
        assert told in done.stderr


def test_a_full_disk_is_reported(anonkit: Command, data: Path, tmp_path: Path) -> None:
    """A file size limit stands in for a disk without space: the system refuses the write in the same way."""
    command = f"ulimit -f 100; {ANONKIT} run --data-dir data --output-dir out --workers 1"
    done = subprocess.run(
        ["bash", "-c", command], cwd=tmp_path, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 1, done.stderr
    assert "out: cannot be written to" in done.stderr
    assert "nothing was published" in done.stderr
    assert not list((tmp_path / "out").iterdir())
