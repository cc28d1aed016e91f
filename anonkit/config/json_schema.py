"""The JSON Schema of the configuration, for the plugins that are installed: editors complete and check with it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any, get_args, get_origin

from anonkit.config.json_values import json_value
from anonkit.config.presets import PRESETS
from anonkit.config.schema import Schema, Section, Setting
from anonkit.config.template import section_title
from anonkit.options import choices, is_list, without_none
from anonkit.plugin.registry import SECTIONS
from anonkit.quantities import Size

__all__ = ["json_schema"]

_SCALARS: Mapping[Any, dict[str, Any]] = {
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    float: {"type": "number"},
    str: {"type": "string"},
    Path: {"type": "string", "minLength": 1},
    Size: {"type": ["integer", "string"], "minimum": 0, "pattern": r"^[0-9.]+ ?[kMGT]?i?B?$"},
    timedelta: {"type": "string", "pattern": r"^([0-9.]+[wdhms])+$"},
}
_PLAIN_NAME = r"^[^/\\]+$"


def json_schema(schema: Schema) -> dict[str, Any]:
    """Return the schema (draft 2020-12) of anonkit.toml as its parser gives it: tables, lists, texts, numbers."""
    tables = {section.name: _table(section) for section in schema.sections.values()}
    groups: dict[str, dict[str, Any]] = {group: {} for group in SECTIONS}
    for name, table in tables.items():
        group, dot, plugin = name.partition(".")
        if dot:
            groups[group][plugin] = table
    for old, new in schema.moved.items():
        group, _, plugin = old.partition(".")
        groups[group][plugin] = {**_without_reserved(tables[new]), "deprecated": True}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "The configuration of anonkit",
        **_object({name: table for name, table in tables.items() if "." not in name}),
        "properties": {
            **{name: table for name, table in tables.items() if "." not in name},
            **{short: tables[full] for short, full in schema.short.items()},
            **{group: _object(plugins) for group, plugins in groups.items()},
            PRESETS: {"type": "object", "additionalProperties": {"type": "object"}},
        },
    }


def _table(section: Section) -> dict[str, Any]:
    described = {setting.key: _setting(setting) for setting in section.settings}
    return {"description": section_title(section), **_object(described)}


def _without_reserved(table: Mapping[str, Any]) -> dict[str, Any]:
    """Return the table by an old name of it; the keys of its old section are accepted there as well."""
    return {**table, "properties": {**table["properties"], "garble": {"type": "boolean"}}}


def _object(properties: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": False, "properties": dict(properties)}


def _setting(setting: Setting) -> dict[str, Any]:
    described = {**_type(without_none(setting.field.type)), "description": setting.info.help}
    default = setting.field.default
    if default is not None:
        described["default"] = json_value(default)
    if setting.info.minimum is not None and described["type"] != "string":
        described["minimum"] = setting.info.minimum
    if setting.info.file_name:
        described["pattern"] = _PLAIN_NAME
    return described


def _type(kind: Any) -> dict[str, Any]:
    origin, arguments = get_origin(kind), get_args(kind)
    if texts := choices(kind):
        return {"type": "string", "enum": list(texts)}
    if is_list(kind):
        return {"type": "array", "items": _type(arguments[0])}
    if origin is dict:
        return {"type": "object", "additionalProperties": _type(arguments[1])}
    return dict(_SCALARS[kind])
