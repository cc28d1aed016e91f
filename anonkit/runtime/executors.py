"""Running tasks, here or in other processes, and taking their results in order.

The engine needs no more than a `concurrent.futures.Executor`. With one worker, tasks run in this process.
"""

from __future__ import annotations

import multiprocessing
import os
import pickle
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from functools import lru_cache, partial
from itertools import islice
from typing import Any, Generic, TypeVar

from anonkit.arrow.memory import use_system_memory
from anonkit.errors import AnonkitError, PluginError
from anonkit.runtime.signals import interrupts_deferred

__all__ = ["InlineExecutor", "Work", "in_order", "local_executor", "prepare_workers", "worker_count"]

T = TypeVar("T")
R = TypeVar("R")


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


class InlineExecutor(Executor):
    """Runs each call in this process when it is submitted."""

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        """Return a finished future; what the call raises is raised at once."""
        future: Future[T] = Future()
        future.set_result(fn(*args, **kwargs))
        return future


class _Workers(ProcessPoolExecutor):
    """Starts processes as tasks come, each of them wholly or not at all."""

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        """Return the future of a call. An interrupt waits: it would leave behind a process that nobody knows of."""
        with interrupts_deferred():
            return super().submit(fn, *args, **kwargs)


@contextmanager
def local_executor(workers: int, modules: Sequence[str] = ()) -> Iterator[Executor]:
    """Yield an executor with `workers` processes; an error or an interrupt in the block stops them, busy or not.

    `modules` are imported once for all workers where that is possible; see `prepare_workers`.
    """
    if workers == 1:
        yield InlineExecutor()
        return
    prepare_workers(workers, modules)
    others = set(multiprocessing.active_children())
    context = multiprocessing.get_context("forkserver" if _has_fork_server() else "spawn")
    executor = _Workers(workers, mp_context=context, initializer=_start_worker)
    try:
        yield executor
    except BaseException:
        # A second interrupt must not leave workers, or the executor's thread, behind.
        with interrupts_deferred():
            executor.shutdown(wait=False, cancel_futures=True)
            for child in set(multiprocessing.active_children()) - others:
                child.terminate()
        raise
    finally:
        executor.shutdown()


def _start_worker() -> None:
    """Set this worker process up."""
    # A terminal sends an interrupt to all processes; the parent decides what happens to its workers.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    use_system_memory()


def _end_with_parent() -> None:
    """End this worker when its parent was killed; else it would wait for tasks forever, with originals in memory."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


class Work(Generic[T, R]):
    """A callable for other processes: pickled once, however many tasks it is sent with, and unpickled once by a worker.

    Calling it gives the pickled result, so that what cannot be pickled is found where it can be told whose fault it is.
    """

    def __init__(self, call: Callable[[T], R]) -> None:
        """`call` must be picklable: PluginError otherwise, since only a plugin in it can be at fault."""
        self._pickled = _pickled(call, "its object and options")

    def __call__(self, task: T) -> bytes:
        """Do the task and return the pickled result. PluginError when a plugin's state is not picklable."""
        return _pickled(_unpickled(self._pickled)(task), "a reporter's state")

    @staticmethod
    def result(pickled: bytes) -> Any:
        """Return what the callable gave."""
        return pickle.loads(pickled)


def _pickled(what: object, which: str) -> bytes:
    try:
        return pickle.dumps(what, protocol=pickle.HIGHEST_PROTOCOL)
    except Exception as error:  # pickle raises what the object's own methods raise
        raise PluginError(
            f"a plugin cannot be used with worker processes ({type(error).__name__}): {which} must be picklable; "
            "run with --workers 1, and tell the plugin's author"
        ) from None


@lru_cache(maxsize=2)
def _unpickled(pickled: bytes) -> Callable[[Any], Any]:
    call: Callable[[Any], Any] = pickle.loads(pickled)
    return call


def in_order(
    executor: Executor,
    call: Callable[[T], R],
    tasks: Iterable[T],
    ahead: int,
    meanwhile: Callable[[], object] = lambda: None,
) -> Iterator[R]:
    """Yield the result of each task in the order of the tasks; at most `ahead` are submitted and not yet taken.

    `meanwhile` is called once, when the first tasks are submitted: other processes have something to do by then.
    """
    waiting: deque[Future[R]] = deque()
    left = iter(tasks)
    with _deaths_told():
        waiting.extend(executor.submit(call, task) for task in islice(left, ahead))
        meanwhile()
        while waiting:
            yield waiting.popleft().result()
            waiting.extend(executor.submit(call, task) for task in islice(left, 1))


def begun(executor: Executor, call: Callable[[T], R], task: T) -> Callable[[], R]:
    """Begin one task in another process, and return what waits for its result; `InlineExecutor` begins only then."""
    if isinstance(executor, InlineExecutor):
        return partial(call, task)
    with _deaths_told():
        future = executor.submit(Work(call), task)

    def result() -> R:
        with _deaths_told():
            done: R = Work.result(future.result())
            return done

    return result


@contextmanager
def _deaths_told() -> Iterator[None]:
    try:
        yield
    except BrokenExecutor:
        raise AnonkitError(
            "a worker process died; most often the machine ran out of memory: "
            "try fewer --workers, or a smaller batch_rows in [run]. "
            'A Python script must call anonkit below `if __name__ == "__main__":`, or with workers = 1'
        ) from None
