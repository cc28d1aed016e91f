"""Worker processes start with the modules that they need, and end with the block that they are for."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

import pytest

from anonkit.runtime.workers import worker_count, worker_processes


class TestWorkerCount:
    def test_a_number_is_taken_at_its_word(self) -> None:
        assert worker_count(3) == 3

    def test_none_means_every_core_this_process_may_run_on(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 2, 5}, raising=False)
        assert worker_count(0) == 3

    @pytest.mark.parametrize(("cores", "workers"), [(6, 6), (None, 1)])
    def test_where_that_is_not_known(self, monkeypatch: pytest.MonkeyPatch, cores: int | None, workers: int) -> None:
        monkeypatch.delattr(os, "sched_getaffinity", raising=False)
        monkeypatch.setattr(os, "cpu_count", lambda: cores)
        assert worker_count(0) == workers


def end_while_workers_are_busy(error: BaseException, calls: list[Future[None]]) -> None:
    with worker_processes(2) as executor:
        executor.submit(os.getpid).result(timeout=60)
        calls += [executor.submit(time.sleep, 60) for _ in range(4)]
        raise error


@pytest.mark.parametrize("error", [RuntimeError("enough"), KeyboardInterrupt("enough")], ids=["error", "interrupt"])
def test_an_error_or_an_interrupt_ends_workers_that_are_busy(error: BaseException) -> None:
    others, threads = set(multiprocessing.active_children()), set(threading.enumerate())
    calls: list[Future[None]] = []
    with pytest.raises(type(error), match="enough"):
        end_while_workers_are_busy(error, calls)
    assert set(threading.enumerate()) <= threads  # one that ends with the interpreter may end in a traceback
    # A worker that is not ended finishes its call.
    assert len(calls) == 4
    assert all(call.cancelled() or isinstance(call.exception(timeout=0), BrokenProcessPool) for call in calls)
    for process in set(multiprocessing.active_children()) - others:
        process.join(timeout=60)
        assert process.exitcode is not None


@pytest.mark.skipif("forkserver" not in multiprocessing.get_all_start_methods(), reason="there is no fork server")
def test_the_server_imports_modules_for_the_workers(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        "import sys\n"
        "from anonkit.runtime.workers import prepare_workers, worker_processes\n"
        "def has(module): return module in sys.modules\n"
        "if __name__ == '__main__':\n"
        "    prepare_workers(2, ['colorsys'])\n"
        "    with worker_processes(2) as executor:\n"
        "        print(executor.submit(has, 'colorsys').result())\n"
    )
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout == "True\n"


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_waits_until_a_process_has_started(sent: signal.Signals, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []

    def submit(self: ProcessPoolExecutor, fn: Callable[[], None]) -> None:
        signal.raise_signal(sent)
        done.append("started")

    def interrupted(number: int, frame: object) -> None:
        done.append("interrupted")

    monkeypatch.setattr(ProcessPoolExecutor, "submit", submit)
    before = signal.signal(sent, interrupted)
    try:
        with worker_processes(2) as executor:
            executor.submit(int)
        assert done == ["started", "interrupted"]
        assert signal.getsignal(sent) is interrupted
    finally:
        signal.signal(sent, before)
