"""The layers that are nested tables: anonkit.toml, and the values of a Python caller."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from typing import Any

import attrs

from anonkit.config.given import Given, listed
from anonkit.config.presets import PRESETS
from anonkit.config.schema import CORE, Schema
from anonkit.config.toml_places import NOWHERE, Places
from anonkit.errors import UnknownPluginError, nearest
from anonkit.plugin.registry import RESERVED_KEYS, SECTIONS

__all__ = ["from_tables", "order_of"]


@attrs.frozen
class _Layer:
    """A file, or a Python caller, which has an empty name."""

    file: str
    places: Places

    def at(self, *path: str) -> str:
        """Return the beginning of a message about a table or a key: ``anonkit.toml: line 3, column 1: ``."""
        place = self.places.describe(path)
        return f"{self.file}: {place}: " if place else f"{self.file}: " if self.file else ""

    def within(self, section: str, *key: str) -> str:
        """Return the same for a section, by its dotted name, and perhaps a key in it."""
        return self.at(*section.split(".", 1), *key)

    @property
    def source(self) -> str:
        """The origin of its values."""
        return self.file or "Python"


def from_tables(
    tables: Mapping[str, Any], file: str, schema: Schema, mistakes: list[str], places: Places = NOWHERE
) -> Iterator[Given]:
    """Yield the values in the tables, in their order, and append to `mistakes`. `file` is empty for a Python caller.

    `places` are those in the file, for messages.

    PluginLoadError, PluginConflictError for the table of a plugin that is installed but cannot be loaded, unless the
    table switches the plugin off.
    """
    layer = _Layer(file, places)
    for section, table in _flat(tables):
        if section == PRESETS:  # for `read_presets`
            continue
        present = schema.present_name(section)
        if not isinstance(table, Mapping):
            mistakes.append(f"{layer.within(section)}{_not_a_table(section, schema)}")
        elif present not in schema.sections:
            mistakes += _unknown_section(section, table, layer.within(section), schema)
        else:
            yield from _known_section(section, table, layer, schema, mistakes)


def order_of(tables: Mapping[str, Any]) -> list[str]:
    """Return the sections in the order in which the tables name them."""
    return [section for section, _ in _flat(tables)]


def _flat(tables: Mapping[str, Any]) -> Iterator[tuple[str, object]]:
    for name, table in tables.items():
        if name in SECTIONS and isinstance(table, Mapping):
            yield from ((f"{name}.{plugin}", inner) for plugin, inner in table.items())
        else:
            yield str(name), table


def _known_section(
    section: str, table: Mapping[str, Any], layer: _Layer, schema: Schema, mistakes: list[str]
) -> Iterator[Given]:
    present = schema.present_name(section)
    settings = {setting.key: setting for setting in schema.sections[present].settings}
    if (switch := schema.switch_of(section)) and "enabled" not in table:
        yield Given(switch, True, f"{layer.within(section)}[{section}]", layer.source)
    for key, value in table.items():
        place = f"{layer.within(section, str(key))}[{section}] {key}"
        if setting := settings.get(key):
            plain = os.fspath(value) if isinstance(value, os.PathLike) else value
            yield Given(setting, plain, place, layer.source, is_moved=section in schema.moved)
        elif present == section or key not in RESERVED_KEYS["reporters"]:
            why = schema.reason_against(present, str(key)) or nearest(str(key), settings) or listed(settings)
            mistakes.append(f"{place}: no such key{why}")


def _not_a_table(name: str, schema: Schema) -> str:
    if name in SECTIONS or name in schema.sections or "." in name:
        return f"[{name}]: expected a table"
    owners = [f"[{setting.section}]" for setting in schema.settings.values() if setting.key == name]
    meant = f"; it belongs below {' or '.join(owners)}" if owners else nearest(name, schema.sections)
    return f"{name}: a key outside all tables{meant}"


def _unknown_section(section: str, table: Mapping[str, Any], at: str, schema: Schema) -> Iterator[str]:
    group, _, plugin = section.partition(".")
    if group not in SECTIONS:
        known = (*CORE, *(f"{group}.NAME" for group in (PRESETS, *SECTIONS)))
        yield f"{at}[{section}]: no such table{nearest(section, (*CORE, PRESETS, *SECTIONS)) or listed(known)}"
    elif elsewhere := [f"{other}.{plugin}" for other in SECTIONS if f"{other}.{plugin}" in schema.sections]:
        yield f"{at}[{section}]: no such table; the table of {plugin} is [{elsewhere[0]}]"
    elif table.get("enabled") is not False or not schema.registry.may_hold(group, plugin):
        try:
            schema.registry.find(group, plugin, place=f"{at}[{section}]")
        except UnknownPluginError as error:
            yield str(error)
