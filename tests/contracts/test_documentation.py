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
from anonkit.plugin.discovery import discover

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "plugins.md").read_text()
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text()
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


def section(title: str) -> str:
    return CONTRIBUTING.split(f"\n## {title}\n")[1].split("\n## ")[0]


def in_code_font(text: str) -> list[str]:
    return re.findall(r"`([^`]+)`", text)


@pytest.mark.parametrize("title", ["The tour", "The tree"])
def test_contributing_names_places_that_exist(title: str) -> None:
    places = [
        name for name in in_code_font(section(title)) if name.startswith(("anonkit/", "plugins/", "tests/", "docs/"))
    ]
    assert places
    assert [name for name in places if not (ROOT / name).exists()] == []


def test_the_tree_names_every_package() -> None:
    packages = {f"anonkit/{path.parent.name}/" for path in (ROOT / "anonkit").glob("*/__init__.py")}
    plugins = {f"plugins/{path.parent.name}/" for path in (ROOT / "plugins").glob("*/__init__.py")}
    assert packages | plugins <= set(in_code_font(section("The tree")))


def test_the_tour_finds_the_flag_where_it_says() -> None:
    assert 'flag="--wrap"' in (ROOT / "plugins" / "anonkit_std" / "options" / "reporters.py").read_text()


def test_the_glossary_names_identifiers_that_exist() -> None:
    sources = [path.read_text() for path in (ROOT / "anonkit").rglob("*.py")]
    identifiers = set(re.findall(r"^ *(?:class|def) (\w+)|^(\w+) = ", "\n".join(sources), re.MULTILINE))
    known = {name for pair in identifiers for name in pair}
    names = [name for line in section("Words").splitlines() for name in re.findall(r"\(`(\w+)`(?:, `(\w+)`)?\)", line)]
    assert len(names) > 20
    assert [name for pair in names for name in pair if name and name not in known] == []


def test_declaring_plugins_imports_nothing_heavy() -> None:
    program = (
        "import sys, anonkit.api, anonkit.plugin.discovery;"
        "anonkit.plugin.discovery.discover();"
        "heavy = {'pyarrow', 'numpy', 'duckdb', 'rich', 'ahocorasick_rs', 'anonkit.engine.coordinator'};"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
