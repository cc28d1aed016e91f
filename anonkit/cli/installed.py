"""The plugins that are installed, found once for each call of the program."""

from __future__ import annotations

from importlib.metadata import entry_points

import click

from anonkit.errors import nearest
from anonkit.plugin.discovery import GROUP, blocked_packages, discover, package_names
from anonkit.plugin.registry import OWN_PACKAGE, Registry

__all__ = ["discovered", "may_add_commands"]


def discovered(ctx: click.Context) -> Registry:
    """Return the installed plugins but for those of packages that --block or ANONKIT_BLOCK_PLUGINS name."""
    root = ctx.find_root()
    if root.obj is None:
        named = root.params.get("block") or ()
        _check(named)
        root.obj = discover(block=(*named, *blocked_packages()))
    registry: Registry = root.obj
    return registry


def may_add_commands(ctx: click.Context) -> bool:
    """Return whether a package that does not come with anonkit is installed; only such packages add commands.

    Where none is, help need not import the plugins to list the commands.
    """
    return ctx.find_root().obj is not None or any(
        entry.dist is None or entry.dist.name != OWN_PACKAGE for entry in entry_points(group=GROUP)
    )


def _check(named: tuple[str, ...]) -> None:
    known = package_names() if named else set()
    for name in named:
        if name.casefold().replace("_", "-") not in known:
            raise click.UsageError(f"--block {name}: no such plugin package is installed{nearest(name, known)}.")
