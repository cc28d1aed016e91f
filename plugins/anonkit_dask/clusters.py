"""Clients of dask clusters: of a cluster that is started on this machine, or of one that is running."""

from __future__ import annotations

import logging
import signal
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from importlib import metadata
from multiprocessing import resource_tracker
from typing import Any

from anonkit.api import AnonkitError, use_system_memory
from anonkit_dask.calls import missing
from anonkit_dask.library import dask, distributed

__all__ = ["check_cluster", "cluster_at", "local_cluster"]

_log = logging.getLogger(__name__)

# By default a worker's thread has an arena of its own in the C library, and memory goes back to the system often.
# Getting it again took a third of a run. Dask's profiler interrupts the thread a hundred times a second. Both are off.
_WORKERS = {
    "distributed.nanny.pre-spawn-environ": {
        "MALLOC_ARENA_MAX": "1",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
    },
    "distributed.worker.profile.enabled": False,
}


class _Preparation(distributed.WorkerPlugin):
    """Prepares the worker processes of a cluster on this machine."""

    name = "anonkit"

    def setup(self, worker: Any) -> None:
        """Prepare the process of a worker."""
        use_system_memory()


@contextmanager
def local_cluster(workers: int, timeout: int, deaths: int) -> Iterator[distributed.Client]:
    """Start so many worker processes on this machine, and yield their client.

    AnonkitError when they do not all start within `timeout` seconds. A call fails when more than `deaths` workers died
    over it.
    """
    with ExitStack() as stack:
        scratch = stack.enter_context(tempfile.TemporaryDirectory(prefix="anonkit-dask-", ignore_cleanup_errors=True))
        # The scheduler has its folder there, too, and imports modules from it.
        stack.enter_context(dask.config.set({"temporary-directory": scratch, **_WORKERS}))
        with _interrupts_blocked_in_threads():
            # The cluster starts without workers, so that an interrupt while they start can close it.
            cluster = stack.enter_context(
                distributed.LocalCluster(
                    n_workers=0,
                    threads_per_worker=1,
                    # With a limit dask would write data to disk, and kill workers.
                    memory_limit=None,
                    silence_logs=logging.CRITICAL,
                    # The pages are off, but their server runs and warns if its port is taken: 0 is any free port.
                    scheduler_kwargs={
                        "dashboard": False,
                        "dashboard_address": "127.0.0.1:0",
                        "allowed_failures": deaths,
                    },
                )
            )
        client = stack.enter_context(distributed.Client(cluster, timeout=timeout, set_as_default=False))
        client.register_plugin(_Preparation())
        cluster.scale(workers)
        try:
            client.wait_for_workers(workers, timeout)
        except (TimeoutError, distributed.TimeoutError):  # two classes before Python 3.11
            raise AnonkitError(
                f"dask did not start {workers} workers on this machine within {timeout} seconds: raise timeout in "
                '[executors.dask]; in a script, start the run below a line `if __name__ == "__main__":`'
            ) from None
        yield client


@contextmanager
def _interrupts_blocked_in_threads() -> Iterator[None]:
    """Block interrupts in the threads that start inside the context, and in the processes that these start later.

    A terminal sends an interrupt to all processes. Only the coordinating one receives it then, and ends the others.
    """
    if not hasattr(signal, "pthread_sigmask"):  # on Windows
        yield
        return
    # Started here, the tracker blocks interrupts as well; the thread of a worker would start it without.
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


class _PunctualClient(distributed.Client):
    """A client that gives up in time also when its connection is accepted and nobody answers.

    Dask's own waits without end for a stopped scheduler, or for another server at the address.
    """

    def __init__(self, address: str, timeout: int) -> None:
        super().__init__(address, timeout=timeout, set_as_default=False)

    def start(self, **kwargs: Any) -> None:
        """Connect. distributed.TimeoutError when there is no answer in time."""
        try:
            super().start(callback_timeout=kwargs["timeout"] + 1, **kwargs)
        except distributed.TimeoutError:
            super().close()
            raise


@contextmanager
def cluster_at(address: str, timeout: int) -> Iterator[distributed.Client]:
    """Connect to a scheduler, and yield its client. AnonkitError when it does not answer within `timeout` seconds."""
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
    """Silence a logger inside the context: it writes tracebacks of errors for which this module has messages."""
    log = logging.getLogger(name)
    level = log.level
    log.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        log.setLevel(level)


def check_cluster(client: distributed.Client, address: str, workers: int) -> None:
    """Log warnings about a cluster: other versions of packages than here, no workers, more threads than `workers`.

    PluginLoadError when anonkit is not installed there.
    """
    here = {entry.dist.name: entry.dist.version for entry in metadata.entry_points(group="anonkit") if entry.dist}
    for package, version in here.items():
        there = client.run(metadata.version, package, on_error="return")
        absent = [worker for worker, found in there.items() if isinstance(found, metadata.PackageNotFoundError)]
        if absent and package == "anonkit":
            raise missing(f"{len(absent)} of {len(there)} workers of the dask cluster {address}", package)
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
