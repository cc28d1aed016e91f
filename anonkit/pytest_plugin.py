"""Fixtures for tests of plugins, which pytest knows wherever anonkit is installed.

`anonkit_data` writes job records, `anonkit_run` runs plugin objects over them. Nothing is imported until one is used.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

__all__ = ["anonkit_data", "anonkit_run"]


@pytest.fixture
def anonkit_data(tmp_path: Path) -> Callable[..., Path]:
    """Return a function that writes made-up job records, and returns their folder: ``anonkit_data(rows=200)``."""
    numbers = itertools.count(1)

    def write(*, rows: int = 200, files: int = 4, **more: Any) -> Path:
        from anonkit.demo import write_demo

        folder = tmp_path / f"data-{next(numbers)}"
        write_demo(folder, rows=rows, files=files, **more)
        return folder

    return write


@pytest.fixture
def anonkit_run(tmp_path: Path) -> Callable[..., dict[str, bytes]]:
    """Return a function that runs plugin objects over a folder and returns the outputs by name.

    It takes what `anonkit.testing.run_plugins` takes, but the output folder. With ``workers=2`` the run has two worker
    processes, however small its input: each file is a task then, and there must be as many files.
    """
    numbers = itertools.count(1)

    def run(data_dir: Path, *, workers: int = 1, **options: Any) -> dict[str, bytes]:
        from anonkit.testing.runs import run_plugins

        found = sum(path.is_file() for path in data_dir.rglob("*")) if data_dir.is_dir() else 1
        if found < workers:
            pytest.fail(f"{workers} workers need as many files, and there are {found}: anonkit_data(files={workers})")
        if workers > 1:
            options = {"task_rows": 1, **options}
        return run_plugins(data_dir, tmp_path / f"output-{next(numbers)}", workers=workers, **options)

    return run
