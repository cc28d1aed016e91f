"""`anonkit plugins`."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import click

from anonkit.cli.settings import registry_of
from anonkit.cli.tables import write_table
from anonkit.plugin.hooks import ExecutorSpec, PluginSpec
from anonkit.plugin.registry import SECTIONS, Installed, Registry, conflict
from anonkit.printable import printable

__all__ = ["command"]

_HEADERS = ("name", "kind", "default", "package", "summary")


@click.command(name="plugins")
@click.pass_context
def command(ctx: click.Context) -> None:
    """List the installed plugins.

    Which of them a run uses, anonkit.toml, --enable and --disable say; `default` is what holds when they do not.
    """
    registry = registry_of(ctx)
    plugins = [one for section in SECTIONS for one in registry.section(section).values()]
    write_table([_row(one) for one in plugins], sys.stdout, headers=_HEADERS)
    if faults := list(_faults(registry)):
        click.echo("\nnot offered:")
        for fault in faults:
            click.echo(f"  {printable(fault)}")


def _row(installed: Installed) -> tuple[str, ...]:
    plugin = installed.type
    chosen = "by run.executor" if isinstance(plugin, ExecutorSpec) else "on" if plugin.enabled else "off"
    return plugin.name, _kind(plugin), chosen, f"{installed.package} {installed.version}", plugin.summary


def _kind(plugin: PluginSpec) -> str:
    return type(plugin).__name__.removesuffix("Type").lower()


def _faults(registry: Registry) -> Iterator[str]:
    for broken in registry.broken:
        yield f"package {broken.package}: {broken.reason}"
    for name, claims in registry.conflicts.items():
        yield f"{name}: {conflict(name.partition('.')[2], claims)}"
