"""When the command has ended, however that came about, none of its processes is left."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from command import ANONKIT

from anonkit.demo import write_demo

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes are looked up in /proc")

PATIENCE = 60.0
"""Seconds that a busy machine may take."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with input for several seconds of work."""
    folder = tmp_path_factory.mktemp("processes")
    write_demo(folder / "data", rows=60_000, files=4)
    return folder


@contextmanager
def command(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """Run the command with two workers in a session of its own."""
    arguments = [ANONKIT, "run", "--data-dir", "data", "--output-dir", "out", "--workers", "2"]
    with subprocess.Popen(
        arguments, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as running:
        try:
            yield running
        finally:
            if processes_of(running):
                os.killpg(running.pid, signal.SIGKILL)


def processes_of(running: subprocess.Popen[str]) -> list[int]:
    """Return the processes of the command's session that have not ended."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                state, _, _, session = (entry / "stat").read_text().rpartition(") ")[2].split()[:4]
            except (FileNotFoundError, ProcessLookupError):
                continue
            if int(session) == running.pid and state not in "ZX":
                found.append(int(entry.name))
    return found


def wait_until(reached: Callable[[], bool]) -> None:
    give_up = time.monotonic() + PATIENCE
    while not reached():
        assert time.monotonic() < give_up
        time.sleep(0.005)


def starts(running: subprocess.Popen[str]) -> None:
    """Wait until the workers' server starts: beside it and the command, there is the resource tracker."""
    wait_until(lambda: len(processes_of(running)) >= 3)


def works(running: subprocess.Popen[str]) -> None:
    """Wait until both workers have started."""
    wait_until(lambda: len(processes_of(running)) >= 5)


@pytest.mark.parametrize("moment", [starts, works])
def test_an_interrupt_ends_all_processes(folder: Path, moment: Callable[[subprocess.Popen[str]], None]) -> None:
    with command(folder) as running:
        moment(running)
        os.killpg(running.pid, signal.SIGINT)
        _, errors = running.communicate(timeout=PATIENCE)
        assert (running.returncode, errors) == (130, "anonkit: interrupted\n")
        wait_until(lambda: not processes_of(running))


@pytest.mark.parametrize("delay", [0.0, 0.02, 0.1])
def test_a_second_interrupt_leaves_none_behind(folder: Path, delay: float) -> None:
    with command(folder) as running:
        works(running)
        os.killpg(running.pid, signal.SIGINT)
        time.sleep(delay)
        os.killpg(running.pid, signal.SIGINT)
        running.communicate(timeout=PATIENCE)
        assert running.returncode != 0
        wait_until(lambda: not processes_of(running))


@pytest.mark.parametrize("moment", [starts, works])
def test_a_command_that_is_killed_leaves_none_behind(
    folder: Path, moment: Callable[[subprocess.Popen[str]], None]
) -> None:
    with command(folder) as running:
        moment(running)
        running.kill()
        wait_until(lambda: not processes_of(running))


def test_a_finished_command_leaves_none_behind(folder: Path) -> None:
    with command(folder) as running:
        running.communicate(timeout=2 * PATIENCE)
        assert running.returncode == 0
        wait_until(lambda: not processes_of(running))
