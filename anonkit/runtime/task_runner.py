"""One way to run a call on many tasks: in this process, or in those of an executor."""

from __future__ import annotations

import pickle
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future
from contextlib import contextmanager, suppress
from functools import partial
from itertools import islice
from typing import Any, Generic, Protocol, TypeVar, runtime_checkable

import attrs

from anonkit.errors import AnonkitError, PluginError
from anonkit.runtime.workers import worker_processes

__all__ = ["TaskRunner", "local_runner"]

T = TypeVar("T")
R = TypeVar("R")


@attrs.frozen
class TaskRunner:
    """Runs calls on tasks, in this process or in others; the results are the same."""

    workers: int = 1
    """How many tasks run at the same time."""
    executor: Executor | None = None
    """Runs the calls in other processes; None runs them in this one."""
    shares_files: bool = True
    """Whether the calls see the files of this process under the same paths."""

    @classmethod
    def over(cls, executor: Executor, workers: int) -> TaskRunner:
        """Return the runner over an executor of a plugin, which says with an attribute whether files are shared."""
        return cls(workers, executor, bool(getattr(executor, "shares_files", False)))

    def with_files(self) -> TaskRunner:
        """Return a runner with calls that see the files of this process."""
        return self if self.shares_files else TaskRunner()

    def results(
        self, call: Callable[[T], R], tasks: Iterable[T], meanwhile: Callable[[], object] = lambda: None
    ) -> Iterator[R]:
        """Yield the result of `call` for each task, in the order of the tasks.

        `meanwhile` is called once, when the workers are busy with the first tasks. PluginError when the call or a
        result cannot be sent between processes; AnonkitError when a worker dies.
        """
        if self.executor is None:
            meanwhile()
            yield from map(call, tasks)
            return
        executor, sendable = self.executor, _Sendable(call)

        def submit(task: T) -> Future[bytes]:
            return executor.submit(sendable, task)

        waiting: deque[Future[bytes]] = deque()
        remaining = iter(tasks)
        with _dead_workers_reported():
            # Two tasks a worker: one that runs, one that waits. No worker idles, and few results pile up.
            waiting.extend(map(submit, islice(remaining, 2 * self.workers)))
            meanwhile()
            while waiting:
                yield pickle.loads(waiting.popleft().result())
                waiting.extend(map(submit, islice(remaining, 1)))

    def begin(self, call: Callable[[T], R], task: T) -> Callable[[], R]:
        """Start one call in a worker, and return a function that waits for its result.

        In this process the call is made when the result is asked for.
        """
        if self.executor is None:
            return partial(call, task)
        with _dead_workers_reported():
            future = self.executor.submit(_Sendable(call), task)

        def result() -> R:
            with _dead_workers_reported():
                received: R = pickle.loads(future.result())
                return received

        return result

    def leave_to_worker(self, call: Callable[[T], object], task: T) -> None:
        """Start a call in a worker and ignore its result; in this process the call is made at once."""
        if self.executor is None:
            call(task)
            return
        # The next call that needs workers reports that they died.
        with suppress(BrokenExecutor):
            self.executor.submit(call, task)


@contextmanager
def local_runner(workers: int, modules: Sequence[str] = ()) -> Iterator[TaskRunner]:
    """Yield a runner with that many processes on this machine, for one worker with this process alone.

    `modules` are what workers need; see `worker_processes`.
    """
    if workers == 1:
        yield TaskRunner()
        return
    with worker_processes(workers, modules) as executor:
        yield TaskRunner(workers, executor)


@runtime_checkable
class MadeOfPlugins(Protocol):
    """A call that can say which plugin a part of it, or of its result, belongs to."""

    def plugins_of(self, value: object) -> Mapping[str, object]:
        """Return the parts of the call itself, or of a result, by what messages call their plugin."""


class _Sendable(Generic[T, R]):
    """A call that is pickled once, however many tasks it is sent with, and unpickled once by each worker.

    It returns the pickled result: a result that cannot be pickled is then an error of the task, not of the executor.
    """

    def __init__(self, call: Callable[[T], R]) -> None:
        """Pickle the call. PluginError when that fails, since only a plugin in it can be the cause."""
        self._pickled = _pickled(call, call, "its object and options")

    def __call__(self, task: T) -> bytes:
        """Return the pickled result for a task. PluginError when the state of a plugin cannot be pickled."""
        call = _unpickled(self._pickled)
        return _pickled(call(task), call, "a reporter's state")


def is_picklable(value: object) -> bool:
    """Return whether a value can be sent to another process."""
    try:
        pickle.dumps(value, protocol=pickle.HIGHEST_PROTOCOL)
    except Exception:  # pickle raises what the object's own methods raise
        return False
    return True


def _pickled(value: object, call: object, description: str) -> bytes:
    """Return a call, or its result, as bytes. The call may have `plugins_of`: the parts of either, by plugin."""
    try:
        return pickle.dumps(value, protocol=pickle.HIGHEST_PROTOCOL)
    except Exception as error:  # as above
        parts: Mapping[str, object] = call.plugins_of(value) if isinstance(call, MadeOfPlugins) else {}
        name = next((name for name, part in parts.items() if not is_picklable(part)), "a plugin")
        raise PluginError(
            f"{name} cannot be used with worker processes ({type(error).__name__}): {description} must be "
            "picklable; run with --workers 1, and tell the plugin's author"
        ) from None


_LATEST: dict[bytes, Callable[[Any], Any]] = {}


def _unpickled(pickled: bytes) -> Callable[[Any], Any]:
    """Return the call. It stays loaded for further tasks, and is dropped before another is loaded: memory holds one."""
    call = _LATEST.get(pickled)
    if call is None:
        _LATEST.clear()
        call = _LATEST[pickled] = pickle.loads(pickled)
    return call


@contextmanager
def _dead_workers_reported() -> Iterator[None]:
    try:
        yield
    except BrokenExecutor:
        raise AnonkitError(
            "a worker process died; most often the machine ran out of memory: "
            "try fewer --workers, or a smaller batch_rows in [run]. "
            "A plugin may have ended it as well: --workers 1 shows which. "
            'A Python script must call anonkit below `if __name__ == "__main__":`, or with workers = 1'
        ) from None
