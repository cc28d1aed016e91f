"""What can be set, and what it costs to look at it."""

from __future__ import annotations

import subprocess
import sys

import pytest
from anonkit_dask.options import DaskOptions

from anonkit import load
from anonkit.api import ConfigError

RUN = {"data_dir": "data", "output_dir": "out", "executor": "dask"}


@pytest.mark.parametrize(
    "code",
    ["import anonkit_dask", "from anonkit.plugin.discovery import discover; assert 'dask' in discover().executors"],
)
def test_looking_at_the_plugin_does_not_import_dask(code: str) -> None:
    check = "import sys; sys.exit(str([name for name in ('dask', 'distributed') if name in sys.modules] or ''))"
    done = subprocess.run([sys.executable, "-c", f"{code}; {check}"], capture_output=True, text=True, check=False)
    assert done.stderr.strip() == ""


def test_the_executor_is_chosen_by_its_name() -> None:
    tables = {"run": RUN, "executors": {"dask": {"address": "tcp://scheduler:8786", "shared_files": True}}}
    config = load(tables, environ={})
    assert config.executor is not None
    assert config.executor.options == DaskOptions(address="tcp://scheduler:8786", shared_files=True, timeout=30)


def test_an_environment_variable_sets_the_address() -> None:
    config = load({"run": RUN}, environ={"ANONKIT_EXECUTORS_DASK_ADDRESS": "tls://scheduler:8786"})
    assert config.executor is not None
    assert config.executor.options.address == "tls://scheduler:8786"


@pytest.mark.parametrize("address", ["tcp://10.0.0.1:8786", "tls://a.b:1", "scheduler:8786", "tcp://[::1]:8786"])
def test_an_address_is_host_and_port_with_or_without_a_scheme(address: str) -> None:
    assert DaskOptions(address=address).address == address


@pytest.mark.parametrize("address", ["", "scheduler", "tcp://scheduler", "http://scheduler:8786", "tcp://a b:1"])
def test_any_other_address_is_refused_with_the_form(address: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load({"run": RUN, "executors": {"dask": {"address": address}}}, environ={})
    assert str(caught.value) == (
        f"[executors.dask]: address = {address!r} is not the address of a dask scheduler; write tcp://HOST:PORT, as "
        "the scheduler says itself when it starts"
    )
