"""The state of each installed plugin: on, off, available, left out or failed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import attrs

from anonkit.config import load_resolved
from anonkit.errors import AnonkitError
from anonkit.plugin.registry import SECTIONS, Broken, Installed, Registry

__all__ = ["PluginState", "fault_status", "plugin_states"]


@attrs.frozen
class PluginState:
    """One plugin as `anonkit plugins` lists it."""

    name: str
    kind: str
    status: str
    """``on``, ``off``, ``available``, ``left out``, ``failed``."""
    package: str
    summary: str
    reason: str = ""
    """Why it is left out, or failed."""


def plugin_states(registry: Registry) -> Iterator[PluginState]:
    """Yield the state of each plugin, in the order of the sections, then of those that are left out or failed."""
    switches = _switches(registry)
    for section in SECTIONS:
        for plugin in registry.section(section).values():
            yield _offered(plugin, _status(section, plugin, switches), plugin.type.summary)
    yield from (_offered(plugin, "available", plugin.type.summary) for plugin in registry.commands.values())
    yield from (_offered(plugin, "available", plugin.type.help) for plugin in registry.roles.values())
    yield from (_offered(plugin, "available", plugin.type.summary) for plugin in registry.profiles.values())
    yield from map(_not_offered, registry.broken)


def fault_status(broken: Broken) -> str:
    """Return ``left out`` or ``failed``, the state of a plugin or package that cannot be offered."""
    return "left out" if broken.clashes or broken.is_of_other_version else "failed"


def _switches(registry: Registry) -> Mapping[str, Any]:
    """Return the values in force by dotted name; none when the configuration has mistakes, which `run` reports."""
    try:
        resolved = load_resolved(registry=registry, complete=False)
    except AnonkitError:
        return {}
    return {name: value.value for name, value in resolved.values.items()}


def _status(section: str, plugin: Installed[Any], switches: Mapping[str, Any]) -> str:
    name = plugin.type.name
    if section == "executors":
        return "on" if switches.get("run.executor") == name else "available"
    return "on" if switches.get(f"{section}.{name}.enabled", plugin.type.enabled) else "off"


def _offered(plugin: Installed[Any], status: str, summary: str) -> PluginState:
    kind = type(plugin.type).__name__.removesuffix("Spec").lower()
    return PluginState(plugin.type.name, kind, status, f"{plugin.package} {plugin.version}", summary)


def _not_offered(broken: Broken) -> PluginState:
    section, _, name = broken.plugin.partition(".")
    status = fault_status(broken)
    return PluginState(
        name or broken.package, section.removesuffix("s") or "package", status, broken.package, "", broken.reason
    )
