"""Everything that can be set, by name: the core's options and those of every installed plugin."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any

import attrs

from anonkit.catalogue import CatalogueOptions
from anonkit.config.model import MappingOptions, RunOptions
from anonkit.options import OptionField, OptionInfo, option_fields
from anonkit.plugin.contracts import Roles
from anonkit.plugin.declared_options import role_field
from anonkit.plugin.registry import OWN_PACKAGE, RESERVED_KEYS, SECTIONS, Broken, Installed, Registry

__all__ = ["COMMAND_FLAGS", "CONFIG_VARIABLE", "CORE", "PREFIX", "Schema", "Section", "Setting"]

PREFIX = "ANONKIT_"
CONFIG_VARIABLE = f"{PREFIX}CONFIG"
COMMAND_FLAGS = (
    *("--config", "--enable", "--disable", "--set", "--dry-run", "--show-secrets", "--format", "--help", "--help-all"),
    *("--block", "--debug", "--version", "-h", "-q", "--quiet", "-v", "--verbose", "--json", "--rows", "--to"),
)
"""Flags of the program, and of the commands that resolve a configuration; no option may have one of them."""

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
        """The rest of its declaration, besides type and default."""
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
        """Whether it is a reporter's ``garble``; its default is in ``[run]``."""
        return self.info is _GARBLE

    @property
    def is_reserved(self) -> bool:
        """Whether anonkit itself reads it, instead of the plugin of its table."""
        return self.is_switch or self.inherits_garble


@attrs.frozen
class Section:
    """A table of the configuration."""

    name: str
    options: type[Any]
    plugin: Installed[Any] | None
    """None for the core's own."""
    settings: tuple[Setting, ...]
    """Those of `options`, after the keys that anonkit itself reads."""


@attrs.frozen(slots=False)
class Schema:
    """The sections in order: those of the core, then the plugins as the registry has them."""

    registry: Registry
    """Without the plugins with flags that others claim: they are among the broken ones."""
    sections: Mapping[str, Section]

    @classmethod
    def from_registry(cls, registry: Registry) -> Schema:
        """Return the settings that these plugins have.

        A plugin is left out if a flag of it is also that of anonkit, of a plugin that comes with it, or of another one.
        """
        schema = cls(registry, {section.name: section for section in _sections(registry)})
        clashing = tuple(_clashing(schema.settings.values()))
        return cls.from_registry(registry.without(clashing)) if clashing else schema

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
        for old, new in self.moved.items():
            for setting in self.sections[new].settings:
                meant.setdefault(attrs.evolve(setting, section=old).variables[0], (setting,))
        return {variable: _own(settings) or settings for variable, settings in meant.items()}

    @cached_property
    def moved(self) -> Mapping[str, str]:
        """The present names of sections by the names that they had: encoders had been among the reporters."""
        return {
            f"reporters.{name}": f"encoders.{name}"
            for name in self.registry.encoders
            if name not in self.registry.reporters
        }

    @cached_property
    def short(self) -> Mapping[str, str]:
        """The sections of reporters that have a table of a short name, by that name."""
        reporters = self.registry.reporters
        return {
            name: f"reporters.{name}"
            for name, plugin in reporters.items()
            if getattr(plugin.type, "short_table", False) and name not in CORE
        }

    def reason_against(self, section: str, key: str) -> str:
        """Return why a section has no such key, as the end of a message; empty when no reason is declared."""
        options = self.sections[section].options if section in self.sections else None
        reason = getattr(options, "not_options", {}).get(key)
        return f": {reason}" if reason else ""

    def present_name(self, name: str) -> str:
        """Return the present name, in full, of a section or of a setting; any other name stays as it is."""
        present = {**self.moved, **self.short}
        if name in present:
            return present[name]
        section, dot, key = name.rpartition(".")
        return f"{present.get(section, section)}{dot}{key}"

    def switch_of(self, section: str) -> Setting | None:
        """Return the switch that a table of a short name turns on; None for any other section."""
        return self.settings[f"{self.short[section]}.enabled"] if section in self.short else None


def _sections(registry: Registry) -> Iterator[Section]:
    for name, options in CORE.items():
        section = _section(name, options)
        if options is Roles:
            added = (Setting(name, role_field(role.type), role.package) for role in registry.roles.values())
            section = attrs.evolve(section, settings=(*section.settings, *added))
        yield section
    for group in SECTIONS:
        for name, plugin in registry.section(group).items():
            yield _section(f"{group}.{name}", plugin.type.options, plugin)


def _section(name: str, options: type[Any], plugin: Installed[Any] | None = None) -> Section:
    package = plugin.package if plugin else OWN_PACKAGE
    fields = (*_reserved(name, plugin), *option_fields(options))
    return Section(name, options, plugin, tuple(Setting(name, field, package) for field in fields))


def _reserved(name: str, plugin: Installed[Any] | None) -> Iterator[OptionField]:
    keys = RESERVED_KEYS[name.partition(".")[0]] if plugin else ()
    if plugin and "enabled" in keys:
        yield OptionField(key="enabled", type=bool, default=plugin.type.enabled, info=_ENABLED)
    if "garble" in keys:
        yield OptionField(key="garble", type=bool, default=True, info=_GARBLE)


def _own(settings: tuple[Setting, ...]) -> tuple[Setting, ...]:
    """Return those settings that are anonkit's own, or of plugins that come with it."""
    return tuple(setting for setting in settings if setting.package == OWN_PACKAGE)


def _clashing(settings: Iterable[Setting]) -> Iterator[Broken]:
    """Yield a fault for each plugin or role of another package that has a flag which another one has too."""
    claims: dict[str, list[Setting]] = {flag: [] for flag in COMMAND_FLAGS}
    hiding = set()
    for setting in settings:
        if setting.is_switch and setting.field.default and setting.section.startswith("anonymizers."):
            hiding.add(setting.section)
        for flag in setting.info.flags:
            claims.setdefault(flag, []).append(setting)
    for flag, claimants in claims.items():
        owned = flag in COMMAND_FLAGS or bool(_own(tuple(claimants)))
        for setting in claimants:
            if setting.package != OWN_PACKAGE and (owned or len(claimants) > 1):
                plugin = setting.name if setting.section == "roles" else setting.section
                yield Broken(
                    setting.package, _claimed(flag, owned, claimants), plugin, clashes=True, hides=plugin in hiding
                )


def _claimed(flag: str, owned: bool, claimants: Iterable[Setting]) -> str:
    if owned:
        return f"the flag {flag} is taken by anonkit or a plugin that comes with it"
    names = " and by ".join(dict.fromkeys(f"{setting.name} of {setting.package}" for setting in claimants))
    return f"the flag {flag} is claimed by {names}; uninstall or --block one of the packages"
