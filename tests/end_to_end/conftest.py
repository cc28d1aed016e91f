"""Runs of the real command on generated data."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from anonkit.demo import write_demo

# What the tests share stands beside them.
sys.path.insert(0, str(Path(__file__).parent))

from command import Command, run_command  # found through the line above


@pytest.fixture
def anonkit(tmp_path: Path) -> Command:
    """The command, run in a folder of the test's own."""

    def run(*arguments: object, status: int = 0, **variables: str) -> subprocess.CompletedProcess[str]:
        return run_command(*arguments, cwd=tmp_path, status=status, **variables)

    return run


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A few thousand generated rows in four files, the last with another schema."""
    folder = tmp_path_factory.mktemp("demo") / "data"
    write_demo(folder, rows=6000, files=4)
    return folder
