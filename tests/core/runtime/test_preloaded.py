"""What the server has that workers fork off: ours that is on by default, and nothing of strangers."""

from __future__ import annotations

import subprocess
import sys

import pytest
from sample_plugins import registry

from anonkit.plugin.registry import Registry
from anonkit.runtime import preloaded
from anonkit.runtime.preloaded import modules


def test_plugins_that_are_on_by_default() -> None:
    found = modules()
    assert {"anonkit_std.tokenizers.user", "anonkit_std.reporters.summary"} <= {*found}
    assert "anonkit_std.reporters.dataset.reporter" not in found
    assert found == sorted(set(found))


def test_those_of_strangers_are_left_to_the_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    strangers: Registry = registry()
    assert any(one.type.enabled for one in strangers.reporters.values())
    monkeypatch.setattr(preloaded, "discover", lambda: strangers)
    assert modules() == []


def test_they_are_there_when_the_server_has_imported_it() -> None:
    code = (
        "import sys, anonkit.runtime.preloaded as p; print({*p.modules(), 'anonkit.engine.passes'} <= {*sys.modules})"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "True\n"
