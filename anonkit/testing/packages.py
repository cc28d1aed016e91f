"""What every plugin package has to keep, as a test class."""

from __future__ import annotations

import os
import subprocess
import sys
from abc import ABC
from collections.abc import Iterator
from importlib.metadata import EntryPoint, entry_points
from typing import Any

import pytest

from anonkit.options import option_fields
from anonkit.plugin.discovery import GROUP, discover
from anonkit.plugin.hooks import resolve
from anonkit.plugin.registry import SECTIONS, Registry
from anonkit.testing.contract import Contract, broken

__all__ = ["PackageContract"]

_HEAVY = ("duckdb", "numpy", "pandas", "polars", "pyarrow", "rich")


class PackageContract(Contract, ABC):
    """Hooks are right and cheap, and whatever they name exists."""

    package = ""
    """The module with the hooks."""

    @pytest.fixture
    def registry(self) -> Registry:
        """What the package offers, alone."""
        return discover([EntryPoint(self.package, self.package, GROUP)], block=())

    def test_it_is_installed(self) -> None:
        """The entry point is there."""
        if not any(entry.value == self.package for entry in entry_points(group=GROUP)):
            broken(
                f"no installed package has {self.package} as an entry point of the group {GROUP!r}: "
                "run `pip install -e .`, and look at [project.entry-points.anonkit] in pyproject.toml"
            )

    def test_everything_is_offered(self, registry: Registry) -> None:
        """No hook fails, and no specification is wrong."""
        if registry.broken:
            broken("\n".join(map(str, registry.broken)))
        if not list(_specs(registry)) and not registry.commands and not registry.roles and not registry.profiles:
            broken("the hooks offer nothing")

    def test_factories_exist(self, registry: Registry) -> None:
        """The place of each factory can be imported."""
        places = [spec.factory for spec in _specs(registry)]
        places += [command.type.place for command in registry.commands.values()]
        for place in places:
            try:
                resolve(place)
            except (ImportError, AttributeError) as error:
                broken(f"the factory {place} cannot be imported: {error}")

    def test_each_plugin_says_what_it_does(self, registry: Registry) -> None:
        """In a line, and each of its options too."""
        for spec in _specs(registry):
            if not spec.summary.strip():
                broken(f"{spec.name} has no summary")
            for field in option_fields(spec.options):
                if not field.info.help.strip():
                    broken(f"{spec.name}: the option {field.key!r} has no help")

    def test_hooks_import_nothing_heavy(self) -> None:
        """Every help page imports them."""
        program = f"import sys, {self.package}; print(*sorted({set(_HEAVY)!r} & set(sys.modules)))"
        path = os.pathsep.join(filter(None, sys.path))
        done = subprocess.run(
            [sys.executable, "-c", program],
            capture_output=True,
            text=True,
            check=True,
            env={**os.environ, "PYTHONPATH": path},
        )
        if found := done.stdout.split():
            broken(
                f"importing {self.package} imports {', '.join(found)}: give factories as text, "
                '"package.module:name", and import such libraries in that module'
            )


def _specs(registry: Registry) -> Iterator[Any]:
    for section in SECTIONS:
        yield from (plugin.type for plugin in registry.section(section).values())
