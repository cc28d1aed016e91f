from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

# What the tests share stands beside them.
sys.path.insert(0, str(Path(__file__).parent))

from mappings import saved  # found through the line above


@pytest.fixture(autouse=True)
def _nothing_but_what_the_test_says(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in list(os.environ):
        if variable.startswith("ANONKIT_"):
            monkeypatch.delenv(variable)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "mapping.json"


@pytest.fixture
def known(path: Path) -> Path:
    """A mapping of a few."""
    return saved(path, user={"bob": 1, None: 2, "o'brien \"é\n": 3, "carl": 12}, ip={"192.0.2.1": 1})
