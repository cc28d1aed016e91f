"""Presets: those that come with anonkit, and those in the tables `[presets.NAME]` of the user, which are alike.

A user's table of a shipped preset's name changes the keys that it has; `like` names another preset to start from.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from anonkit.catalogue import Attribute, AttributeClass, Preset, Steps
from anonkit.config.given import listed
from anonkit.config.toml import parse_document
from anonkit.config.values import mismatches, structure
from anonkit.errors import nearest

__all__ = ["PRESETS", "SHIPPED", "read_presets", "shipped_presets"]

PRESETS = "presets"
"""The section of the tables."""
SHIPPED = ("fife", "htcondor", "slurm", "swf")
"""The presets that come with anonkit; the first is that of an input which none or several of them fit."""

_TABLES = dict[str, dict[str, str]]
_TYPES: Mapping[str, Any] = {
    "summary": str,
    "like": str,
    "needs": tuple[str, ...],
    "lacks": tuple[str, ...],
    "time": tuple[str, ...],
    "columns": tuple[str, ...],
    "time_zone": str,
    "steps": dict[str, str],
    "attributes": _TABLES,
    "roles": dict[str, tuple[str, ...]],
}
_KEYS = (*_TYPES, "options")
_ABOUT_COLUMNS = ("class", "kind", "type", "unit", "bare_unit", "meaning")
_COLUMN_TYPES = ("string", "word", "integer", "real", "boolean", "time", "expression")

Table = Mapping[str, Any]


def read_presets(layers: Iterable[tuple[str, object]], mistakes: list[str]) -> dict[str, Preset]:
    """Return the presets of the user by name. A layer is its label and its tables by name; later layers win.

    Mistakes in the tables are appended to `mistakes`.
    """
    tables: dict[str, Table] = {}
    places: dict[str, str] = {}
    for label, layer in layers:
        at = f"{label}: " if label else ""
        if not isinstance(layer, Mapping):
            mistakes.append(f"{at}[{PRESETS}]: expected a table for each preset: [{PRESETS}.NAME]")
            continue
        for name, table in layer.items():
            if isinstance(table, Mapping):
                tables[name] = _merged(tables.get(name, {}), table)
                places[name] = f"{at}[{PRESETS}.{name}]"
            else:
                mistakes.append(f"{at}[{PRESETS}.{name}]: expected a table")
    return {name: _preset(name, tables, places[name], mistakes) for name in tables}


@cache
def shipped_presets() -> Mapping[str, Preset]:
    """Return the presets that come with anonkit, by name."""
    mistakes: list[str] = []
    presets = {name: _preset(name, {}, name, mistakes) for name in SHIPPED}
    assert not mistakes, mistakes
    return presets


@cache
def _shipped_table(name: str) -> Table:
    from importlib.resources import files

    text = files("anonkit.catalogue.presets").joinpath(f"{name}.toml").read_text("utf-8")
    table: Table = parse_document(text)[PRESETS][name]
    return table


def _preset(name: str, tables: Mapping[str, Table], place: str, mistakes: list[str]) -> Preset:
    table = _whole(name, tables, place, mistakes, ())
    values = dict(_values(table, place, mistakes))
    values.pop("like", None)
    zone = values.get("time_zone", "UTC")
    if not _is_zone(zone):
        mistakes.append(f'{place} time_zone: no zone {zone!r}; write one as in "Europe/Berlin"')
    steps = values.pop("steps", {})
    if steps and set(steps) != {"column", "mark"}:
        mistakes.append(f"{place} steps: expected the keys column and mark")
        steps = {}
    attributes = dict(_attributes(values.pop("attributes", {}), f"{place} attributes", mistakes))
    return Preset(name=name, steps=Steps(**steps) if steps else None, attributes=attributes, **values)


def _is_zone(name: str) -> bool:
    if name == "UTC":
        return True
    from zoneinfo import ZoneInfo

    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return True


def _whole(
    name: str, tables: Mapping[str, Table], place: str, mistakes: list[str], before: Sequence[str]
) -> dict[str, Any]:
    """Return the table of a preset, over the table of the preset that it is like; `before` are those that led here."""
    own = tables.get(name, {})
    base: Table = _shipped_table(name) if name in SHIPPED else {}
    like = own.get("like", base.get("like"))
    if isinstance(like, str):
        known = [other for other in dict.fromkeys((*SHIPPED, *tables)) if other not in (*before, name)]
        if like in known:
            base = _merged(_whole(like, tables, place, mistakes, (*before, name)), base)
        else:
            mistakes.append(f"{place} like: no preset {like!r} to start from{nearest(like, known) or listed(known)}")
    return _merged(base, own)


def _merged(base: Table, table: Table) -> dict[str, Any]:
    """Return a table with the keys of another, tables in it alike; the description of a column is taken whole."""
    merged = dict(base)
    for key, value in table.items():
        inner = base.get(key)
        if isinstance(value, Mapping) and isinstance(inner, Mapping):
            value = {**inner, **value}
        merged[key] = value
    return merged


def _values(table: Table, place: str, mistakes: list[str]) -> Iterator[tuple[str, Any]]:
    for key, value in table.items():
        if key == "options":
            if isinstance(value, Mapping):
                yield key, dict(value)
            else:
                mistakes.append(f'{place} options: expected a table: "reporters.failed_users.column" = "State"')
        elif key in _TYPES:
            try:
                yield key, structure(_with_lists(value) if key == "roles" else value, _TYPES[key])
            except Exception as error:
                mistakes += [
                    f"{place} {key}{path}: {mismatch.message(secret=False)}" for path, mismatch in mismatches(error)
                ]
        else:
            mistakes.append(f"{place} {key}: no such key{nearest(key, _KEYS) or listed(_KEYS)}")


def _with_lists(roles: object) -> object:
    """Return the columns of roles as lists: one may be a text, and the empty text is not a column."""
    if not isinstance(roles, Mapping):
        return roles
    return {
        role: ([columns] if columns else []) if isinstance(columns, str) else columns for role, columns in roles.items()
    }


def _attributes(
    tables: Mapping[str, Mapping[str, str]], place: str, mistakes: list[str]
) -> Iterator[tuple[str, Attribute]]:
    classes = {member.value: member for member in AttributeClass}
    for name, about in tables.items():
        at = f"{place}[{name!r}]"
        unknown = [key for key in about if key not in _ABOUT_COLUMNS]
        mistakes += [f"{at} {key}: no such key{nearest(key, _ABOUT_COLUMNS)}" for key in unknown]
        cls, type_ = about.get("class", "text"), about.get("type", "string")
        mistakes += _no_choice(f"{at} class", cls, classes)
        mistakes += _no_choice(f"{at} type", type_, _COLUMN_TYPES)
        if cls == AttributeClass.IDENTITY.value and not about.get("kind"):
            mistakes.append(f'{at}: an identity needs a kind: kind = "user"')
        texts = {key: about.get(key, "") for key in ("kind", "unit", "bare_unit", "meaning")}
        yield name.casefold(), Attribute(name=name, cls=classes.get(cls, AttributeClass.TEXT), type=type_, **texts)


def _no_choice(place: str, value: str, choices: Iterable[str]) -> Iterator[str]:
    if value not in choices:
        yield f"{place}: expected one of {', '.join(choices)}, found {value!r}{nearest(value, choices)}"
