"""What plugin authors and operators can use is written down."""

from __future__ import annotations

import inspect
import re
import subprocess
import sys
from pathlib import Path

import pytest

from anonkit import api
from anonkit.plugin import hooks as hookspecs
from anonkit.plugin.registry import discover

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "plugins.md").read_text()
HOOKS = [name for name, value in inspect.getmembers(hookspecs, inspect.isfunction) if name.startswith("register_")]


@pytest.mark.parametrize("hook", HOOKS)
def test_every_hook_is_documented(hook: str) -> None:
    assert f"`{hook}`" in GUIDE


@pytest.mark.parametrize("name", api.__all__)
def test_everything_public_says_what_it_is(name: str) -> None:
    assert inspect.getdoc(getattr(api, name)) or name == "hookimpl"


def test_the_guide_names_what_a_plugin_may_implement() -> None:
    for part in ("tokenizer", "transform", "reporter", "listing", "output encoder"):
        assert part in GUIDE.lower()


def test_every_shipped_plugin_is_in_the_list_of_packages() -> None:
    listed = (ROOT / "plugins" / "README.md").read_text()
    registry = discover()
    for installed in (*registry.anonymizers.values(), *registry.reporters.values(), *registry.executors.values()):
        if installed.package == "anonkit":
            assert f"`{installed.type.name}`" in listed


@pytest.mark.parametrize(
    "document", ["README.md", "CONTRIBUTING.md", "docs/guide.md", "docs/plugins.md", "docs/privacy.md"]
)
def test_links_lead_somewhere(document: str) -> None:
    path = ROOT / document
    links = re.findall(r"\]\(([^)#]+)\)", path.read_text())
    assert all((path.parent / link).exists() for link in links if "://" not in link)


def test_declaring_plugins_imports_nothing_heavy() -> None:
    program = (
        "import sys, anonkit.api, anonkit.plugin.registry;"
        "anonkit.plugin.registry.discover();"
        "heavy = {'pyarrow', 'numpy', 'duckdb', 'rich', 'ahocorasick_rs', 'anonkit.engine.coordinator'};"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
