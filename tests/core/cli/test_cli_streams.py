"""The standard streams of the program may be closed or full."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from anonkit.cli import main

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="there is no /dev/full")

UNWRITABLE = (
    "anonkit: standard output cannot be written (No space left on device): redirect it and run the command again; "
    "files that the command has written are complete\n"
)


def shell(command: str, cwd: Path, **environ: str) -> subprocess.CompletedProcess[str]:
    anonkit = Path(sys.executable).with_name("anonkit")
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    return subprocess.run(
        ["sh", "-c", command.replace("anonkit", str(anonkit))],
        capture_output=True,
        text=True,
        cwd=cwd,
        env={**kept, **environ},
        check=False,
    )


@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize("command", ["--version", "run --help", "plugins", "init --stdout"])
def test_a_failure_to_write_output_is_reported(tmp_path: Path, command: str, unbuffered: str) -> None:
    done = shell(f"anonkit {command} >/dev/full", tmp_path, PYTHONUNBUFFERED=unbuffered)
    assert (done.returncode, done.stderr) == (1, UNWRITABLE)


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_failure_to_write_originals_is_reported(ordinary: Path, unbuffered: str) -> None:
    restore = "anonkit restore --mapping names.json mapped/cmd_env_report.txt"
    done = shell(f"{restore} >/dev/full", ordinary, PYTHONUNBUFFERED=unbuffered)
    assert done.returncode == 1
    assert done.stderr.endswith(UNWRITABLE)
    assert shell(f"{restore} | cat", ordinary, PYTHONUNBUFFERED=unbuffered).stdout.startswith("Job Command")


@pytest.mark.parametrize("where", ["/dev/full", "&-"])
def test_messages_that_cannot_be_written_change_nothing(tmp_path: Path, where: str) -> None:
    assert shell(f"anonkit rnu 2>{where}", tmp_path).returncode == 2
    assert shell(f"anonkit run --data-dir nowhere --output-dir out 2>{where}", tmp_path).returncode == 1


def test_a_file_that_grows_too_large_is_reported_and_not_left(tmp_path: Path) -> None:
    done = shell("ulimit -f 8; anonkit demo data --rows 300 --files 1", tmp_path)
    assert done.returncode == 1
    assert "data: cannot be written to" in done.stderr
    assert "check free space and permissions, or name another folder" in done.stderr
    assert not list((tmp_path / "data").iterdir())


RUN = "anonkit run --data-dir data --site FermiGrid"


@pytest.fixture(scope="module")
def ordinary(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with data, and in `plain` the outputs of a run whose streams are as usual; those in `mapped` go back."""
    folder = tmp_path_factory.mktemp("ordinary")
    assert main(["demo", "--rows", "300", str(folder / "data")]) == 0
    run = ["run", "--data-dir", str(folder / "data"), "--site", "FermiGrid", "--workers", "1", "--output-dir"]
    assert main([*run, str(folder / "plain")]) == 0
    assert main([*run, str(folder / "mapped"), "--mapping", str(folder / "names.json")]) == 0
    return folder


@pytest.mark.parametrize("streams", [">&-", "2>&-", "<&-", "<&- >&- 2>&-", ">/dev/full", "2>/dev/full"])
def test_a_run_with_closed_or_full_streams_writes_the_same_outputs(
    tmp_path: Path, ordinary: Path, streams: str
) -> None:
    closed = tmp_path / "closed"
    # The server of workers inherits streams that are closed, whose numbers other files may get.
    workers = 2 if "&-" in streams else 1
    done = shell(f"{RUN} --workers {workers} --output-dir {closed} {streams}", ordinary)
    assert done.returncode == (1 if streams == ">/dev/full" else 0), done.stderr
    written = {path.name: path.read_bytes() for path in closed.iterdir()}
    expected = {path.name: path.read_bytes() for path in (ordinary / "plain").iterdir()}
    assert written == expected
