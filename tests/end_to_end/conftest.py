"""Runs of the real command on generated data."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from anonkit.demo import write_demo

# What the tests share stands beside them.
sys.path.insert(0, str(Path(__file__).parent))

from command import DEMO_ROWS, Command, run_command  # found through the line above


@pytest.fixture
def anonkit(tmp_path: Path) -> Command:
    """The command, run in a folder of the test's own."""

    def run(*arguments: object, status: int = 0, **variables: str) -> subprocess.CompletedProcess[str]:
        return run_command(*arguments, cwd=tmp_path, status=status, **variables)

    return run


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Generated rows, `DEMO_ROWS` of them, in four files, the last with another schema."""
    folder = tmp_path_factory.mktemp("demo") / "data"
    write_demo(folder, rows=DEMO_ROWS, files=4)
    return folder


@pytest.fixture(scope="session")
def much(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with input for several seconds of work: the same rows many times."""
    folder = tmp_path_factory.mktemp("much") / "data"
    folder.mkdir()
    rows = pq.read_table(min(demo.iterdir()))
    pq.write_table(pa.concat_tables([rows] * (40_000 // len(rows))), folder / "rows.parquet", row_group_size=5000)
    return folder
