"""Everything that can be set, by name: the core's options and those of every installed plugin."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any

import attrs

from anonkit.catalogue import CatalogueOptions
from anonkit.config.model import MappingOptions, RunOptions
from anonkit.errors import PluginConflictError
from anonkit.options import OptionField, OptionInfo, option_fields
from anonkit.plugin.contracts import Roles
from anonkit.plugin.registry import RESERVED_KEYS, SECTIONS, Installed, Registry

__all__ = ["COMMAND_FLAGS", "CONFIG_VARIABLE", "CORE", "PREFIX", "Schema", "Section", "Setting"]

PREFIX = "ANONKIT_"
CONFIG_VARIABLE = f"{PREFIX}CONFIG"
COMMAND_FLAGS = ("--config", "--enable", "--disable", "--set", "--dry-run", "--show-secrets", "--help")
"""Flags of the commands that resolve a configuration; no option may have one of them."""

CORE: Mapping[str, type[Any]] = {
    "run": RunOptions,
    "mapping": MappingOptions,
    "roles": Roles,
    "catalogue": CatalogueOptions,
}
"""The core's own sections."""

_ENABLED = OptionInfo(help="whether the plugin is switched on")
_GARBLE = OptionInfo(help="false: give it originals instead of tokens; not set: as [run] garble says")


@attrs.frozen
class Setting:
    """One value that can be set, and every name by which it can be."""

    section: str
    field: OptionField
    package: str
    """The distribution that declares it."""

    @property
    def key(self) -> str:
        """Its key in the section's table."""
        return self.field.key

    @property
    def info(self) -> OptionInfo:
        """What its declaration says besides type and default."""
        return self.field.info

    @property
    def name(self) -> str:
        """The dotted name: ``reporters.site_jobs.all_sites``."""
        return f"{self.section}.{self.key}"

    @property
    def place(self) -> str:
        """How messages name it: ``[reporters.site_jobs] all_sites``."""
        return f"[{self.section}] {self.key}"

    @property
    def variables(self) -> tuple[str, ...]:
        """Its environment variables, the short one last; only ``[run]`` has short ones."""
        full = PREFIX + self.name.replace(".", "_").upper()
        return (full, PREFIX + self.key.upper()) if self.section == "run" else (full,)

    @property
    def is_switch(self) -> bool:
        """Whether it is the key that switches a plugin on."""
        return self.info is _ENABLED

    @property
    def inherits_garble(self) -> bool:
        """Whether it is a reporter's ``garble``, whose default is what ``[run]`` says."""
        return self.info is _GARBLE

    @property
    def is_reserved(self) -> bool:
        """Whether anonkit itself reads it, instead of the plugin whose table it stands in."""
        return self.is_switch or self.inherits_garble


@attrs.frozen
class Section:
    """A table of the configuration."""

    name: str
    options: type[Any]
    plugin: Installed | None
    """None for the core's own."""
    settings: tuple[Setting, ...]
    """Those of `options`, after the keys that anonkit itself reads."""


@attrs.frozen(slots=False)
class Schema:
    """The sections in order: those of the core, then the plugins as the registry has them."""

    registry: Registry
    sections: Mapping[str, Section]

    @classmethod
    def from_registry(cls, registry: Registry) -> Schema:
        """Return what can be set with these plugins; PluginConflictError when two options claim one flag."""
        core = tuple(_section(name, options) for name, options in CORE.items())
        plugins = (
            _section(f"{group}.{name}", plugin.type.options, plugin)
            for group in SECTIONS
            for name, plugin in registry.section(group).items()
        )
        schema = cls(registry, {section.name: section for section in (*core, *plugins)})
        _check_flags(schema.settings.values())
        return schema

    @cached_property
    def settings(self) -> Mapping[str, Setting]:
        """Every setting by dotted name."""
        return {setting.name: setting for section in self.sections.values() for setting in section.settings}

    @cached_property
    def variables(self) -> Mapping[str, tuple[Setting, ...]]:
        """The settings that an environment variable may mean: one, unless names happen to run together."""
        meant: dict[str, tuple[Setting, ...]] = {}
        for setting in self.settings.values():
            for variable in setting.variables:
                meant[variable] = (*meant.get(variable, ()), setting)
        return meant


def _section(name: str, options: type[Any], plugin: Installed | None = None) -> Section:
    package = plugin.package if plugin else "anonkit"
    fields = (*_reserved(name, plugin), *option_fields(options))
    return Section(name, options, plugin, tuple(Setting(name, field, package) for field in fields))


def _reserved(name: str, plugin: Installed | None) -> Iterator[OptionField]:
    keys = RESERVED_KEYS[name.partition(".")[0]] if plugin else ()
    if plugin and "enabled" in keys:
        yield OptionField(key="enabled", type=bool, default=plugin.type.enabled, info=_ENABLED)
    if "garble" in keys:
        yield OptionField(key="garble", type=bool, default=True, info=_GARBLE)


def _check_flags(settings: Iterable[Setting]) -> None:
    claimed = dict.fromkeys(COMMAND_FLAGS, "anonkit itself")
    for setting in settings:
        claim = f"{setting.name} of {setting.package}"
        for flag in setting.info.flags:
            if flag in claimed:
                raise PluginConflictError(
                    f"the flag {flag} is claimed by {claimed[flag]} and by {claim}; uninstall one of the packages"
                )
            claimed[flag] = claim
