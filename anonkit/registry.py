"""The plugins that are installed.

A plugin package names a module under the entry-point group ``anonkit``:

    [project.entry-points.anonkit]
    mine = "my_package"

That module implements one or more of the hooks in `anonkit.hookspecs`. A package that cannot be imported, or whose hook
fails, is kept as a `Broken` with the reason: it spoils no help page, and stops a run only if something of it is switched on.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from importlib.metadata import EntryPoint, entry_points
from types import MappingProxyType
from typing import Any

import attrs
import pluggy

from anonkit import hookspecs
from anonkit.errors import PluginConflictError, PluginLoadError, UnknownPluginError, nearest
from anonkit.hookspecs import (
    ExecutorType,
    PluginType,
    ReporterType,
    TokenizerType,
    TransformType,
)

__all__ = ["GROUP", "Broken", "Installed", "Registry", "discover"]

GROUP = "anonkit"
_NAME = re.compile(r"[a-z][a-z0-9_]*\Z")
_HOOKS: Mapping[str, tuple[type[Any], ...]] = MappingProxyType(
    {
        "register_anonymizers": (TokenizerType, TransformType),
        "register_reporters": (ReporterType,),
        "register_executors": (ExecutorType,),
    }
)


@attrs.frozen
class Broken:
    """A package whose plugins cannot be offered."""

    package: str
    reason: str


@attrs.frozen
class Installed:
    """A plugin and the package that brought it."""

    package: str
    version: str
    type: PluginType


@attrs.frozen
class Registry:
    """What `discover` found; names are unique within anonymizers, reporters and executors."""

    anonymizers: Mapping[str, Installed]
    reporters: Mapping[str, Installed]
    executors: Mapping[str, Installed]
    broken: tuple[Broken, ...] = ()
    conflicts: Mapping[str, tuple[str, ...]] = attrs.field(factory=dict)
    """Packages that claim one name, by ``"reporters.NAME"``; none of theirs is offered."""

    def find(self, section: str, name: str) -> PluginType:
        """Return the plugin `name` of ``anonymizers``, ``reporters`` or ``executors``.

        UnknownPluginError, PluginConflictError; PluginLoadError when a broken package might have held it.
        """
        known: Mapping[str, Installed] = getattr(self, section)
        if name in known:
            return known[name].type
        where = f"[{section}.{name}]"
        if packages := self.conflicts.get(f"{section}.{name}"):
            raise PluginConflictError(
                f"{where}: the name is claimed by {' and '.join(packages)}; uninstall all but one of them"
            )
        if self.broken:
            reasons = "; ".join(f"{broken.package}: {broken.reason}" for broken in self.broken)
            raise PluginLoadError(f"{where}: not found, and these plugin packages could not be loaded: {reasons}")
        raise UnknownPluginError(
            f"{where}: no plugin of that name is installed{nearest(name, known)}; `anonkit plugins` lists them"
        )


def discover(entries: Iterable[EntryPoint] | None = None) -> Registry:
    """Return every plugin offered by installed packages, in the order of the entry points' names.

    `entries` replaces the entry points of this Python, for tests.
    """
    manager = pluggy.PluginManager(GROUP)
    manager.add_hookspecs(hookspecs)
    broken: list[Broken] = []
    versions: dict[str, str] = {}
    chosen = entry_points(group=GROUP) if entries is None else entries
    for entry in sorted(chosen, key=lambda entry: entry.name):
        try:
            manager.register(entry.load(), name=entry.name)
        except Exception as error:  # whatever a stranger's module does at import is its own affair
            broken.append(Broken(entry.name, f"{type(error).__name__}: {error}"))
        versions[entry.name] = entry.dist.version if entry.dist else "?"

    offered = [
        (hook, Installed(package, versions[package], found))
        for hook in _HOOKS
        for package, found in _call(manager, hook, broken)
    ]
    return _index(offered, broken)


def _call(manager: pluggy.PluginManager, hook: str, broken: list[Broken]) -> list[tuple[str, PluginType]]:
    """Call one hook of each package on its own, so that one which fails takes no other with it."""
    found: list[tuple[str, PluginType]] = []
    implementations = getattr(manager.hook, hook).get_hookimpls()
    for implementation in sorted(implementations, key=lambda one: one.plugin_name):
        package = implementation.plugin_name
        try:
            types = list(implementation.function())
            for plugin in types:
                _check(plugin, hook)
        except Exception as error:  # as above: a broken package must not spoil the others
            broken.append(Broken(package, f"{hook}: {type(error).__name__}: {error}"))
        else:
            found += [(package, plugin) for plugin in types]
    return found


def _check(plugin: object, hook: str) -> None:
    wanted = _HOOKS[hook]
    if not isinstance(plugin, wanted):
        names = " or ".join(kind.__name__ for kind in wanted)
        raise TypeError(f"gave a {type(plugin).__name__}, not a {names}")
    if not _NAME.match(plugin.name):
        raise ValueError(f"the name {plugin.name!r} is not lower-case letters, digits and underscores")
    if not attrs.has(plugin.options):
        raise TypeError(f"{plugin.name}: its options are not an attrs class")


def _index(offered: list[tuple[str, Installed]], broken: list[Broken]) -> Registry:
    sections: dict[str, dict[str, Installed]] = {"anonymizers": {}, "reporters": {}, "executors": {}}
    claims: dict[str, list[str]] = {}
    for hook, installed in offered:
        section = hook.removeprefix("register_")
        claims.setdefault(f"{section}.{installed.type.name}", []).append(installed.package)
        sections[section].setdefault(installed.type.name, installed)
    conflicts = {name: tuple(packages) for name, packages in claims.items() if len(packages) > 1}
    for name in conflicts:
        section, _, plugin = name.partition(".")
        del sections[section][plugin]
    return Registry(**sections, broken=tuple(broken), conflicts=conflicts)

