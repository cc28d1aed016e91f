"""`anonkit plugins`: installed plugins and their states; `anonkit plugins show NAME`, `anonkit plugins new NAME`."""

from __future__ import annotations

import sys
from typing import Any

import attrs
import click

from anonkit.cli.json_output import print_json
from anonkit.cli.lazy import Lazy, LazyGroup
from anonkit.cli.plugin_states import PluginState, fault_status, plugin_states
from anonkit.cli.settings import registry_of
from anonkit.plugin.registry import Registry
from anonkit.printable import printable
from anonkit.tables import write_table

__all__ = ["command"]

_HEADERS = ("name", "kind", "status", "package", "summary")


class _Plugins(LazyGroup):
    """`anonkit plugins NAME` is short for `anonkit plugins show NAME`."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that the arguments name, `show` for the name of a plugin."""
        named = args[0] if args else ""
        return super().resolve_command(ctx, args if named in self.lazy or named.startswith("-") else ["show", *args])


@click.pass_context
def _list(ctx: click.Context, /, check: bool, as_json: bool) -> None:
    """List the installed plugins, show one, write a new one.

    `anonkit plugins NAME` shows what a plugin does, and its options.

    \b
    A plugin is
      on         by default, by anonkit.toml or by a variable
      off        until --enable NAME switches it on
      available  if it is an executor, a command, a role or a profile
      left out   if its name or flag is another's, or its version does not fit
      failed     if its package, or one of its hooks, raises an error

    \b
    Examples:
      anonkit plugins
      anonkit plugins coarsen
      anonkit plugins --check && anonkit run data Output
      anonkit plugins new batch-names --kind tokenizer
    """
    registry = registry_of(ctx)
    if ctx.invoked_subcommand is None:
        states = list(plugin_states(registry))
        _write_json(states, registry) if as_json else _write(states, registry)
        ctx.exit(1 if check and registry.broken else 0)


command = _Plugins(
    "plugins",
    callback=_list,
    invoke_without_command=True,
    lazy={
        "show": Lazy("anonkit.cli.plugin_show:command", "Show what a plugin does, and its options."),
        "new": Lazy("anonkit.cli.new_plugin:command", "Write a plugin package that works."),
    },
    params=[
        click.Option(
            ["--check"], is_flag=True, help="Exit with status 1 when an installed plugin is left out or has failed."
        ),
        click.Option(["--json", "as_json"], is_flag=True, help="Print JSON."),
    ],
    help=_list.__doc__,
)


def _write(states: list[PluginState], registry: Registry) -> None:
    rows = [
        (state.name, state.kind, state.status, state.package, state.summary) for state in states if not state.reason
    ]
    write_table(rows, sys.stdout, headers=_HEADERS)
    if registry.blocked:
        click.echo(f"\nblocked: {printable(', '.join(registry.blocked))}")
    if registry.broken:
        click.echo("\nnot offered:")
        for broken in registry.broken:
            click.echo(f"  {fault_status(broken)}: {printable(str(broken))}")


def _write_json(states: list[PluginState], registry: Registry) -> None:
    document: dict[str, Any] = {
        "plugins": [attrs.asdict(state) for state in states],
        "blocked": list(registry.blocked),
    }
    print_json(document)
