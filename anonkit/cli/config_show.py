"""`anonkit config show` and `anonkit config schema`."""

from __future__ import annotations

import click

from anonkit.cli.installed import discovered
from anonkit.cli.json_output import print_json
from anonkit.cli.lazy import Lazy, LazyGroup
from anonkit.cli.messages import say
from anonkit.cli.settings import SettingsCommand, registry_of
from anonkit.config import Overrides, load_resolved
from anonkit.config.show import described_values, render_values

__all__ = ["group", "schema", "show"]

group = LazyGroup(
    "config",
    lazy={
        "show": Lazy("anonkit.cli.config_show:show", "Show every value in force and its origin."),
        "schema": Lazy("anonkit.cli.config_show:schema", "Print the JSON Schema of anonkit.toml."),
    },
    help="Show the configuration.",
)


@click.command(cls=SettingsCommand, name="show")
@click.option("--show-secrets", is_flag=True, help="Also show values that may betray an identity.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["toml", "json"]),
    default="toml",
    help="TOML with origins in comments, or JSON with value and source of each option.",
)
@click.option("--json", "as_json", is_flag=True, help="Short for --format json.")
@click.pass_context
def show(
    ctx: click.Context, /, file: str | None, overrides: Overrides, show_secrets: bool, form: str, as_json: bool
) -> None:
    """Show every value in force and its origin.

    The output is TOML; --format json prints JSON instead. The flags of `anonkit run` are accepted, and show their
    effect.

    \b
    Examples:
      anonkit config show
      anonkit config show --wrap 80 --enable dataset
      anonkit config show --format json
    """
    resolved = load_resolved(file=file, overrides=overrides, registry=registry_of(ctx), complete=False)
    for warning in resolved.config.warnings:
        say(f"warning: {warning}")
    if as_json or form == "json":
        print_json(described_values(resolved, show_secrets=show_secrets))
    else:
        click.echo(render_values(resolved, show_secrets=show_secrets), nl=False)


@click.command(name="schema")
@click.pass_context
def schema(ctx: click.Context) -> None:
    """Print the JSON Schema of anonkit.toml.

    It has the options of every installed plugin. Editors complete and check anonkit.toml with it.

    \b
    Examples:
      anonkit config schema > anonkit.schema.json
      sed -i '1i #:schema ./anonkit.schema.json' anonkit.toml
    """
    from anonkit.config.json_schema import json_schema
    from anonkit.config.schema import Schema

    print_json(json_schema(Schema.from_registry(discovered(ctx))))
