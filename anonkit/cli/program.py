"""The program as a command group: its own commands, and those that plugin packages add."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click

from anonkit.cli.installed import discovered_commands
from anonkit.cli.lazy import Lazy, LazyGroup
from anonkit.errors import AnonkitError, PluginLoadError
from anonkit.plugin.guard import Guard, debugging
from anonkit.plugin.hooks import CommandSpec, resolve

__all__ = ["Program"]

_META = "anonkit.command"
_PASSING = (click.ClickException, click.exceptions.Exit, click.Abort, KeyboardInterrupt, BrokenPipeError)


class Program(LazyGroup):
    """The commands of anonkit, then those of plugins; a plugin's command never takes the name of one of anonkit's."""

    def __init__(self, *args: Any, lazy: Mapping[str, Lazy], **kwargs: Any) -> None:
        super().__init__(*args, lazy=lazy, **kwargs)
        self.params += [
            click.Option(
                ["--block"],
                metavar="NAME",
                multiple=True,
                help="Leave a plugin package out.",
            ),
            click.Option(["--debug"], is_flag=True, help="Show original exceptions, which may quote data."),
        ]

    def invoke(self, ctx: click.Context) -> Any:
        """Call the command. What a plugin's command raises, but for click's own exceptions, names the command."""
        ctx.with_resource(debugging(bool(ctx.params["debug"])))
        try:
            return super().invoke(ctx)
        except (*_PASSING, AnonkitError):
            raise
        except BaseException as error:  # a plugin may raise anything
            spec = ctx.meta.get(_META)
            if spec is None:
                raise
            guard = _guard(spec)
            raise guard.failure(error) from (error if guard.debug else None)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands, those of plugins last."""
        return list(self.table(ctx))

    def table(self, ctx: click.Context) -> Mapping[str, Lazy]:
        """Return all commands, those of plugins last."""
        added = {name: Lazy(spec.place, spec.summary) for name, spec in _added(ctx).items()}
        return {**self.lazy, **{name: lazy for name, lazy in added.items() if name not in self.lazy}}

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command, or return None when there is none of that name."""
        if cmd_name in self.lazy or (spec := _added(ctx).get(cmd_name)) is None:
            return super().get_command(ctx, cmd_name)
        ctx.meta[_META] = spec
        return _loaded(spec)


def _added(ctx: click.Context) -> Mapping[str, CommandSpec]:
    return {name: installed.type for name, installed in discovered_commands(ctx).items()}


def _guard(spec: CommandSpec) -> Guard:
    return Guard(f"command {spec.name}", spec.place.partition(":")[0].partition(".")[0])


def _loaded(spec: CommandSpec) -> click.Command:
    try:
        command: Any = resolve(spec.place)
    except (Exception, SystemExit) as error:  # a module may raise anything while it is imported
        raise PluginLoadError(
            f"command {spec.name}: cannot be loaded ({type(error).__name__}: {error}); install what it needs"
        ) from error
    if not isinstance(command, click.Command):
        raise PluginLoadError(f"command {spec.name}: {spec.place} is a {type(command).__name__}, not a click command")
    return command
