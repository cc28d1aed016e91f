"""`anonkit config show`."""

from __future__ import annotations

import click

from anonkit.cli.lazy import Lazy, LazyGroup
from anonkit.cli.settings import SettingsCommand, registry_of
from anonkit.config import Overrides, load_resolved
from anonkit.config.show import render_values

__all__ = ["group", "show"]

group = LazyGroup(
    "config",
    lazy={"show": Lazy("anonkit.cli.config_show:show", "Show every value in force and where it came from.")},
    help="Tell what is configured, and where.",
)


@click.command(cls=SettingsCommand, name="show")
@click.option("--show-secrets", is_flag=True, help="Show values that may betray an identity, too.")
@click.pass_context
def show(ctx: click.Context, file: str | None, overrides: Overrides, show_secrets: bool) -> None:
    """Show every value in force and where it came from.

    What comes out is TOML. It takes the flags of `anonkit run`, to show what they would do.
    """
    resolved = load_resolved(file=file, overrides=overrides, registry=registry_of(ctx), complete=False)
    click.echo(render_values(resolved, show_secrets=show_secrets), nl=False)
