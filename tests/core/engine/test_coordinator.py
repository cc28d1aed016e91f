from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor, Future
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any

from anonkit.engine.coordinator import _remove_meanwhile
from anonkit.runtime.executors import InlineExecutor


class BrokenWorkers(Executor):
    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        raise BrokenProcessPool("a worker has died")


def test_the_spool_is_removed_by_a_worker_if_there_is_one(tmp_path: Path) -> None:
    spool = tmp_path / "spool"
    spool.mkdir()
    _remove_meanwhile(BrokenWorkers(), str(spool))
    assert spool.exists()
    _remove_meanwhile(InlineExecutor(), str(spool))
    assert not spool.exists()
