"""The plugins that are installed, found once for each call of the program."""

from __future__ import annotations

import click

from anonkit.errors import nearest
from anonkit.plugin.discovery import blocked_packages, discover, package_names
from anonkit.plugin.registry import Registry

__all__ = ["discovered"]


def discovered(ctx: click.Context) -> Registry:
    """Return the installed plugins but for those of packages that --block or ANONKIT_BLOCK_PLUGINS name."""
    root = ctx.find_root()
    if root.obj is None:
        named = root.params.get("block") or ()
        _check(named)
        root.obj = discover(block=(*named, *blocked_packages()))
    registry: Registry = root.obj
    return registry


def _check(named: tuple[str, ...]) -> None:
    known = package_names() if named else set()
    for name in named:
        if name.casefold().replace("_", "-") not in known:
            raise click.UsageError(f"--block {name}: no such plugin package is installed{nearest(name, known)}.")
