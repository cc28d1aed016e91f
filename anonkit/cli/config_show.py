"""`anonkit config show`."""

from __future__ import annotations

import click

from anonkit.cli.lazy import Lazy, LazyGroup
from anonkit.cli.messages import say
from anonkit.cli.settings import SettingsCommand, registry_of
from anonkit.config import Overrides, load_resolved
from anonkit.config.show import render_values

__all__ = ["group", "show"]

group = LazyGroup(
    "config",
    lazy={"show": Lazy("anonkit.cli.config_show:show", "Show every value in force and its origin.")},
    help="Show the configuration.",
)


@click.command(cls=SettingsCommand, name="show")
@click.option("--show-secrets", is_flag=True, help="Also show values that may betray an identity.")
@click.pass_context
def show(ctx: click.Context, file: str | None, overrides: Overrides, show_secrets: bool) -> None:
    """Show every value in force and its origin.

    The output is TOML. The flags of `anonkit run` are accepted, and show their effect.
    """
    resolved = load_resolved(file=file, overrides=overrides, registry=registry_of(ctx), complete=False)
    for warning in resolved.config.warnings:
        say(f"warning: {warning}")
    click.echo(render_values(resolved, show_secrets=show_secrets), nl=False)
