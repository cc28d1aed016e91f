"""The layer of a profile: settings that belong together, by one name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib.resources import files
from typing import Any

from anonkit.config.given import Given
from anonkit.config.schema import Schema
from anonkit.config.tables import from_tables
from anonkit.config.toml import parse_document
from anonkit.errors import PluginLoadError, nearest

__all__ = ["from_profile"]

_NAME = "run.profile"


def from_profile(given: Sequence[Given], schema: Schema, mistakes: list[str]) -> Iterator[Given]:
    """Yield the values of the profile that the last of the `given` names, and append to `mistakes`.

    PluginLoadError for a profile that cannot be read.
    """
    named = [value for value in given if value.setting.name == _NAME]
    if not named or not isinstance(name := named[-1].value, str):
        return
    profiles = schema.registry.profiles
    if name not in profiles:
        known = ", ".join(profiles) or "none"
        mistakes.append(f"{named[-1].place}: no profile {name!r} is installed{nearest(name, profiles)}; known: {known}")
        return
    tables = _tables(name, profiles[name].type.place)
    if "profile" in tables.get("run", {}):
        mistakes.append(f"profile {name}: [run] profile: a profile names no other")
        return
    yield from from_tables(tables, f"profile {name}", schema, mistakes)


def _tables(name: str, place: str) -> dict[str, Any]:
    package, _, file = place.partition(":")
    try:
        return parse_document(files(package).joinpath(file).read_text("utf-8"))
    except Exception as error:  # a package may raise anything while it is imported
        raise PluginLoadError(f"profile {name}: {place} cannot be read ({type(error).__name__})") from None
