"""`anonkit risk`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from anonkit.api import Roles, write_table

__all__ = ["command", "listed", "roles_option"]


def listed(context: click.Context, parameter: click.Parameter, text: str) -> tuple[str, ...]:
    """Return the names in a text with commas."""
    return tuple(filter(None, map(str.strip, text.split(","))))


roles_option = click.option(
    "--user-col", default=Roles().columns["user"], show_default=True, metavar="COL", help="Column of tokens of users."
)


@click.command(name="risk")
@click.argument("dataset", type=click.Path(exists=True, path_type=Path))
@click.option("--columns", callback=listed, default="", metavar="A,B,…", help="Columns that an attacker may know.")
@click.option("--sensitive", callback=listed, default="", metavar="A,B,…", help="Columns that an attacker wants.")
@click.option("--min-users", type=click.IntRange(1), metavar="N", help="Exit 1 if a class has fewer users.")
@click.option("--max-risk", type=click.FloatRange(0, 1, min_open=True), help="Exit 1 if the prosecutor risk is higher.")
@click.option("--memory", default="2GB", show_default=True, help="Memory for the computation; more goes to disk.")
@click.option("--json", "as_json", is_flag=True, help="Print all figures as JSON.")
@click.option("--suggest", is_flag=True, help="Print the settings, as TOML, that pass the gate and lose least.")
@roles_option
def command(dataset: Path, as_json: bool, suggest: bool, user_col: str, **given: Any) -> None:
    """Show how well users are hidden among each other in a data set.

    DATASET is a parquet file, or a folder with dataset.parquet. Users are counted, not rows. Exit status 1: the data
    set does not pass --min-users or --max-risk.

    \b
    Examples:
      anonkit risk Output
      anonkit risk Output --columns QDate,RequestMemory --min-users 11
      anonkit risk Output --json > risk.json
      anonkit risk Output --min-users 11 --suggest > settings.toml
    """
    from anonkit.api import OutputError
    from anonkit_risk.measure import options_from, risk

    options = options_from({key: value for key, value in given.items() if value is not None})
    if suggest:
        from anonkit_risk.suggest import suggest as search

        click.echo(search(dataset, options, roles={"user": user_col}).toml(), nl=False)
        return
    result = risk(dataset, options, roles={"user": user_col})
    if as_json:
        click.echo(result.as_json().decode(), nl=False)
    else:
        write_table(result.table(), sys.stdout)
        click.echo()
        heads = ("column", "values", "k alone", "rows in classes of one user that it adds")
        write_table(result.column_table(), sys.stdout, headers=heads)
    if faults := result.faults(options):
        raise OutputError("\n".join(["the data set does not pass", *faults]))
