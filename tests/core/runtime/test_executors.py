"""Tasks run here or elsewhere; results come in order, and what goes wrong is told."""

from __future__ import annotations

import multiprocessing
import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from anonkit.errors import AnonkitError, InputError, PluginError
from anonkit.runtime.executors import InlineExecutor, Work, begun, in_order, local_executor, worker_count


def double(number: int) -> int:
    return 2 * number


def die(number: int) -> int:
    os._exit(3)


def refuse(number: int) -> int:
    raise InputError(f"task {number}")


def process_of(number: int) -> int:
    return os.getpid()


class Counted(Executor):
    """Does a task when its result is asked for; knows how many are waiting."""

    def __init__(self) -> None:
        self.submitted = 0
        self.taken = 0
        self.most = 0

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        self.submitted += 1
        self.most = max(self.most, self.submitted - self.taken)
        counted = self

        class Late(Future[Any]):
            def result(self, timeout: float | None = None) -> Any:
                counted.taken += 1
                return fn(*args, **kwargs)

        return Late()


class TestWorkerCount:
    def test_a_number_is_taken_at_its_word(self) -> None:
        assert worker_count(3) == 3

    def test_none_means_every_core_this_process_may_run_on(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 2, 5}, raising=False)
        assert worker_count(0) == 3

    @pytest.mark.parametrize(("cores", "workers"), [(6, 6), (None, 1)])
    def test_where_that_is_not_known(self, monkeypatch: pytest.MonkeyPatch, cores: int | None, workers: int) -> None:
        monkeypatch.delattr(os, "sched_getaffinity", raising=False)
        monkeypatch.setattr(os, "cpu_count", lambda: cores)
        assert worker_count(0) == workers


class TestInOrder:
    @pytest.mark.parametrize("ahead", [1, 2, 5, 100])
    def test_results_come_in_the_order_of_the_tasks(self, ahead: int) -> None:
        assert list(in_order(InlineExecutor(), double, range(10), ahead)) == [2 * n for n in range(10)]
        assert list(in_order(InlineExecutor(), double, [], ahead)) == []

    @pytest.mark.parametrize("ahead", [1, 2, 5])
    def test_no_more_than_so_many_are_ahead(self, ahead: int) -> None:
        executor = Counted()
        assert list(in_order(executor, double, range(20), ahead)) == [2 * n for n in range(20)]
        assert executor.most == ahead

    def test_tasks_are_taken_as_they_are_needed(self) -> None:
        drawn: list[int] = []

        def tasks() -> Iterator[int]:
            for number in range(100):
                drawn.append(number)
                yield number

        results = in_order(InlineExecutor(), double, tasks(), 3)
        assert next(results) == 0
        assert drawn == [0, 1, 2]

    @pytest.mark.parametrize("tasks", [0, 2, 5])
    def test_what_is_done_meanwhile_is_done_once_when_tasks_are_under_way(self, tasks: int) -> None:
        seen: list[str] = []
        results = in_order(
            InlineExecutor(), lambda n: seen.append(f"task {n}"), range(tasks), 3, lambda: seen.append("meanwhile")
        )
        assert len(list(results)) == tasks
        assert seen == [f"task {n}" for n in range(min(tasks, 3))] + ["meanwhile"] + [
            f"task {n}" for n in range(3, tasks)
        ]

    def test_an_error_comes_in_its_place(self) -> None:
        executor = Counted()
        results = in_order(executor, lambda n: double(n) if n < 2 else refuse(n), range(5), 3)
        assert [next(results), next(results)] == [0, 2]
        with pytest.raises(InputError, match="task 2"):
            next(results)


class TestLocal:
    def test_one_worker_is_this_process(self) -> None:
        with local_executor(1) as executor:
            assert isinstance(executor, InlineExecutor)
            assert list(in_order(executor, process_of, range(2), 2)) == [os.getpid()] * 2

    def test_an_error_here_is_raised_at_once(self) -> None:
        with pytest.raises(InputError, match="task 7"):
            InlineExecutor().submit(refuse, 7)

    def test_several_workers_are_other_processes(self) -> None:
        with local_executor(2) as executor:
            doubled = map(Work.result, in_order(executor, Work(double), range(7), 3))
            assert list(doubled) == [2 * n for n in range(7)]
            assert os.getpid() not in set(map(Work.result, in_order(executor, Work(process_of), range(4), 4)))

    def test_an_error_there_is_raised_here(self) -> None:
        with pytest.raises(InputError, match=r"^task 0$"), local_executor(2) as executor:
            list(in_order(executor, Work(refuse), range(50), 4))

    def test_a_worker_that_dies(self) -> None:
        with pytest.raises(AnonkitError) as caught, local_executor(2) as executor:
            list(in_order(executor, Work(die), range(50), 4))
        assert str(caught.value) == (
            "a worker process died; most often the machine ran out of memory: "
            "try fewer --workers, or a smaller batch_rows in [run]. "
            'A Python script must call anonkit below `if __name__ == "__main__":`, or with workers = 1'
        )


class TestBegun:
    def test_it_is_done_in_another_process_before_anybody_asks(self) -> None:
        counted = Counted()
        result = begun(counted, double, 7)
        assert counted.submitted == 1
        assert result() == 14
        with local_executor(2) as executor:
            assert begun(executor, process_of, 0)() != os.getpid()

    def test_in_this_process_it_is_done_when_somebody_asks(self) -> None:
        asked: list[int] = []
        result = begun(InlineExecutor(), asked.append, 7)
        assert asked == []
        result()
        assert asked == [7]

    def test_an_error_there_is_raised_here(self) -> None:
        with local_executor(2) as executor, pytest.raises(InputError, match=r"^task 7$"):
            begun(executor, refuse, 7)()

    def test_a_worker_that_dies(self) -> None:
        with local_executor(2) as executor:
            result = begun(executor, die, 0)
            with pytest.raises(AnonkitError, match=r"^a worker process died;"):
                result()
            with pytest.raises(AnonkitError, match=r"^a worker process died;"):
                begun(executor, double, 0)


def unsendable(number: int) -> object:
    return lambda: number


class Refusing:
    """A plugin that cannot be sent."""

    def __reduce__(self) -> str:
        raise RuntimeError("annakovaleva")

    def __call__(self, number: int) -> int:
        return number


class Made:
    """Counts how often it is made out of its pickled form."""

    made = 0

    def __setstate__(self, state: object) -> None:
        Made.made += 1

    def __getstate__(self) -> dict[str, int]:
        return {"a": 1}

    def __call__(self, number: int) -> int:
        return number


class TestWork:
    @pytest.mark.parametrize(("call", "kind"), [(Refusing(), "RuntimeError"), (lambda number: number, "PicklingError")])
    def test_a_plugin_that_cannot_be_sent(self, call: Callable[[int], int], kind: str) -> None:
        with pytest.raises(PluginError) as caught:
            Work(call)
        kinds = {kind, "AttributeError"} if kind == "PicklingError" else {kind}
        assert str(caught.value) in {
            f"a plugin cannot be used with worker processes ({one}): its object and options must be picklable; "
            "run with --workers 1, and tell the plugin's author"
            for one in kinds
        }

    def test_it_is_unpickled_once_for_many_tasks(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(Made, "made", 0)
        work = pickle.loads(pickle.dumps(Work(Made())))
        assert [Work.result(work(n)) for n in range(5)] == list(range(5))
        assert Made.made == 1

    def test_a_state_that_cannot_be_sent(self) -> None:
        with pytest.raises(PluginError) as caught:
            Work(unsendable)(1)
        told = str(caught.value)
        assert told.startswith("a plugin cannot be used with worker processes (")
        assert "a reporter's state must be picklable; run with --workers 1" in told


@pytest.mark.skipif("forkserver" not in multiprocessing.get_all_start_methods(), reason="there is no fork server")
def test_the_server_imports_modules_for_the_workers(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        "import sys\n"
        "from anonkit.runtime.executors import local_executor, prepare_workers\n"
        "def has(module): return module in sys.modules\n"
        "if __name__ == '__main__':\n"
        "    prepare_workers(2, ['colorsys'])\n"
        "    with local_executor(2) as executor:\n"
        "        print(executor.submit(has, 'colorsys').result())\n"
    )
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout == "True\n"


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_waits_until_a_process_has_started(sent: signal.Signals, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []

    def submit(self: ProcessPoolExecutor, fn: Callable[[], None]) -> None:
        signal.raise_signal(sent)
        done.append("started")

    def interrupted(number: int, frame: object) -> None:
        done.append("interrupted")

    monkeypatch.setattr(ProcessPoolExecutor, "submit", submit)
    before = signal.signal(sent, interrupted)
    try:
        with local_executor(2) as executor:
            executor.submit(int)
        assert done == ["started", "interrupted"]
        assert signal.getsignal(sent) is interrupted
    finally:
        signal.signal(sent, before)
