"""Workers that are processes of their own, started anew."""

from __future__ import annotations

from concurrent.futures import Executor, ProcessPoolExecutor
from multiprocessing import get_context

from anonkit.api import use_system_memory
from anonkit_batch_groups import BatchGroupsExecutorOptions


class _Processes(ProcessPoolExecutor):
    shares_files = True
    """The workers see the output folder under the same path."""


def batch_groups_executor(options: BatchGroupsExecutorOptions, workers: int) -> Executor:
    """Return the executor of a run; the run enters and leaves it as a context manager."""
    processes = min(workers, options.most or workers)
    return _Processes(processes, mp_context=get_context("spawn"), initializer=use_system_memory)
