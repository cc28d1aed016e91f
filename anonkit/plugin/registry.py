"""The plugins that are installed.

A plugin package names a module under the entry-point group ``anonkit``:

    [project.entry-points.anonkit]
    mine = "my_package"

That module implements one or more of the hooks in `anonkit.plugin.hooks`. A package that cannot be imported, or whose
hook fails, is kept as a `Broken` with the reason: it spoils no help page, and stops a run only if something of it is
switched on.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from importlib.metadata import EntryPoint, entry_points
from types import MappingProxyType
from typing import Any

import attrs
import pluggy

from anonkit.errors import PluginConflictError, PluginLoadError, UnknownPluginError, nearest
from anonkit.options import option_fields
from anonkit.plugin import hooks as hookspecs
from anonkit.plugin.hooks import (
    ExecutorSpec,
    PluginSpec,
    ReporterSpec,
    TokenizerSpec,
    TransformSpec,
)

__all__ = ["GROUP", "LOCAL", "RESERVED_KEYS", "SECTIONS", "Broken", "Installed", "Registry", "conflict", "discover"]

GROUP = "anonkit"
LOCAL = "local"
"""The executor that anonkit brings along; no plugin may take its name."""
SECTIONS = ("anonymizers", "reporters", "executors")
RESERVED_KEYS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"anonymizers": ("enabled",), "reporters": ("enabled", "garble"), "executors": ()}
)
"""Keys of a plugin's table that are anonkit's own, by section."""

_NAME = re.compile(r"[a-z][a-z0-9_]*\Z")
_TYPES: Mapping[str, tuple[type[Any], ...]] = MappingProxyType(
    {"anonymizers": (TokenizerSpec, TransformSpec), "reporters": (ReporterSpec,), "executors": (ExecutorSpec,)}
)


@attrs.frozen
class Broken:
    """A package whose plugins, or some of them, cannot be offered."""

    package: str
    reason: str


@attrs.frozen
class Installed:
    """A plugin and the package that brought it."""

    package: str
    """The distribution's name, as pip knows it."""
    version: str
    type: PluginSpec


@attrs.frozen
class Registry:
    """What `discover` found; names are unique within anonymizers, reporters and executors."""

    anonymizers: Mapping[str, Installed] = attrs.field(factory=dict)
    reporters: Mapping[str, Installed] = attrs.field(factory=dict)
    executors: Mapping[str, Installed] = attrs.field(factory=dict)
    broken: tuple[Broken, ...] = ()
    conflicts: Mapping[str, tuple[Installed, ...]] = attrs.field(factory=dict)
    """Plugins that claim one name, by ``"reporters.NAME"``; none of them is offered."""

    def section(self, section: str) -> Mapping[str, Installed]:
        """Return the plugins of one of `SECTIONS`, by name."""
        plugins: Mapping[str, Installed] = getattr(self, section)
        return plugins

    def find(self, section: str, name: str, *, place: str = "") -> PluginSpec:
        """Return the plugin `name` of ``anonymizers``, ``reporters`` or ``executors``; `place` says who asks for it.

        UnknownPluginError, PluginConflictError; PluginLoadError when a broken package might have held it.
        """
        known = self.section(section)
        if name in known:
            return known[name].type
        where = place or f"[{section}.{name}]"
        if claims := self.conflicts.get(f"{section}.{name}"):
            raise PluginConflictError(f"{where}: {conflict(name, claims)}")
        if self.broken:
            raise PluginLoadError(
                f"{where}: no plugin {name!r} is found, and these packages could not be loaded: {self.breakage()}; "
                "repair or uninstall them, or leave the plugin out"
            )
        raise UnknownPluginError(
            f"{where}: no plugin {name!r} is installed{nearest(name, known)}; `anonkit plugins` lists them"
        )

    def may_hold(self, section: str, name: str) -> bool:
        """Whether a plugin that is not offered may be installed nevertheless: broken, or in conflict."""
        return bool(self.broken) or f"{section}.{name}" in self.conflicts

    def breakage(self) -> str:
        """Return the broken packages and their reasons, on one line."""
        return "; ".join(f"{broken.package}: {broken.reason}" for broken in self.broken)


def conflict(name: str, claims: Iterable[Installed]) -> str:
    """Return the message for plugins that claim one name."""
    packages = " and ".join(claim.package for claim in claims)
    return f"the plugin name {name!r} is claimed by {packages}; uninstall all but one of them"


@attrs.frozen
class _Package:
    """An entry point's package; `key` is what pluggy knows it by, for two packages may name their entries alike."""

    name: str
    version: str
    key: str

    @classmethod
    def from_entry_point(cls, entry: EntryPoint) -> _Package:
        if entry.dist is None:
            return cls(entry.name, "?", entry.name)
        return cls(entry.dist.name, entry.dist.version, f"{entry.dist.name}:{entry.name}")


def discover(entries: Iterable[EntryPoint] | None = None) -> Registry:
    """Return every plugin offered by installed packages, in the order of the entry points' names.

    `entries` replaces the entry points of this Python, for tests.
    """
    manager = pluggy.PluginManager(GROUP)
    manager.add_hookspecs(hookspecs)
    broken: list[Broken] = []
    packages: list[_Package] = []
    chosen = entry_points(group=GROUP) if entries is None else entries
    for entry in sorted(chosen, key=lambda entry: (entry.name, entry.value)):
        package = _Package.from_entry_point(entry)
        try:
            _register(manager, entry, package)
        except (Exception, SystemExit) as error:  # whatever a stranger's module does at import is its own affair
            broken.append(Broken(package.name, _reason(error)))
        else:
            packages.append(package)
    offered = [
        (section, Installed(package.name, package.version, plugin))
        for section in SECTIONS
        for package in packages
        for plugin in _offers(manager, section, package, broken)
    ]
    return _index(offered, broken)


def _register(manager: pluggy.PluginManager, entry: EntryPoint, package: _Package) -> None:
    plugin = entry.load()
    if isinstance(plugin, type):
        raise TypeError(f"the entry point {entry.name!r} names a class; it must name the module with the hooks")
    manager.register(plugin, name=package.key)
    if not manager.get_hookcallers(plugin):
        hooks = ", ".join(f"register_{section}" for section in SECTIONS)
        raise TypeError(f"{entry.value} implements no hook ({hooks}); is @hookimpl missing?")


def _offers(manager: pluggy.PluginManager, section: str, package: _Package, broken: list[Broken]) -> list[PluginSpec]:
    """Call one hook of one package on its own, so that one which fails takes no other with it."""
    hook = f"register_{section}"
    try:
        return [
            _checked(plugin, section)
            for implementation in getattr(manager.hook, hook).get_hookimpls()
            if implementation.plugin_name == package.key
            for plugin in implementation.function()
        ]
    except (Exception, SystemExit) as error:  # as above: a broken package must not spoil the others
        broken.append(Broken(package.name, f"{hook}: {_reason(error)}"))
        return []


def _checked(plugin: Any, section: str) -> PluginSpec:
    wanted = _TYPES[section]
    if not isinstance(plugin, wanted):
        names = " or ".join(kind.__name__ for kind in wanted)
        raise TypeError(f"gave a {type(plugin).__name__}, not a {names}")
    found: PluginSpec = plugin
    if not _NAME.match(found.name):
        raise ValueError(f"the name {found.name!r} is not lower-case letters, digits and underscores")
    if section == "executors" and found.name == LOCAL:
        raise ValueError(f"the name {LOCAL!r} is that of anonkit's own executor")
    _check_options(found, section)
    return found


def _check_options(plugin: PluginSpec, section: str) -> None:
    try:
        fields = option_fields(plugin.options)
    except (TypeError, ValueError, NameError) as error:
        raise TypeError(f"{plugin.name}: {error}") from error
    for field in fields:
        if field.key in RESERVED_KEYS[section]:
            raise ValueError(f"{plugin.name}: the option {field.key!r} has the name of a key that is anonkit's own")


def _reason(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"


def _index(offered: list[tuple[str, Installed]], broken: list[Broken]) -> Registry:
    claims: dict[tuple[str, str], list[Installed]] = {}
    for section, installed in offered:
        claims.setdefault((section, installed.type.name), []).append(installed)
    unique: dict[str, dict[str, Installed]] = {section: {} for section in SECTIONS}
    for (section, name), plugins in claims.items():
        if len(plugins) == 1:
            unique[section][name] = plugins[0]
    conflicts = {f"{section}.{name}": tuple(plugins) for (section, name), plugins in claims.items() if len(plugins) > 1}
    return Registry(**unique, broken=tuple(broken), conflicts=conflicts)
