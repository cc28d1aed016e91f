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
from command import ANONKIT, run_command

from anonkit.demo import write_demo

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes are looked up in /proc")

PATIENCE = 60.0
"""Seconds that a busy machine may take."""


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("small") / "data"
    write_demo(folder, rows=60, files=1)
    return folder


@contextmanager
def command(data: Path, folder: Path) -> Iterator[subprocess.Popen[str]]:
    """Run the command with two workers in a session of its own; its outputs are in the folder."""
    arguments = [ANONKIT, "run", "--data-dir", data, "--output-dir", "out", "--workers", "2"]
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
        time.sleep(0.03)


def starts(running: subprocess.Popen[str]) -> None:
    """Wait until the workers' server starts: beside it and the command, there is the resource tracker."""
    wait_until(lambda: len(processes_of(running)) >= 3)


def works(running: subprocess.Popen[str]) -> None:
    """Wait until both workers have started."""
    wait_until(lambda: len(processes_of(running)) >= 5)


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.parametrize(("moment", "sent"), [(starts, signal.SIGINT), (works, signal.SIGINT), (works, signal.SIGTERM)])
def test_an_interrupt_ends_all_processes_and_leaves_an_earlier_result(
    much: Path,
    small: Path,
    tmp_path: Path,
    moment: Callable[[subprocess.Popen[str]], None],
    sent: signal.Signals,
) -> None:
    run_command("run", "--data-dir", small, "--output-dir", "out", cwd=tmp_path)
    earlier = contents(tmp_path / "out")
    with command(much, tmp_path) as running:
        moment(running)
        os.killpg(running.pid, sent)
        _, errors = running.communicate(timeout=PATIENCE)
        assert (running.returncode, errors) == (130, "anonkit: interrupted\n")
        wait_until(lambda: not processes_of(running))
    assert contents(tmp_path / "out") == earlier


@pytest.mark.parametrize("delay", [0.0, 0.05])
def test_a_second_interrupt_leaves_none_behind(much: Path, tmp_path: Path, delay: float) -> None:
    with command(much, tmp_path) as running:
        works(running)
        os.killpg(running.pid, signal.SIGINT)
        time.sleep(delay)
        os.killpg(running.pid, signal.SIGINT)
        running.communicate(timeout=PATIENCE)
        assert running.returncode != 0
        wait_until(lambda: not processes_of(running))


@pytest.mark.parametrize("moment", [starts, works])
def test_a_command_that_is_killed_leaves_none_behind(
    much: Path, tmp_path: Path, moment: Callable[[subprocess.Popen[str]], None]
) -> None:
    with command(much, tmp_path) as running:
        moment(running)
        running.kill()
        wait_until(lambda: not processes_of(running))


def test_a_finished_command_leaves_none_behind(much: Path, tmp_path: Path) -> None:
    with command(much, tmp_path) as running:
        running.communicate(timeout=2 * PATIENCE)
        assert running.returncode == 0
        wait_until(lambda: not processes_of(running))
