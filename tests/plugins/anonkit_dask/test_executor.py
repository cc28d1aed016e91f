"""The executor by itself: results, what fails in a worker, what fails around it."""

from __future__ import annotations

import os
import pickle
import signal
import socket
import sys
import traceback
from collections.abc import Iterator
from concurrent.futures import Future
from functools import partial
from importlib import metadata
from types import ModuleType
from typing import Any

import distributed
import pytest
from anonkit_dask import clusters
from anonkit_dask.calls import perform
from anonkit_dask.executor import SMALL_BYTES, DaskExecutor, reply_of
from anonkit_dask.options import DaskOptions
from dask_plugins import Elsewhere, die, refuse, refuse_headstrongly, size_and_process

from anonkit.api import AnonkitError, PluginLoadError

PATIENCE = 120.0
"""Seconds that a busy machine may take."""


@pytest.fixture
def executor(cluster: str) -> Iterator[DaskExecutor]:
    """Connected to the cluster that is there."""
    with DaskExecutor(DaskOptions(address=cluster), workers=2) as executor:
        yield executor


class TestCalls:
    def test_a_future_has_the_result_of_its_call(self, executor: DaskExecutor) -> None:
        futures = [executor.submit(pow, 2, number) for number in range(20)]
        assert [future.result() for future in futures] == [2**number for number in range(20)]
        assert executor.submit(int, "11", base=2).result() == 3
        assert list(executor.map(len, ["a", "bb"])) == [1, 2]

    def test_equal_calls_are_all_made(self, executor: DaskExecutor) -> None:
        assert len({executor.submit(os.urandom, 8).result() for _ in range(3)}) == 3

    def test_large_callables_pass_without_a_warning(self, executor: DaskExecutor) -> None:
        assert executor.submit((b"x" * (12 << 20)).count, b"x").result() == 12 << 20

    def test_an_error_is_raised_unchanged_with_its_traceback(self, executor: DaskExecutor) -> None:
        with pytest.raises(LookupError, match=r"^annakovaleva$") as caught:
            executor.submit(refuse, "annakovaleva").result()
        assert "refuse" in [frame.name for frame in traceback.extract_tb(caught.value.__traceback__)]

    def test_an_error_that_cannot_be_pickled_is_replaced_by_its_type(self, executor: DaskExecutor) -> None:
        with pytest.raises(RuntimeError, match=r"^dask_plugins\.Headstrong in a dask worker$"):
            executor.submit(refuse_headstrongly).result()

    def test_dask_sees_no_error(self, executor: DaskExecutor) -> None:
        """It would log it, with its text."""
        future: Future[Any] = executor.submit(refuse, "annakovaleva")
        assert isinstance(future.exception(), LookupError)
        assert pickle.loads(perform(b"no pickle", b"neither"))[0] is None

    def test_a_worker_without_a_plugin_is_reported(
        self, executor: DaskExecutor, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        only_here = ModuleType("module_of_this_process_only")

        def make() -> None: ...

        make.__module__, make.__qualname__ = only_here.__name__, "make"
        monkeypatch.setattr(only_here, "make", make, raising=False)
        monkeypatch.setitem(sys.modules, only_here.__name__, only_here)
        with pytest.raises(PluginLoadError) as caught:
            executor.submit(len, [Elsewhere()]).result()
        assert str(caught.value) == (
            "a dask worker cannot import module_of_this_process_only: install anonkit[dask] and the plugins there, "
            "in the versions that are installed here"
        )

    def test_a_call_can_be_cancelled(self, executor: DaskExecutor) -> None:
        futures = [executor.submit(len, "") for _ in range(20)]
        cancelled = [future for future in futures if future.cancel()]
        assert [future.result() for future in futures if future not in cancelled] == [0] * (20 - len(cancelled))
        assert executor.submit(len, "x").result() == 1


class TestContext:
    def test_only_workers_of_this_machine_share_files_unless_the_option_says_so(self) -> None:
        assert DaskExecutor(DaskOptions(), 1).shares_files
        assert not DaskExecutor(DaskOptions(shared_files=False), 1).shares_files
        assert not DaskExecutor(DaskOptions(address="a:1"), 1).shares_files
        assert DaskExecutor(DaskOptions(address="a:1", shared_files=True), 1).shares_files

    def test_a_call_outside_of_the_context_is_refused(self, cluster: str) -> None:
        executor = DaskExecutor(DaskOptions(address=cluster), 2)
        for _ in range(2):
            with pytest.raises(RuntimeError, match=r"^not connected"):
                executor.submit(len, "")
            with executor:
                assert executor.submit(len, "").result() == 0

    def test_leaving_the_context_waits_for_calls(self, cluster: str) -> None:
        with DaskExecutor(DaskOptions(address=cluster), 2) as executor:
            futures = [executor.submit(pow, 3, number) for number in range(10)]
        assert [future.result(timeout=0) for future in futures] == [3**number for number in range(10)]

    @pytest.mark.parametrize("kind", [KeyboardInterrupt, AnonkitError])
    def test_leaving_the_context_after_an_error_cancels_calls(self, cluster: str, kind: type[BaseException]) -> None:
        futures: list[Future[Any]] = []
        executor = DaskExecutor(DaskOptions(address=cluster), 2)
        with pytest.raises(kind), executor:  # noqa: PT012  # it is the error's way out that is tested
            futures += [executor.submit(len, "") for _ in range(200)]
            raise kind
        assert all(future.done() for future in futures)


class TestClusterOfItsOwn:
    def test_workers_leave_interrupts_to_this_process(self) -> None:
        with DaskExecutor(DaskOptions(), workers=1) as executor:
            assert signal.SIGINT in executor.submit(signal.pthread_sigmask, signal.SIG_BLOCK, ()).result()
        assert signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, ())

    def test_a_large_callable_outlives_the_worker_that_has_it(self) -> None:
        call = partial(size_and_process, b"x" * (2 * SMALL_BYTES))
        with DaskExecutor(DaskOptions(), workers=2) as executor:
            size, worker = executor.submit(call).result(timeout=PATIENCE)
            os.kill(worker, signal.SIGKILL)
            again, other = executor.submit(call).result(timeout=PATIENCE)
        assert size == again == 2 * SMALL_BYTES
        assert worker != other

    def test_a_call_that_no_worker_survives_is_an_error(self) -> None:
        with DaskExecutor(DaskOptions(), workers=1, deaths=0) as executor, pytest.raises(AnonkitError) as caught:
            executor.submit(die).result()
        assert str(caught.value) == (
            "1 workers of the dask cluster on this machine died over the same rows, most often for lack of memory: "
            "give each more memory, or set a smaller batch_rows in [run]"
        )

    def test_a_cluster_that_does_not_start_is_an_error(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(distributed.LocalCluster, "scale", lambda self, workers: None)
        with pytest.raises(AnonkitError) as caught, DaskExecutor(DaskOptions(timeout=1), workers=2):
            pass
        assert str(caught.value) == (
            "dask did not start 2 workers on this machine within 1 seconds: raise timeout in [executors.dask]; in a "
            'script, start the run below a line `if __name__ == "__main__":`'
        )


class TestSomebodysCluster:
    def test_another_server_at_the_address_is_an_error(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as server:
            address = f"127.0.0.1:{server.getsockname()[1]}"
            with (
                pytest.raises(AnonkitError, match=f"^no dask scheduler answers at {address} within 1 seconds: "),
                DaskExecutor(DaskOptions(address=address, timeout=1), 2),
            ):
                pass

    def test_a_cluster_that_goes_away_is_an_error(self) -> None:
        scheduler = {"dashboard": False, "dashboard_address": "127.0.0.1:0"}
        with distributed.LocalCluster(
            n_workers=0, protocol="tcp://", silence_logs=False, scheduler_kwargs=scheduler
        ) as cluster:
            address = cluster.scheduler_address
            with DaskExecutor(DaskOptions(address=address, timeout=1), 2) as executor:
                future = executor.submit(len, "")
                cluster.close()
                with pytest.raises(AnonkitError) as caught:
                    future.result(timeout=20)
        assert str(caught.value) == (
            f"the dask cluster {address} is gone, or has dropped this run's work: see the log of its scheduler, "
            "then run again"
        )

    def test_a_cluster_without_workers_is_a_warning(self, caplog: pytest.LogCaptureFixture) -> None:
        assert _warnings(caplog, {}) == ["the dask cluster tcp://a:1 has no workers yet; the run waits for the first"]

    def test_too_little_work_for_a_cluster_is_a_warning(self, caplog: pytest.LogCaptureFixture) -> None:
        assert _warnings(caplog, {"tcp://b:1": metadata.version("anonkit")}, threads=9) == [
            "the dask cluster tcp://a:1 could do 9 tasks at a time, this run gives it work for 2: set [run] workers = 9"
        ]

    def test_another_version_of_a_package_there_is_a_warning(self, caplog: pytest.LogCaptureFixture) -> None:
        here = metadata.version("anonkit")
        assert _warnings(caplog, {"tcp://b:1": here, "tcp://b:2": "0.0.1"}) == [
            f"the dask workers have anonkit 0.0.1, here it is {here}: install the same there"
        ]

    def test_a_cluster_without_anonkit_is_an_error(self, caplog: pytest.LogCaptureFixture) -> None:
        with pytest.raises(PluginLoadError) as caught:
            _warnings(caplog, {"tcp://b:1": metadata.PackageNotFoundError("anonkit"), "tcp://b:2": "0.1.0"})
        assert str(caught.value) == (
            "1 of 2 workers of the dask cluster tcp://a:1 cannot import anonkit: install anonkit[dask] and the plugins "
            "there, in the versions that are installed here"
        )

    @pytest.mark.parametrize("process", ["worker", "scheduler"])
    def test_a_later_process_without_anonkit_is_an_error(self, process: str) -> None:
        missing = ModuleNotFoundError("No module named 'anonkit_dask'", name="anonkit_dask")
        failure = RuntimeError("Error during deserialization of the task graph")
        failure.__cause__ = missing
        reply: Future[bytes] = Future()
        reply.set_exception(missing if process == "worker" else failure)
        with pytest.raises(PluginLoadError) as caught:
            reply_of(reply, "the dask cluster tcp://a:1")
        assert str(caught.value) == (
            f"{'a worker' if process == 'worker' else 'the scheduler'} of the dask cluster tcp://a:1 cannot import "
            "anonkit_dask: install anonkit[dask] and the plugins there, in the versions that are installed here"
        )


class FakeClient:
    """Knows what its workers have of anonkit; of other packages they have nothing."""

    def __init__(self, found: dict[str, Any], threads: int) -> None:
        self.found, self.threads = found, threads

    def run(self, function: Any, package: str, on_error: str) -> dict[str, Any]:
        assert (function, on_error) == (metadata.version, "return")
        if package == "anonkit":
            return self.found
        return dict.fromkeys(self.found, metadata.PackageNotFoundError(package))

    def nthreads(self) -> dict[str, int]:
        return {"all": self.threads} if self.found else {}


def _warnings(caplog: pytest.LogCaptureFixture, found: dict[str, Any], threads: int = 2) -> list[str]:
    clusters.check_cluster(FakeClient(found, threads), "tcp://a:1", 2)
    return [record.getMessage() for record in caplog.records if record.name == clusters.__name__]
