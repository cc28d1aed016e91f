"""The command, called as a user calls it: in this process, or as a program of its own where that is the point."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from unittest import mock

from anonkit.cli import main

Command = Callable[..., "subprocess.CompletedProcess[str]"]

DEMO_ROWS = 2000
"""The rows of the fixture `demo`."""
ANONKIT = Path(sys.executable).with_name("anonkit")


def run_command(*arguments: object, cwd: Path, status: int = 0, **variables: str) -> subprocess.CompletedProcess[str]:
    """Call `anonkit` in this process, in the folder `cwd`, and check its exit status.

    It uses one worker by default. More (``--workers 2``) fork off the server of all tests, which has the variables of
    this process: where workers need those that a test sets, it calls `run_program`.
    """
    words = [str(argument) for argument in arguments]
    out, err = Captured(), Captured()
    with _as_a_user(cwd, {"ANONKIT_WORKERS": "1", **variables}), redirect_stdout(out), redirect_stderr(err):
        returned = main(words)
    return _checked(subprocess.CompletedProcess(words, returned, out.text(), err.text()), status)


def run_program(*arguments: object, cwd: Path, status: int = 0, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run `anonkit` as a process of its own, in the folder `cwd`, and check its exit status."""
    done = subprocess.run(
        [ANONKIT, *map(str, arguments)],
        cwd=cwd,
        env={**_environ(), **variables},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    return _checked(done, status)


def _checked(done: subprocess.CompletedProcess[str], status: int) -> subprocess.CompletedProcess[str]:
    assert done.returncode == status, done.stdout + done.stderr
    return done


class Captured(io.TextIOWrapper):
    """A standard stream whose text is kept."""

    def __init__(self) -> None:
        super().__init__(io.BytesIO(), encoding="utf-8", write_through=True)

    def text(self) -> str:
        """Return all that was written."""
        self.flush()
        written: bytes = self.buffer.getvalue()  # type: ignore[attr-defined]
        return written.decode()


@contextmanager
def _as_a_user(cwd: Path, variables: dict[str, str]) -> Iterator[None]:
    """Work in a folder, with variables; folder, variables and the handler of SIGTERM are restored afterwards."""
    before, handler = Path.cwd(), signal.getsignal(signal.SIGTERM)
    with mock.patch.dict(os.environ, {**_environ(), **variables}, clear=True):
        os.chdir(cwd)
        try:
            yield
        finally:
            os.chdir(before)
            signal.signal(signal.SIGTERM, handler)


def _environ() -> dict[str, str]:
    """Return the variables of this process, without those that configure anonkit."""
    return {name: value for name, value in os.environ.items() if not name.startswith("ANONKIT_")}
