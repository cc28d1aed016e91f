"""A command group that imports a command when it is called, so that `--help` imports none of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs
import click

from anonkit.errors import nearest
from anonkit.plugin.hooks import resolve

__all__ = ["Lazy", "LazyGroup"]


@attrs.frozen
class Lazy:
    """A command that is not imported yet."""

    place: str
    """``package.module:name`` of the click command."""
    summary: str
    """Its line in the group's help."""


class LazyGroup(click.Group):
    """A group of `Lazy` commands."""

    def __init__(self, *args: Any, lazy: Mapping[str, Lazy], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lazy = dict(lazy)

    def table(self, ctx: click.Context) -> Mapping[str, Lazy]:
        """Return the commands by name, in the order of the help."""
        return self.lazy

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the commands in the order of their table."""
        return list(self.lazy)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command, or return None when there is none of that name."""
        if cmd_name not in self.lazy:
            return None
        command: Any = resolve(self.lazy[cmd_name].place)
        return command if isinstance(command, click.Command) else None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that the arguments name; for an unknown name, fail with the nearest one."""
        name = args[0]
        if name not in self.lazy and not name.startswith("-") and not ctx.resilient_parsing:
            known = self.table(ctx)
            if name not in known:
                ctx.fail(f"No such command {name!r}{nearest(name, known)}.")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands with the summaries of their table."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, lazy.summary) for name, lazy in self.table(ctx).items()])
