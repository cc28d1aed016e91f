"""Workers of a program may fork off a fork of the program: they have its modules, and nothing else of it."""

from __future__ import annotations

import multiprocessing
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from anonkit.runtime import forked_server
from anonkit.runtime.forked_server import forking, is_possible

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere libraries of the system do not survive it")

PROGRAM = """
import os, signal, sys, tempfile, time
from anonkit.runtime.executors import local_executor, prepare_workers

def asked(what):
    if what == "modules":
        return "colorsys" in sys.modules
    if what == "files":
        return [os.readlink(f"/proc/self/fd/{fd}") for fd in os.listdir("/proc/self/fd") if int(fd) > 2 and
                os.path.exists(f"/proc/self/fd/{fd}")]
    if what == "signals":
        return signal.getsignal(signal.SIGTERM) is signal.SIG_DFL and signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    if what == "another server":
        prepare_workers(2)
        return True
    if what == "pids":
        return os.getpid(), os.getppid()
    time.sleep(3)

if __name__ == "__main__":
    import colorsys
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    opened = open(__file__)
    print("written once")
    prepare_workers(2, forked={forked})
    with local_executor(2) as executor:
        {body}
"""


def program(folder: Path, body: str, *, forked: bool = True) -> subprocess.CompletedProcess[str]:
    script = folder / "script.py"
    script.write_text(PROGRAM.replace("{forked}", str(forked)).replace("{body}", body))
    return subprocess.run([sys.executable, script], capture_output=True, text=True, check=False, timeout=60)


@pytest.mark.parametrize("forked", [True, False])
def test_workers_have_the_modules_of_the_program_when_it_is_forked(tmp_path: Path, forked: bool) -> None:
    done = program(tmp_path, "print(executor.submit(asked, 'modules').result())", forked=forked)
    assert done.stderr == ""
    assert done.stdout == f"written once\n{forked}\n"


def test_workers_have_no_open_file_of_it_and_its_signals_do_not_concern_them(tmp_path: Path) -> None:
    done = program(tmp_path, "print(*(executor.submit(asked, what).result() for what in ('files', 'signals')))")
    assert done.stderr == ""
    assert "script.py" not in done.stdout
    assert done.stdout.endswith("] True\n")


def test_a_worker_may_start_a_server_of_its_own(tmp_path: Path) -> None:
    done = program(tmp_path, "print(executor.submit(asked, 'another server').result(timeout=30))")
    assert done.stdout.endswith("True\n")


@pytest.mark.parametrize("forked", [True, False])
def test_nobody_is_left_when_the_program_is_killed(tmp_path: Path, forked: bool) -> None:
    body = (
        "print(*executor.submit(asked, 'pids').result(), flush=True)\n"
        "        executor.submit(asked, 'sleep')\n        time.sleep(0.5)\n        os.kill(os.getpid(), signal.SIGKILL)"
    )
    done = program(tmp_path, body, forked=forked)
    assert done.returncode == -signal.SIGKILL
    pids = [int(pid) for pid in done.stdout.splitlines()[-1].split()]
    ended_by = time.monotonic() + 20
    while any(map(_runs, pids)) and time.monotonic() < ended_by:
        time.sleep(0.05)
    assert not any(map(_runs, pids))


def test_an_error_ends_workers_that_are_at_work(tmp_path: Path) -> None:
    body = (
        "pid = executor.submit(asked, 'pids').result()[0]\n"
        "        for _ in range(4): executor.submit(asked, 'sleep')\n        time.sleep(0.5)\n"
        "        print(pid, time.monotonic(), flush=True)\n        raise RuntimeError('enough')"
    )
    done = program(tmp_path, body)
    ended = time.monotonic()
    pid, at_error = done.stdout.splitlines()[-1].split()
    assert "enough" in done.stderr
    assert not _runs(int(pid))
    # Not when they would have been done.
    assert ended - float(at_error) < 2.5


def test_the_start_of_other_processes_is_left_alone() -> None:
    start = multiprocessing.util.spawnv_passfds
    with forking():
        assert multiprocessing.util.spawnv_passfds is not start
    assert multiprocessing.util.spawnv_passfds is start


@pytest.mark.parametrize(("platform", "possible"), [("linux", True), ("darwin", False)])
def test_where_it_is_possible(monkeypatch: pytest.MonkeyPatch, platform: str, possible: bool) -> None:
    monkeypatch.setattr(forked_server.sys, "platform", platform)
    assert is_possible() is possible
    monkeypatch.delattr(multiprocessing.util, "spawnv_passfds")
    assert not is_possible()


def _runs(pid: int) -> bool:
    """Whether a process does; one that has ended and was not waited for does not."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return False
    return status.rpartition(")")[2].split()[0] not in "ZX"
