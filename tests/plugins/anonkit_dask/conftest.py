"""Runs with dask and without, of which the same bytes are expected."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dask
import distributed
import pytest

from anonkit.demo import write_demo

ROWS = 800


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Generated rows in four files, the last with another schema."""
    folder = tmp_path_factory.mktemp("dask") / "data"
    write_demo(folder, rows=ROWS, files=4)
    return folder


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a cluster that somebody else runs, with two workers."""
    scheduler: dict[str, Any] = {"dashboard": False, "dashboard_address": "127.0.0.1:0"}
    with (
        dask.config.set({"temporary-directory": str(tmp_path_factory.mktemp("cluster"))}),
        distributed.LocalCluster(
            n_workers=2,
            threads_per_worker=1,
            memory_limit=None,
            # It would silence the handlers with which pytest listens to everybody.
            silence_logs=False,
            scheduler_kwargs=scheduler,
        ) as cluster,
    ):
        yield cluster.scheduler_address
