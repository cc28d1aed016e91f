from __future__ import annotations

import signal
from collections.abc import Iterator

import hypothesis_profiles  # noqa: F401, it loads the profile
import pytest

from anonkit.plugin.discovery import discover
from anonkit.runtime.workers import prepare_workers


@pytest.fixture(scope="session", autouse=True)
def _interruptible() -> Iterator[None]:
    """Let SIGINT interrupt this process and those that tests start, where a shell has it ignored (``make test &``)."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture(scope="session", autouse=True)
def _fork_server() -> None:
    """Start the server that workers of tests fork off, with all that runs need.

    It goes on until the session ends. One that a test starts for a call of its own would have imported little, and each
    later worker would import the rest.
    """
    registry = discover()
    specs = [plugin.type for section in (registry.anonymizers, registry.reporters) for plugin in section.values()]
    places = {str(spec.factory).partition(":")[0] for spec in specs if isinstance(spec.factory, str)}
    prepare_workers(2, ["anonkit.engine.passes", *sorted(places)])
