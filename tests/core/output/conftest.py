"""The staging of a run in a folder, and the outputs of a reporter in it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fakes import Gzip, Rows, context

from anonkit.output.reporter_outputs import ReporterOutputs
from anonkit.output.staging import Staging


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "Output"


@pytest.fixture
def staging(folder: Path) -> Iterator[Staging]:
    with Staging.at(folder, [Gzip((".json",))]) as staging:
        yield staging


@pytest.fixture
def outputs(staging: Staging) -> ReporterOutputs:
    return ReporterOutputs(staging, "rows", True, Rows(), context())
