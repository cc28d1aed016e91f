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
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager, nullcontext
from functools import lru_cache, partial
from itertools import islice
from typing import Any, Generic, TypeVar

from anonkit.errors import AnonkitError, PluginError
from anonkit.runtime.forked_server import forking, is_possible
from anonkit.runtime.own_process import set_up_arrow
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


def prepare_workers(wanted: int, *, forked: bool = False) -> None:
    """Have what workers need imported for them, while this process may still be busy with its own imports.

    Or be `forked` from this process, which has imported it, is a program of our own and has no threads (see
    `anonkit.runtime.forked_server`). It does nothing where workers start from nothing, for one worker, or when called
    again.
    """
    if worker_count(wanted) > 1 and "forkserver" in multiprocessing.get_all_start_methods():
        from multiprocessing import forkserver, resource_tracker  # not everywhere

        forks = forked and is_possible()
        # A fork has what it needs.
        multiprocessing.get_context("forkserver").set_forkserver_preload([] if forks else ["anonkit.runtime.preloaded"])
        # The server inherits the mask: an interrupt in the middle of its imports is for us to tell, not for it.
        # The tracker comes first, since its start would lift the mask.
        resource_tracker.ensure_running()
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            with forking() if forks else nullcontext():
                forkserver.ensure_running()
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)


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
def local_executor(workers: int, handed: object = None) -> Iterator[Executor]:
    """Give an executor with that many processes; on an error or an interrupt they are stopped, whatever they do.

    Each of them is `handed` something when it starts, such as what only a new process can be given.
    """
    if workers == 1:
        yield InlineExecutor()
        return
    prepare_workers(workers)
    others = set(multiprocessing.active_children())
    executor = _Workers(workers, mp_context=_context(), initializer=_start_worker, initargs=(handed,))
    try:
        yield executor
    except BaseException:
        # Who interrupts a second time would leave workers, and a thread that minds them.
        with interrupts_deferred():
            executor.shutdown(wait=False, cancel_futures=True)
            for child in set(multiprocessing.active_children()) - others:
                child.terminate()
        raise
    finally:
        executor.shutdown()


def _context() -> Any:
    """Workers fork off a server that has imported the engine and has no threads: quick, and safer than fork alone."""
    methods = multiprocessing.get_all_start_methods()
    return multiprocessing.get_context("forkserver" if "forkserver" in methods else "spawn")


def _start_worker(handed: object) -> None:
    """Set this process up; what it is handed has come with this call."""
    # The parent stops its workers; when it is killed, nobody does.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    set_up_arrow()


def _end_with_parent() -> None:
    """End this worker when its parent has ended; else it would wait for tasks for ever, with originals in memory."""
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
