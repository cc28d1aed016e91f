"""`anonkit plugins show NAME`."""

from __future__ import annotations

import inspect
import json
import sys
from collections.abc import Iterator
from typing import Any

import click

from anonkit.cli.installed import discovered
from anonkit.cli.json_output import json_option, print_json
from anonkit.cli.plugin_states import plugin_states
from anonkit.config.json_values import json_value
from anonkit.config.schema import Schema, Section
from anonkit.config.template import render_section
from anonkit.config.values import describe
from anonkit.errors import PluginLoadError, UnknownPluginError, nearest
from anonkit.plugin.hooks import resolve
from anonkit.plugin.registry import Registry
from anonkit.printable import printable
from anonkit.tables import write_table

__all__ = ["command"]

_HEADERS = ("option", "type", "default", "flag", "meaning")
_BRIEF = 40
"""Characters of a list's default that fit into the table."""


@click.command(name="show")
@click.argument("name")
@json_option
@click.pass_context
def command(ctx: click.Context, name: str, as_json: bool) -> None:
    """Show what a plugin does, its options with types, defaults and flags, and its table for anonkit.toml.

    NAME is the name of a plugin or of its table: `coarsen`, `anonymizers.coarsen`.

    \b
    Examples:
      anonkit plugins show coarsen
    """
    schema = Schema.from_registry(discovered(ctx))
    sections = [section for section in schema.sections.values() if section.plugin and name in _names(section)]
    if not sections:
        raise _unknown(name, schema)
    if as_json:
        print_json([_described(section, schema.registry) for section in sections])
        return
    for position, section in enumerate(sections):
        click.echo("\n" if position else "", nl=False)
        _show(section, schema.registry)


def _names(section: Section) -> tuple[str, ...]:
    return section.name, section.name.partition(".")[2]


def _unknown(name: str, schema: Schema) -> Exception:
    registry = schema.registry
    if faults := [fault for fault in registry.broken if name in (fault.package, fault.plugin, _short(fault.plugin))]:
        return PluginLoadError(f"{name} is not offered: {'; '.join(map(str, faults))}")
    known = [short for section in schema.sections.values() if section.plugin for short in _names(section)]
    return UnknownPluginError(f"no plugin {name!r} is installed{nearest(name, known)}; `anonkit plugins` lists them")


def _short(plugin: str) -> str:
    return plugin.partition(".")[2]


def _show(section: Section, registry: Registry) -> None:
    described = _described(section, registry)
    click.echo(f"{described['name']}: {printable(described['summary'])}")
    click.echo(f"{described['kind']} of {described['package']}, {described['status']}")
    if described["description"]:
        click.echo(f"\n{printable(described['description'])}")
    options = described["options"]
    if options:
        click.echo()
        rows = [
            (option["key"], option["type"], _brief(option["default"]), option["flag"] or "", option["help"])
            for option in options
        ]
        write_table(rows, sys.stdout, headers=_HEADERS)
    click.echo("\nTo paste into anonkit.toml:\n")
    click.echo(render_section(section), nl=False)


def _brief(default: Any) -> str:
    """Return a default as JSON; of a longer list than `_BRIEF` the number of entries: the table to paste has them."""
    if default is None:
        return "not set"
    text = json.dumps(default, ensure_ascii=False)
    if len(text) <= _BRIEF or not isinstance(default, list):
        return text
    return f"{len(default)} entries, see below"


def _described(section: Section, registry: Registry) -> dict[str, Any]:
    assert section.plugin is not None
    name = section.name.partition(".")[2]
    states = {(state.name, state.kind): state for state in plugin_states(registry) if not state.reason}
    state = states[name, _kind(section)]
    return {
        "name": name,
        "table": section.name,
        "kind": state.kind,
        "status": state.status,
        "package": state.package,
        "summary": state.summary,
        "description": _description(section),
        "options": list(_options(section)),
    }


def _kind(section: Section) -> str:
    assert section.plugin is not None
    return type(section.plugin.type).__name__.removesuffix("Spec").lower()


def _description(section: Section) -> str:
    """Return the first paragraph of the docstring of a plugin's factory; nothing when it cannot be imported."""
    assert section.plugin is not None
    try:
        found = inspect.getdoc(resolve(section.plugin.type.factory)) or ""
    except (Exception, SystemExit):  # a module may raise anything while it is imported
        return ""
    return " ".join(found.split("\n\n")[0].split())


def _options(section: Section) -> Iterator[dict[str, Any]]:
    for setting in section.settings:
        yield {
            "key": setting.key,
            "type": describe(setting.field.type),
            "default": json_value(setting.field.default),
            "flag": setting.info.flag,
            "variable": setting.variables[0],
            "help": setting.info.help,
        }
