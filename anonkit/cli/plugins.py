"""`anonkit plugins`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

import click

from anonkit.cli.settings import registry_of
from anonkit.plugin.registry import SECTIONS, Installed, Registry
from anonkit.printable import printable
from anonkit.tables import write_table

__all__ = ["command"]

_HEADERS = ("name", "kind", "default", "package", "summary")


@click.command(name="plugins")
@click.option("--check", is_flag=True, help="Exit with status 1 when something that is installed cannot be offered.")
@click.pass_context
def command(ctx: click.Context, check: bool) -> None:
    """List the installed plugins.

    Which of them a run uses, anonkit.toml, --enable and --disable say; `default` is what holds when they do not.
    """
    registry = registry_of(ctx)
    write_table([*_plugins(registry), *_others(registry)], sys.stdout, headers=_HEADERS)
    if registry.blocked:
        click.echo(f"\nblocked: {printable(', '.join(registry.blocked))}")
    if registry.broken:
        click.echo("\nnot offered:")
        for broken in registry.broken:
            click.echo(f"  {printable(str(broken))}")
        ctx.exit(1 if check else 0)


def _plugins(registry: Registry) -> Iterator[tuple[str, ...]]:
    for section in SECTIONS:
        for plugin in registry.section(section).values():
            chosen = "by run.executor" if section == "executors" else "on" if plugin.type.enabled else "off"
            yield _row(plugin, chosen, plugin.type.summary)


def _others(registry: Registry) -> Iterator[tuple[str, ...]]:
    yield from (_row(plugin, "", plugin.type.summary) for plugin in registry.commands.values())
    yield from (_row(plugin, "", plugin.type.help) for plugin in registry.roles.values())


def _row(installed: Installed[Any], default: str, summary: str) -> tuple[str, ...]:
    kind = type(installed.type).__name__.removesuffix("Spec").lower()
    return installed.type.name, kind, default, f"{installed.package} {installed.version}", summary
