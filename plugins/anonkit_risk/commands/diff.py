"""`anonkit diff`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import attrs
import click

from anonkit.api import write_table
from anonkit_risk.commands.risk import roles_option

__all__ = ["command"]


@click.command(name="diff")
@click.argument("old", type=click.Path(exists=True, path_type=Path))
@click.argument("new", type=click.Path(exists=True, path_type=Path))
@click.option("--same-tokens", is_flag=True, help="The releases have one mapping, although no manifest says so.")
@click.option("--time", "time_column", metavar="COL", help="Column of times; otherwise the first that is known.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@roles_option
def command(old: Path, new: Path, same_tokens: bool, time_column: str | None, as_json: bool, user_col: str) -> None:
    """Show which share of people can be followed from one release to another.

    Users are linked by token, by their share of the rows, and by the hours of the week of their jobs. The answer has
    shares alone; "rightly" is known when the manifests name one mapping.

    \b
    Examples:
      anonkit diff release-2025 release-2026
    """
    from anonkit_risk.diff import diff

    result = diff(old, new, same_tokens=same_tokens, time_column=time_column, user_column=user_col)
    if as_json:
        click.echo(json.dumps(attrs.asdict(result), indent=2))
    else:
        write_table(result.table(), sys.stdout, headers=("linked by", "users", "rightly"))
        click.echo(f"\nof {result.users[1]:,} users of the new release; the old one has {result.users[0]:,}")
