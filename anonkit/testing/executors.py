"""What every executor has to keep, as a test class."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from concurrent.futures import Executor
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

from anonkit.demo import write_demo
from anonkit.plugin.contracts import Batch, Outputs, Reporter, RunContext
from anonkit.testing.contract import Contract, broken
from anonkit.testing.runs import run_plugins

__all__ = ["ExecutorContract"]


class ExecutorContract(Contract, ABC):
    """Calls are made, failures arrive, and a run comes to the same bytes as without it."""

    @abstractmethod
    def executor(self, workers: int) -> Executor:
        """Return a new executor, as the factory makes it."""

    def test_results_and_failures_arrive(self) -> None:
        """A future has what the call returns, or raises what it raises."""
        executor = self.executor(2)
        entered: AbstractContextManager[object] = (
            executor if isinstance(executor, AbstractContextManager) else nullcontext()
        )
        with entered:
            if [executor.submit(pow, 2, power).result(120) for power in range(5)] != [1, 2, 4, 8, 16]:
                broken("submit gives futures with other results than the calls have")
            failed = executor.submit(int, "no number")
            if not isinstance(failed.exception(120), ValueError):
                broken("the exception of a call is not that of its future")

    def test_a_run_gives_the_same_bytes(self, tmp_path: Path) -> None:
        """As in one process."""
        write_demo(tmp_path / "data", rows=60, files=3)
        made: Callable[[int], Executor] = self.executor
        alone = run_plugins(tmp_path / "data", tmp_path / "alone", reporters=[_Users()])
        found = run_plugins(
            tmp_path / "data", tmp_path / "there", reporters=[_Users()], executor=made, workers=2, task_rows=1
        )
        if found["users.txt"] != alone["users.txt"]:
            broken("a run on the executor writes something else than one in this process")

    def test_it_is_made_for_any_number_of_workers(self) -> None:
        """One is a number too."""
        for workers in (1, 3):
            with self.executor(workers) as executor:
                if executor.submit(abs, -workers).result(120) != workers:
                    broken(f"with {workers} workers a call has another result")


class _Users(Reporter[list[str], list[str]]):
    """Lists the user of each row."""

    def start(self, context: RunContext) -> list[str]:
        return []

    def consume(self, state: list[str], batch: Batch) -> list[str]:
        return state + list(map(str, batch.column(batch.context.roles.user).to_pylist()))

    def merge(self, left: list[str], right: list[str]) -> list[str]:
        return left + right

    def write(self, result: list[str], outputs: Outputs, context: RunContext) -> None:
        outputs.write("users.txt", "\n".join(result).encode())
