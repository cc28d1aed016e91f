"""An executor whose workers are those of a dask cluster.

What goes to a worker and what comes back are bytes, pickled here and there, and what fails in a worker comes back as a
value. So dask's logs and pages, which quote the arguments and the errors of tasks, show nothing of the data.
"""

from __future__ import annotations

import logging
import pickle
import signal
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Executor, Future
from concurrent.futures import wait as wait_for
from contextlib import ExitStack, contextmanager
from importlib import metadata
from multiprocessing import resource_tracker
from types import TracebackType
from typing import Any, TypeVar

from anonkit.api import AnonkitError, PluginLoadError, use_system_memory
from anonkit_dask.options import DaskOptions

try:
    import dask
    import distributed
except ImportError as error:
    raise PluginLoadError(
        f"the executor dask cannot be used ({type(error).__name__}: {error}): pip install 'anonkit[dask]'"
    ) from error

__all__ = ["DaskExecutor"]

T = TypeVar("T")

_log = logging.getLogger(__name__)

# Workers of a cluster of our own that may die over a task before it is given up; what dask does by default.
_DEATHS = 3
# Bytes of a pickled callable that may go through the scheduler with every call: little beside what a task takes.
_SMALL = 1 << 20


# dask works in a thread, whose memory the C library keeps apart and hands back early; and dask has it hand back what is
# left: a third of a run would go into getting it again. So here it does neither.
# Nor does it look a hundred times a second at what the thread is doing.
_WORKERS = {
    "distributed.nanny.pre-spawn-environ": {
        "MALLOC_ARENA_MAX": "1",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
    },
    "distributed.worker.profile.enabled": False,
}


class _Preparation(distributed.WorkerPlugin):
    """Sets up the workers of a cluster of our own."""

    name = "anonkit"

    def setup(self, worker: Any) -> None:
        """Set up the process of a worker, as one that does nothing else."""
        use_system_memory()


class DaskExecutor(Executor):
    """Runs calls on a dask cluster: the one at `options.address`, or one of its own with so many worker processes.

    It is a context manager, and connected inside of it only. Entering raises AnonkitError when the cluster cannot be
    reached or started, PluginLoadError when anonkit is missing there.

    What a worker had to do when it died, and what it had done and not handed over, another worker does again; so a call
    may run more than once. When a call kills worker after worker, or the cluster is gone, its future raises
    AnonkitError. What a call itself raises is raised as it is.
    """

    shares_files: bool
    """Whether workers see the files of this process under the same paths."""

    def __init__(self, options: DaskOptions, workers: int) -> None:
        self.shares_files = options.address is None if options.shared_files is None else options.shared_files
        self._options = options
        self._workers = workers
        self._unfinished: set[Future[Any]] = set()
        self._executor: Any = None
        self._sent: tuple[Any, bytes | distributed.Future[bytes]] | None = None
        self._open = ExitStack()

    def __enter__(self) -> DaskExecutor:
        """Connect to the cluster, or start it."""
        address, timeout = self._options.address, self._options.timeout
        cluster = _local_cluster(self._workers, timeout) if address is None else _cluster_at(address, timeout)
        with ExitStack() as stack:
            self._client = stack.enter_context(cluster)
            if address is not None:
                _check(self._client, address, self._workers)
            self._executor = self._client.get_executor(pure=False)
            self._open = stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave the cluster, or stop it; after an error without waiting for anything."""
        self.shutdown(wait=kind is None, cancel_futures=kind is not None)

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        """Return the future of a call; the callable, its arguments and its result must be picklable.

        RuntimeError outside of the context.
        """
        if self._executor is None:
            raise RuntimeError("not connected to a dask cluster: the executor is for use in a with statement")
        future: Future[T] = Future()
        self._unfinished.add(future)
        reply = self._executor.submit(_perform, self._sent_once(fn), pickle.dumps((args, kwargs)))
        reply.add_done_callback(lambda reply: self._settle(future, reply))
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Leave the cluster, or stop it; before that, wait for all calls, or cancel those that are not done."""
        for future in list(self._unfinished) if cancel_futures else ():
            future.cancel()
        if wait:
            wait_for(list(self._unfinished))
        self._executor = self._sent = None
        self._open.close()

    def _sent_once(self, call: Any) -> bytes | distributed.Future[bytes]:
        """Return a callable, pickled, or what stands for it on the cluster; the last one is remembered.

        A large one is made the result of a task: workers hand it to each other, and it can be made again when it dies
        with one, as data that is merely scattered could not. A small one goes with every call, since dask prefers those
        workers for a task that have what it needs: at first they would be one.
        """
        if self._sent is None or self._sent[0] is not call:
            pickled = pickle.dumps(call)
            self._sent = call, pickled if len(pickled) <= _SMALL else self._kept(pickled)
        return self._sent[1]

    def _kept(self, data: bytes) -> distributed.Future[bytes]:
        # dask warns of large data, because it is most often sent with every task.
        with dask.config.set({"distributed.admin.large-graph-warning-threshold": "1 TiB"}):
            return self._client.submit(bytes, data, pure=False)

    def _settle(self, future: Future[Any], reply: Future[bytes]) -> None:
        """Hand the outcome of a call to its future; called when the reply is there."""
        self._unfinished.discard(future)
        if not future.set_running_or_notify_cancel():
            return
        try:
            result, error, trace = pickle.loads(self._reply(reply))
        except BaseException as failure:
            future.set_exception(failure)
        else:
            if error is None:
                future.set_result(result)
            else:
                future.set_exception(error.with_traceback(trace))

    def _reply(self, reply: Future[bytes]) -> bytes:
        """Return what the worker said, or say why it said nothing."""
        cluster = f"the dask cluster {'on this machine' if self._options.address is None else self._options.address}"
        try:
            return reply.result()
        except distributed.KilledWorker as error:
            raise AnonkitError(
                f"{error.allowed_failures + 1} workers of {cluster} died over the same rows, most often for lack of "
                "memory: give each more memory, or set a smaller batch_rows in [run]"
            ) from None
        except CancelledError:
            raise AnonkitError(
                f"{cluster} is gone, or has dropped this run's work: see the log of its scheduler, then run again"
            ) from None
        except ImportError as error:
            raise _missing(f"a worker of {cluster}", error.name) from None
        except RuntimeError as error:
            # The scheduler has a look at tasks, too.
            if isinstance(error.__cause__, ImportError):
                raise _missing(f"the scheduler of {cluster}", error.__cause__.name) from None
            raise


@contextmanager
def _local_cluster(workers: int, timeout: int) -> Iterator[distributed.Client]:
    with ExitStack() as stack:
        scratch = stack.enter_context(tempfile.TemporaryDirectory(prefix="anonkit-dask-", ignore_cleanup_errors=True))
        # Of the scheduler as well, which imports modules from there.
        stack.enter_context(dask.config.set({"temporary-directory": scratch, **_WORKERS}))
        with _interrupts_kept_from_threads():
            # Without workers at first, so that an interrupt while they start finds a cluster to close.
            cluster = stack.enter_context(
                distributed.LocalCluster(
                    n_workers=0,
                    threads_per_worker=1,
                    # No limit, so that dask neither kills a worker nor writes what it holds to disk.
                    memory_limit=None,
                    silence_logs=logging.CRITICAL,
                    # Any free port: the pages are off, but their server is not, and it warns when its port is taken.
                    scheduler_kwargs={
                        "dashboard": False,
                        "dashboard_address": "127.0.0.1:0",
                        "allowed_failures": _DEATHS,
                    },
                )
            )
        client = stack.enter_context(distributed.Client(cluster, timeout=timeout, set_as_default=False))
        client.register_plugin(_Preparation())
        cluster.scale(workers)
        try:
            client.wait_for_workers(workers, timeout)
        except (TimeoutError, distributed.TimeoutError):  # two things before Python 3.11
            raise AnonkitError(
                f"dask did not start {workers} workers on this machine within {timeout} seconds: raise timeout in "
                '[executors.dask]; in a script, start the run below a line `if __name__ == "__main__":`'
            ) from None
        yield client


@contextmanager
def _interrupts_kept_from_threads() -> Iterator[None]:
    """Keep interrupts from the threads that start meanwhile, and from all processes that those will start.

    So an interrupt on the terminal, which goes to all processes, is answered by the coordinating one alone.
    """
    if not hasattr(signal, "pthread_sigmask"):  # on Windows
        yield
        return
    # Or it would be started by the first worker's thread, and let interrupts in there.
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


class _PunctualClient(distributed.Client):
    """A client that gives up in time also when something accepts the connection and says nothing, as dask's would not.

    It may be a scheduler that is stopped, or anything else that listens there.
    """

    def __init__(self, address: str, timeout: int) -> None:
        super().__init__(address, timeout=timeout, set_as_default=False)

    def start(self, **kwargs: Any) -> None:
        """Connect; distributed.TimeoutError."""
        try:
            super().start(callback_timeout=kwargs["timeout"] + 1, **kwargs)
        except distributed.TimeoutError:
            super().close()
            raise


@contextmanager
def _cluster_at(address: str, timeout: int) -> Iterator[distributed.Client]:
    with _silence("distributed.client"):
        try:
            client = _PunctualClient(address, timeout)
        except (OSError, distributed.TimeoutError):
            raise AnonkitError(
                f"no dask scheduler answers at {address} within {timeout} seconds: check that it runs there, that no "
                "firewall is between, and [executors.dask] address and timeout"
            ) from None
        except (ImportError, ValueError) as error:
            raise AnonkitError(f"the dask scheduler at {address} cannot be used ({error})") from None
        with client:
            yield client


@contextmanager
def _silence(name: str) -> Iterator[None]:
    """Leave it to our own messages to tell of what a logger tells of with tracebacks."""
    log = logging.getLogger(name)
    level = log.level
    log.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        log.setLevel(level)


def _check(client: distributed.Client, address: str, workers: int) -> None:
    """Log a warning of what is odd about a cluster; PluginLoadError when it has no anonkit."""
    here = {entry.dist.name: entry.dist.version for entry in metadata.entry_points(group="anonkit") if entry.dist}
    for package, version in here.items():
        there = client.run(metadata.version, package, on_error="return")
        absent = [worker for worker, found in there.items() if isinstance(found, metadata.PackageNotFoundError)]
        if absent and package == "anonkit":
            raise _missing(f"{len(absent)} of {len(there)} workers of the dask cluster {address}", package)
        others = {found for found in there.values() if isinstance(found, str)} - {version}
        if others:
            _log.warning(
                "the dask workers have %s %s, here it is %s: install the same there",
                package,
                ", ".join(sorted(others)),
                version,
            )
    threads = sum(client.nthreads().values())
    if not threads:
        _log.warning("the dask cluster %s has no workers yet; the run waits for the first", address)
    elif threads > workers:
        _log.warning(
            "the dask cluster %s could do %d tasks at a time, this run gives it work for %d: set [run] workers = %d",
            address,
            threads,
            workers,
            threads,
        )


def _perform(call: bytes, arguments: bytes) -> bytes:
    """Make a call, in a worker; return its result, what it raised, and the traceback of that: pickled, some None."""
    try:
        args, kwargs = pickle.loads(arguments)
        result = pickle.loads(call)(*args, **kwargs)
        return pickle.dumps((result, None, None), protocol=pickle.HIGHEST_PROTOCOL)
    except ImportError as error:
        # What plugins raise at work is a PluginError by now; this came up when they were unpickled.
        return _failure(_missing("a dask worker", error.name))
    except BaseException as error:
        return _failure(error)


def _failure(error: BaseException) -> bytes:
    """Return what `_perform` does for an error; an error that cannot be pickled is replaced by one that can."""
    # Nobody needs them, and they would travel along and might not be picklable.
    error.__cause__ = error.__context__ = None
    trace = error.__traceback__  # picklable since distributed is imported
    try:
        pickled = pickle.dumps((None, error, trace))
        pickle.loads(pickled)
    except Exception:
        kind = type(error)
        return pickle.dumps((None, RuntimeError(f"{kind.__module__}.{kind.__qualname__} in a dask worker"), trace))
    return pickled


def _missing(who: str, module: str | None) -> PluginLoadError:
    return PluginLoadError(
        f"{who} cannot import {module or 'a module'}: install anonkit[dask] and the plugins there, "
        "in the versions that are installed here"
    )
