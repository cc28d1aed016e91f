"""The values in force with their origins, as TOML."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from anonkit.config.json_values import json_value
from anonkit.config.resolve import Resolved, Value
from anonkit.config.schema import Setting
from anonkit.config.toml import write_comment, write_value

__all__ = ["described_values", "render_values"]


def render_values(resolved: Resolved, *, show_secrets: bool = False) -> str:
    """Return a TOML document of every value, also of plugins that are off, each with its origin in a comment.

    Loading it gives the same values. A secret that the user has set is left out, unless `show_secrets`.
    """
    return "\n".join(
        "\n".join((f"[{section.name}]", *_lines(section.settings, resolved, show_secrets))) + "\n"
        for section in resolved.schema.sections.values()
    )


def described_values(resolved: Resolved, *, show_secrets: bool = False) -> dict[str, dict[str, Any]]:
    """Return value and source of each setting, by section and key, as JSON can hold them.

    A secret that the user has set has no value, unless `show_secrets`.
    """
    return {
        section.name: {
            setting.key: _described(setting, resolved.values[setting.name], show_secrets)
            for setting in section.settings
        }
        for section in resolved.schema.sections.values()
    }


def _described(setting: Setting, value: Value, show_secrets: bool) -> dict[str, Any]:
    shown: dict[str, Any] = {"source": value.source or "default"}
    if setting.info.secret and value.source and not show_secrets:
        return {**shown, "secret": True}
    return {"value": json_value(value.value), **shown}


def _lines(settings: tuple[Setting, ...], resolved: Resolved, show_secrets: bool) -> Iterator[str]:
    for setting in settings:
        value = resolved.values[setting.name]
        yield f"{_assignment(setting, value, show_secrets)}  {write_comment(_origin(setting, value))}"


def _origin(setting: Setting, value: Value) -> str:
    return f"{value.source}, besides the default" if value.source and setting.info.adds else value.source or "default"


def _assignment(setting: Setting, value: Value, show_secrets: bool) -> str:
    if value.value is None:
        return f"# {setting.key} is not set"
    if setting.info.secret and value.source and not show_secrets:
        return f"# {setting.key} is set, and secret; --show-secrets shows it"
    return f"{setting.key} = {write_value(value.value)}"
