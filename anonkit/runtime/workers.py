"""Worker processes on this machine: how many, how they start, and that none outlives the command."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from typing import Any, TypeVar

from anonkit.arrow.memory import use_system_memory
from anonkit.runtime.garbage import collect_seldom
from anonkit.runtime.signals import interrupts_deferred

__all__ = ["prepare_workers", "worker_count", "worker_processes"]

T = TypeVar("T")


def worker_count(wanted: int) -> int:
    """Return how many workers to use: `wanted`, or for 0 one for each core that this process may run on."""
    if wanted:
        return wanted
    # Not on every platform.
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else (os.cpu_count() or 1)


def prepare_workers(wanted: int, modules: Sequence[str]) -> None:
    """Start the server that workers fork off, which imports `modules` for all of them while this process goes on.

    It does nothing for one worker, where there is no fork server, or when the server is running.
    """
    if worker_count(wanted) == 1 or not _has_fork_server():
        return
    from multiprocessing import forkserver, resource_tracker  # cannot be imported on Windows

    multiprocessing.get_context("forkserver").set_forkserver_preload(list(modules))
    # Until its imports are done, an interrupt from the terminal would end the server with a traceback of its own. It
    # inherits this process's mask of signals, so SIGINT is blocked while it starts. The resource tracker, which the
    # server needs, unblocks SIGINT when it starts: so it is started first.
    resource_tracker.ensure_running()
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        forkserver.ensure_running()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)


def _has_fork_server() -> bool:
    return "forkserver" in multiprocessing.get_all_start_methods()


class _Workers(ProcessPoolExecutor):
    """Starts processes as calls are submitted."""

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        """Return the future of a call. An interrupt waits until this returns: else it could orphan a new process."""
        with interrupts_deferred():
            return super().submit(fn, *args, **kwargs)


@contextmanager
def worker_processes(workers: int, modules: Sequence[str] = ()) -> Iterator[Executor]:
    """Yield an executor with `workers` processes; an error or an interrupt in the block stops them, busy or not.

    `modules` are imported once for all of them where that is possible; see `prepare_workers`.
    """
    prepare_workers(workers, modules)
    others = set(multiprocessing.active_children())
    context = multiprocessing.get_context("forkserver" if _has_fork_server() else "spawn")
    executor = _Workers(workers, mp_context=context, initializer=_start_worker)
    try:
        yield executor
    except BaseException:
        # A second interrupt must not leave workers, or the executor's thread, running. The thread is waited for: where
        # it ends while the interpreter does, Python writes a traceback.
        with interrupts_deferred():
            for child in set(multiprocessing.active_children()) - others:
                child.terminate()
            executor.shutdown(cancel_futures=True)
        raise
    finally:
        executor.shutdown()


def _start_worker() -> None:
    """Set this worker process up."""
    # A terminal sends an interrupt to all processes; the parent decides what happens to its workers.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    use_system_memory()
    collect_seldom()


def _end_with_parent() -> None:
    """End this worker when its parent was killed; else it would wait for tasks forever, with originals in memory."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
