"""Tasks run in this process or in others; results come in order, and errors come in their place."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from concurrent.futures.process import BrokenProcessPool
from typing import Any

import pytest

from anonkit.errors import AnonkitError, InputError, PluginError
from anonkit.runtime.task_runner import TaskRunner, local_runner

DEAD = (
    "a worker process died; most often the machine ran out of memory: "
    "try fewer --workers, or a smaller batch_rows in [run]. "
    "A plugin may have ended it as well: --workers 1 shows which. "
    'A Python script must call anonkit below `if __name__ == "__main__":`, or with workers = 1'
)


def double(number: int) -> int:
    return 2 * number


def die(number: int) -> int:
    os._exit(3)


def refuse(number: int) -> int:
    raise InputError(f"task {number}")


def refuse_from_2(number: int) -> int:
    return double(number) if number < 2 else refuse(number)


def process_of(number: int) -> int:
    return os.getpid()


class Counted(Executor):
    """Does a task when its result is asked for; knows how many are waiting."""

    def __init__(self) -> None:
        self.submitted = 0
        self.taken = 0
        self.most = 0
        self.shares_files = False

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        self.submitted += 1
        self.most = max(self.most, self.submitted - self.taken)
        counted = self

        class Late(Future[Any]):
            def result(self, timeout: float | None = None) -> Any:
                counted.taken += 1
                return fn(*args, **kwargs)

        return Late()


class BrokenWorkers(Executor):
    """Its workers have died."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        raise BrokenProcessPool("a worker has died")


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


class TestResults:
    @pytest.mark.parametrize("workers", [1, 2, 50])
    def test_results_come_in_the_order_of_the_tasks(self, workers: int) -> None:
        for runner in (TaskRunner(), TaskRunner(workers, Counted())):
            assert list(runner.results(double, range(10))) == [2 * n for n in range(10)]
            assert list(runner.results(double, [])) == []

    @pytest.mark.parametrize("workers", [1, 2, 5])
    def test_two_tasks_for_each_worker_are_under_way(self, workers: int) -> None:
        executor = Counted()
        assert list(TaskRunner(workers, executor).results(double, range(20))) == [2 * n for n in range(20)]
        assert executor.most == 2 * workers

    @pytest.mark.parametrize(("executor", "expected"), [(None, [0]), (Counted(), [0, 1, 2, 3])])
    def test_tasks_are_taken_as_they_are_needed(self, executor: Executor | None, expected: list[int]) -> None:
        drawn: list[int] = []

        def tasks() -> Iterator[int]:
            for number in range(100):
                drawn.append(number)
                yield number

        assert next(TaskRunner(2, executor).results(double, tasks())) == 0
        assert drawn == expected

    @pytest.mark.parametrize("tasks", [0, 2, 5])
    def test_other_work_is_done_once_while_workers_are_busy(self, tasks: int) -> None:
        executor = Counted()
        submitted: list[int] = []
        results = TaskRunner(2, executor).results(
            double, range(tasks), meanwhile=lambda: submitted.append(executor.submitted)
        )
        assert len(list(results)) == tasks
        assert submitted == [min(tasks, 4)]

    def test_an_error_comes_in_its_place(self) -> None:
        for runner in (TaskRunner(), TaskRunner(2, Counted())):
            results = runner.results(refuse_from_2, range(5))
            assert [next(results), next(results)] == [0, 2]
            with pytest.raises(InputError, match="task 2"):
                next(results)


class TestLocalRunner:
    def test_one_worker_is_this_process(self) -> None:
        with local_runner(1) as runner:
            assert list(runner.results(process_of, range(2))) == [os.getpid()] * 2

    def test_several_workers_are_other_processes(self) -> None:
        with local_runner(2) as runner:
            assert list(runner.results(double, range(7))) == [2 * n for n in range(7)]
            assert os.getpid() not in set(runner.results(process_of, range(4)))
            assert runner.begin(process_of, 0)() != os.getpid()

    def test_an_error_of_a_worker_is_raised_here(self) -> None:
        with pytest.raises(InputError, match=r"^task 0$"), local_runner(2) as runner:
            list(runner.results(refuse, range(50)))

    def test_a_worker_that_dies(self) -> None:
        with pytest.raises(AnonkitError) as caught, local_runner(2) as runner:
            list(runner.results(die, range(50)))
        assert str(caught.value) == DEAD


class TestBegin:
    def test_a_worker_begins_before_the_result_is_asked_for(self) -> None:
        executor = Counted()
        result = TaskRunner(2, executor).begin(double, 7)
        assert executor.submitted == 1
        assert result() == 14

    def test_this_process_begins_when_the_result_is_asked_for(self) -> None:
        tasks: list[int] = []
        result = TaskRunner().begin(tasks.append, 7)
        assert tasks == []
        result()
        assert tasks == [7]

    def test_an_error_of_a_worker_is_raised_here(self) -> None:
        result = TaskRunner(2, Counted()).begin(refuse, 7)
        with pytest.raises(InputError, match=r"^task 7$"):
            result()

    def test_workers_that_have_died(self) -> None:
        with pytest.raises(AnonkitError) as caught:
            TaskRunner(2, BrokenWorkers()).begin(double, 0)
        assert str(caught.value) == DEAD


def test_a_call_may_be_left_to_a_worker() -> None:
    tasks: list[int] = []
    TaskRunner().leave_to_worker(tasks.append, 1)
    TaskRunner(2, BrokenWorkers()).leave_to_worker(tasks.append, 2)
    assert tasks == [1]


def test_an_executor_says_whether_it_shares_files() -> None:
    executor = Counted()
    apart = TaskRunner.over(executor, 3)
    assert (apart.workers, apart.executor, apart.shares_files) == (3, executor, False)
    assert apart.with_files() == TaskRunner()
    executor.shares_files = True
    shared = TaskRunner.over(executor, 3)
    assert shared.with_files() is shared


class TestWhatIsSent:
    @pytest.mark.parametrize(("call", "kind"), [(Refusing(), "RuntimeError"), (lambda number: number, "PicklingError")])
    def test_a_plugin_that_cannot_be_sent(self, call: Callable[[int], int], kind: str) -> None:
        with pytest.raises(PluginError) as caught:
            list(TaskRunner(2, Counted()).results(call, [1]))
        kinds = {kind, "AttributeError"} if kind == "PicklingError" else {kind}
        assert str(caught.value) in {
            f"a plugin cannot be used with worker processes ({name}): its object and options must be picklable; "
            "run with --workers 1, and tell the plugin's author"
            for name in kinds
        }

    def test_a_call_is_unpickled_once_for_many_tasks(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(Made, "made", 0)
        assert list(TaskRunner(2, Counted()).results(Made(), range(5))) == list(range(5))
        assert Made.made == 1

    def test_a_call_is_dropped_before_the_next_is_unpickled(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(Counting, "alive", 0)
        monkeypatch.setattr(Counting, "most", 0)
        runner = TaskRunner(2, Counted())
        for name in ("a", "b", "c"):
            assert list(runner.results(Counting(name), [1])) == [1]
        # The sender has one as well.
        assert Counting.most == 2

    def test_a_state_that_cannot_be_sent(self) -> None:
        with pytest.raises(PluginError) as caught:
            list(TaskRunner(2, Counted()).results(unsendable, [1]))
        assert str(caught.value).startswith("a plugin cannot be used with worker processes (")
        assert "a reporter's state must be picklable; run with --workers 1" in str(caught.value)

    def test_the_plugin_of_a_state_that_cannot_be_sent_is_named(self) -> None:
        with pytest.raises(
            PluginError, match=r"^reporter bad cannot be used with worker processes .*a reporter's state"
        ):
            list(TaskRunner(2, Counted()).results(Named(), [1]))


class Named:
    """A call of two reporters, the state of one of which cannot be sent."""

    def __call__(self, number: int) -> list[object]:
        return [number, lambda: number]

    def plugins_of(self, value: object) -> dict[str, object]:
        assert isinstance(value, list)
        return dict(zip(("reporter good", "reporter bad"), value, strict=True))


class Counting:
    """A call that counts how many such calls there are."""

    alive = most = 0

    def __init__(self, name: str) -> None:
        self.name = name
        Counting.alive += 1
        Counting.most = max(Counting.most, Counting.alive)

    def __reduce__(self) -> tuple[type[Counting], tuple[str]]:
        return Counting, (self.name,)

    def __del__(self) -> None:
        Counting.alive -= 1

    def __call__(self, number: int) -> int:
        return number
