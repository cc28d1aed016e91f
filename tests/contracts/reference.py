"""The reference of commands, options and the API, from the code: `make reference` writes it into docs/reference.md."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from anonkit import api
from anonkit.cli.lazy import LazyGroup
from anonkit.cli.main import commands
from anonkit.config.schema import Schema, Section
from anonkit.config.toml import write_value
from anonkit.config.values import describe
from anonkit.plugin import hooks
from anonkit.plugin.discovery import discover
from anonkit.plugin.registry import OWN_PACKAGE

STORED = Path(__file__).parents[2] / "docs" / "reference.md"
_OPENING = "# Reference\n\nMade from the code by `make reference`: commands, options, and the names of `anonkit.api`.\n"


def reference() -> str:
    """Return the document."""
    return "\n".join((_OPENING, *_commands(), *_options(), *_api())) + "\n"


def _commands() -> Iterator[str]:
    yield "## Commands\n\n| command | |\n|---|---|"
    yield from (f"| `anonkit {name}` | {summary} |" for name, summary in _named("", commands))
    yield ""


def _named(before: str, group: LazyGroup) -> Iterator[tuple[str, str]]:
    context = click.Context(group)
    for name, lazy in group.lazy.items():
        yield f"{before}{name}", lazy.summary
        command = group.get_command(context, name)
        if isinstance(command, LazyGroup):
            yield from _named(f"{before}{name} ", command)


def _options() -> Iterator[str]:
    yield "## Options\n"
    for section in Schema.from_registry(discover()).sections.values():
        if section.settings and (section.plugin is None or section.plugin.package == OWN_PACKAGE):
            yield from _section(section)


def _section(section: Section) -> Iterator[str]:
    yield f"### `[{section.name}]`\n\n| option | type | default | flag | |\n|---|---|---|---|---|"
    for setting in section.settings:
        default = setting.field.default
        shown = "" if default is None else f"`{_cell(write_value(default))}`"
        flag = f"`{setting.info.flag}`" if setting.info.flag else ""
        meaning = _cell(setting.info.help)
        yield f"| `{setting.key}` | {_cell(describe(setting.field.type))} | {shown} | {flag} | {meaning} |"
    yield ""


def _api() -> Iterator[str]:
    yield "## `anonkit.api`\n\n| name | |\n|---|---|"
    yield from (f"| `{name}` | {_cell(_first(getattr(api, name)))} |" for name in api.__all__)
    yield "\n## Hooks\n\n| hook | |\n|---|---|"
    for name, value in inspect.getmembers(hooks, inspect.isfunction):
        if name.startswith("register_"):
            yield f"| `{name}` | {_cell(_first(value))} |"


def _first(value: Any) -> str:
    """Return the first line of the docstring of a class or a function."""
    documented = inspect.isclass(value) or inspect.isfunction(value)
    return (inspect.getdoc(value) or "").partition("\n")[0] if documented else ""


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    STORED.write_text(reference(), encoding="utf-8")
