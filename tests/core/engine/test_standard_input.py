from __future__ import annotations

import io
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from anonkit.config.model import Config, RunOptions
from anonkit.engine.standard_input import with_standard_input
from anonkit.errors import InputError


def config(folder: Path, data_dir: str = "-") -> Config:
    return Config(run=RunOptions(data_dir=data_dir, output_dir=str(folder / "out")))


def test_it_is_a_private_file_that_is_removed_afterwards(tmp_path: Path) -> None:
    with with_standard_input(config(tmp_path), io.BytesIO(b"jobs")) as settled:
        path = Path(settled.run.data_dir)
        assert path.read_bytes() == b"jobs"
        assert path.is_relative_to(tmp_path / "out")
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert [*(tmp_path / "out").iterdir()] == []


def test_it_is_removed_after_a_failure(tmp_path: Path) -> None:
    def fail() -> None:
        with with_standard_input(config(tmp_path), io.BytesIO(b"jobs")):
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert [*(tmp_path / "out").iterdir()] == []


def test_another_input_stays_as_it_is(tmp_path: Path) -> None:
    given = config(tmp_path, "data")
    with with_standard_input(given, io.BytesIO(b"jobs")) as settled:
        assert settled is given


class Terminal(io.BytesIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("stream", "told"),
    [(io.BytesIO(), "nothing came in on standard input"), (Terminal(b"x"), "is a terminal; pipe the")],
)
def test_nothing_comes_in(tmp_path: Path, stream: io.BytesIO, told: str) -> None:
    with pytest.raises(InputError, match=told), with_standard_input(config(tmp_path), stream):
        pass


def test_the_plan_and_the_run_both_read_it(tmp_path: Path) -> None:
    program = [sys.executable, "-m", "anonkit", "run", "-", str(tmp_path / "out"), "--verbose", "--workers", "1"]
    jobs = b'Owner = "annak"\nUser = "annak@example.org"\nCmd = "/bin/x"\nEnvironment = "A=1"\nNumJobStarts = 1\n'
    more = b'NumJobCompletions = 1\nJobsubClientIpAddress = "192.0.2.1"\n\n'
    done = subprocess.run(program, input=jobs + more, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    assert b"garbled reporters" in done.stdout
    assert b"summary.json" in done.stdout
