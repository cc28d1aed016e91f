"""The plugins that are installed, found once for each call of the program."""

from __future__ import annotations

from collections.abc import Mapping

import click

from anonkit.errors import nearest
from anonkit.plugin.discovery import blocked_packages, discover, package_names
from anonkit.plugin.hooks import CommandSpec
from anonkit.plugin.registry import Installed, Registry

__all__ = ["discovered", "discovered_commands"]

_COMMANDS = "anonkit.commands"


def discovered(ctx: click.Context) -> Registry:
    """Return the installed plugins but for those of packages that --block or ANONKIT_BLOCK_PLUGINS name."""
    root = ctx.find_root()
    if root.obj is None:
        root.obj = discover(block=_blocked(root))
    registry: Registry = root.obj
    return registry


def discovered_commands(ctx: click.Context) -> Mapping[str, Installed[CommandSpec]]:
    """Return the commands of those plugins; no other hook of theirs is called for `anonkit --help`."""
    root = ctx.find_root()
    if root.obj is None and _COMMANDS not in root.meta:
        root.meta[_COMMANDS] = discover(block=_blocked(root), sections=("commands",))
    registry: Registry = root.obj or root.meta[_COMMANDS]
    return registry.commands


def _blocked(root: click.Context) -> tuple[str, ...]:
    """Return the names of packages to leave out. UsageError for one that is not installed."""
    named: tuple[str, ...] = root.params.get("block") or ()
    known = package_names() if named else set()
    for name in named:
        if name.casefold().replace("_", "-") not in known:
            raise click.UsageError(
                f"--block {name}: no such plugin package is installed{nearest(name, known)}; "
                "`anonkit plugins` lists them."
            )
    return (*named, *blocked_packages())
