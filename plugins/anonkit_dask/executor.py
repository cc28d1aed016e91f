"""An executor that makes calls in the workers of a dask cluster.

Arguments, results and errors are sent as pickled bytes, because dask's logs and pages quote them: so they show no data.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable
from concurrent.futures import CancelledError, Executor, Future
from concurrent.futures import wait as wait_for
from contextlib import ExitStack
from types import TracebackType
from typing import Any, TypeVar

from anonkit.api import AnonkitError
from anonkit_dask.calls import missing, perform
from anonkit_dask.clusters import check_cluster, cluster_at, local_cluster
from anonkit_dask.library import dask, distributed
from anonkit_dask.options import DaskOptions

__all__ = ["SMALL_BYTES", "DaskExecutor", "reply_of"]

T = TypeVar("T")

SMALL_BYTES = 1 << 20
"""A pickled callable of up to so many bytes is sent with every call; they are few compared to the data of a task."""


class DaskExecutor(Executor):
    """Runs calls on the dask cluster at `options.address`, or without one on a cluster that it starts and stops.

    It is a context manager, and connected inside the context only. Entering raises AnonkitError when the cluster cannot
    be reached or started, PluginLoadError when anonkit is missing there.

    When a worker dies, other workers repeat its calls, also finished ones whose results were not fetched yet, so a call
    may run more than once. When more than `deaths` workers die over a call, or the cluster is gone, its future raises
    AnonkitError. An error of the call itself is raised unchanged.
    """

    shares_files: bool
    """Whether workers see the files of this process under the same paths."""

    def __init__(self, options: DaskOptions, workers: int, deaths: int = 3) -> None:
        """Take the number of workers; `deaths` applies to a cluster on this machine, and 3 is dask's default."""
        self.shares_files = options.address is None if options.shared_files is None else options.shared_files
        self._options = options
        self._cluster = f"the dask cluster {'on this machine' if options.address is None else options.address}"
        self._workers = workers
        self._deaths = deaths
        self._unfinished: set[Future[Any]] = set()
        self._executor: Any = None
        self._sent: tuple[Any, bytes | distributed.Future[bytes]] | None = None
        self._open = ExitStack()

    def __enter__(self) -> DaskExecutor:
        """Connect to the cluster, or start one."""
        address, timeout = self._options.address, self._options.timeout
        with ExitStack() as stack:
            if address is None:
                self._client = stack.enter_context(local_cluster(self._workers, timeout, self._deaths))
            else:
                self._client = stack.enter_context(cluster_at(address, timeout))
                check_cluster(self._client, address, self._workers)
            self._executor = self._client.get_executor(pure=False)
            self._open = stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave the cluster, or stop it. After an error, calls are cancelled and not waited for."""
        self.shutdown(wait=kind is None, cancel_futures=kind is not None)

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        """Return the future of the call `fn(*args, **kwargs)`; `fn`, arguments and result must be picklable.

        RuntimeError outside of the context.
        """
        if self._executor is None:
            raise RuntimeError("not connected to a dask cluster: the executor is for use in a with statement")
        future: Future[T] = Future()
        self._unfinished.add(future)
        reply = self._executor.submit(perform, self._sent_once(fn), pickle.dumps((args, kwargs)))
        reply.add_done_callback(lambda reply: self._settle(future, reply))
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Cancel or wait for the calls that are not done, as the arguments say; then leave the cluster, or stop it."""
        for future in list(self._unfinished) if cancel_futures else ():
            future.cancel()
        if wait:
            wait_for(list(self._unfinished))
        self._executor = self._sent = None
        self._open.close()

    def _sent_once(self, call: Any) -> bytes | distributed.Future[bytes]:
        """Return a callable pickled, or, when it is large, dask's future of the pickled bytes.

        The last callable is remembered, since a run makes all its calls with the same one. A large one is the result of
        a task, which workers send to each other: dask repeats the task when the worker with the result dies, and could
        not repeat a scatter. A small one goes with every call, because dask prefers the workers that hold a future's
        data, which at first is a single one.
        """
        if self._sent is None or self._sent[0] is not call:
            pickled = pickle.dumps(call)
            self._sent = call, pickled if len(pickled) <= SMALL_BYTES else self._on_cluster(pickled)
        return self._sent[1]

    def _on_cluster(self, data: bytes) -> distributed.Future[bytes]:
        # dask warns of large data, because it is most often sent with every task.
        with dask.config.set({"distributed.admin.large-graph-warning-threshold": "1 TiB"}):
            return self._client.submit(bytes, data, pure=False)

    def _settle(self, future: Future[Any], reply: Future[bytes]) -> None:
        """Set the result or the error of a call's future; called when the reply has come."""
        self._unfinished.discard(future)
        if not future.set_running_or_notify_cancel():
            return
        try:
            result, error, trace = pickle.loads(reply_of(reply, self._cluster))
        except BaseException as failure:
            future.set_exception(failure)
        else:
            if error is None:
                future.set_result(result)
            else:
                future.set_exception(error.with_traceback(trace))


def reply_of(reply: Future[bytes], cluster: str) -> bytes:
    """Return the bytes that a worker replied. AnonkitError, which names the cluster, when no reply will come."""
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
        raise missing(f"a worker of {cluster}", error.name) from None
    except RuntimeError as error:
        # The scheduler unpickles parts of tasks as well, and may lack a module.
        if isinstance(error.__cause__, ImportError):
            raise missing(f"the scheduler of {cluster}", error.__cause__.name) from None
        raise
