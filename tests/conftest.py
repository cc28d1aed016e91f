from __future__ import annotations

import signal
from collections.abc import Iterator

import hypothesis_profiles  # noqa: F401, it loads the profile
import pytest


@pytest.fixture(scope="session", autouse=True)
def _interruptible() -> Iterator[None]:
    """Let SIGINT interrupt this process and those that tests start, where a shell has it ignored (``make test &``)."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)
