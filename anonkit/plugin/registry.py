"""The plugins that are installed, and those that cannot be offered, with the reason."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import Any, Generic, TypeVar

import attrs

from anonkit.errors import PluginConflictError, PluginLoadError, UnknownPluginError, nearest
from anonkit.plugin.hooks import CommandSpec, PluginSpec, ProfileSpec, RoleSpec

__all__ = ["LOCAL", "OWN_PACKAGE", "RESERVED_KEYS", "SECTIONS", "SWITCHED", "Broken", "Installed", "Registry"]

OWN_PACKAGE = "anonkit"
"""The distribution that brings anonkit and the plugins that ship with it."""
LOCAL = "local"
"""The executor that anonkit brings along; no plugin may take its name."""
SECTIONS = ("readers", "anonymizers", "reporters", "encoders", "executors")
"""The sorts of plugins that have tables in the configuration."""
SWITCHED = ("readers", "anonymizers", "reporters", "encoders")
"""The sections of plugins that are switched on and off one by one."""
RESERVED_KEYS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "readers": ("enabled",),
        "anonymizers": ("enabled",),
        "reporters": ("enabled", "garble"),
        "encoders": ("enabled",),
        "executors": (),
    }
)
"""Keys of a plugin's table that are anonkit's own, by section."""

S = TypeVar("S", covariant=True)


@attrs.frozen
class Broken:
    """A package, or one plugin of it, that cannot be offered."""

    package: str
    reason: str
    plugin: str = ""
    """``"reporters.NAME"``; empty for the package as a whole, or for one of its hooks."""
    clashes: bool = False
    """Whether its name or its flag is that of another."""
    is_of_other_version: bool = False
    """Whether it is made for another version of the plugin API."""
    hides: bool = False
    """Whether it would replace or change something in outputs if nothing else is configured."""

    def __str__(self) -> str:
        """Return package, plugin and reason on one line."""
        return f"{self.package}: {f'{self.plugin}: ' if self.plugin else ''}{self.reason}"


@attrs.frozen
class Installed(Generic[S]):
    """A specification and the package that brought it."""

    package: str
    """The distribution's name, as pip knows it."""
    version: str
    type: S

    @property
    def is_shipped(self) -> bool:
        """Whether it comes with anonkit."""
        return self.package == OWN_PACKAGE


@attrs.frozen
class Registry:
    """The plugins that `discover` found; names are unique within a section."""

    readers: Mapping[str, Installed[PluginSpec]] = attrs.field(factory=dict)
    anonymizers: Mapping[str, Installed[PluginSpec]] = attrs.field(factory=dict)
    reporters: Mapping[str, Installed[PluginSpec]] = attrs.field(factory=dict)
    encoders: Mapping[str, Installed[PluginSpec]] = attrs.field(factory=dict)
    executors: Mapping[str, Installed[PluginSpec]] = attrs.field(factory=dict)
    commands: Mapping[str, Installed[CommandSpec]] = attrs.field(factory=dict)
    roles: Mapping[str, Installed[RoleSpec]] = attrs.field(factory=dict)
    profiles: Mapping[str, Installed[ProfileSpec]] = attrs.field(factory=dict)
    broken: tuple[Broken, ...] = ()
    blocked: tuple[str, ...] = ()
    """Packages that are installed and left out because the user says so."""

    def section(self, section: str) -> Mapping[str, Installed[PluginSpec]]:
        """Return the plugins of one of `SECTIONS`, by name."""
        plugins: Mapping[str, Installed[PluginSpec]] = getattr(self, section)
        return plugins

    def find(self, section: str, name: str, *, place: str = "") -> PluginSpec:
        """Return the plugin `name` of a section; `place` says in messages where the user wrote the name.

        UnknownPluginError, PluginConflictError; PluginLoadError when it, or a package that may hold it, is broken.
        """
        known = self.section(section)
        if name in known:
            return known[name].type
        where = place or f"[{section}.{name}]"
        if faults := self.faults(section, name):
            error = PluginConflictError if all(fault.clashes for fault in faults) else PluginLoadError
            raise error(f"{where}: {'; '.join(dict.fromkeys(map(str, faults)))}")
        if packages := [fault for fault in self.broken if not fault.plugin]:
            raise PluginLoadError(
                f"{where}: no plugin {name!r} is found, and these packages could not be loaded: "
                f"{'; '.join(map(str, packages))}; repair or uninstall them, or leave the plugin out"
            )
        raise UnknownPluginError(
            f"{where}: no plugin {name!r} is installed{nearest(name, known)}; `anonkit plugins` lists them"
        )

    def faults(self, section: str, name: str) -> tuple[Broken, ...]:
        """Return why the plugin `name` of a section is not offered, once for each package that brings one."""
        return tuple(broken for broken in self.broken if broken.plugin == f"{section}.{name}")

    def may_hold(self, section: str, name: str) -> bool:
        """Whether a plugin that is not offered may be installed nevertheless: broken, or in a broken package."""
        return any(broken.plugin in ("", f"{section}.{name}") for broken in self.broken)

    def breakage(self) -> str:
        """Return all that cannot be offered, and the reasons, on one line."""
        return "; ".join(map(str, self.broken))

    def without(self, faults: Collection[Broken]) -> Registry:
        """Return the registry without the plugins that `faults` name, which become broken."""
        named = {(fault.package, fault.plugin) for fault in faults}
        sections: dict[str, Any] = {
            section: {
                name: plugin
                for name, plugin in getattr(self, section).items()
                if (plugin.package, f"{section}.{name}") not in named
            }
            for section in (*SECTIONS, "commands", "roles", "profiles")
        }
        return attrs.evolve(self, **sections, broken=(*self.broken, *faults))
