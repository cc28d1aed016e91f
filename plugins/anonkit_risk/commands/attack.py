"""`anonkit attack`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import attrs
import click

from anonkit.api import write_table
from anonkit_risk.commands.risk import listed, roles_option

__all__ = ["command"]


@click.command(name="attack")
@click.argument("dataset", type=click.Path(exists=True, path_type=Path))
@click.option(
    "--with", "raw", required=True, metavar="RAW", type=click.Path(exists=True, path_type=Path),
    help="The raw records, in any format that a run reads.",
)  # fmt: skip
@click.option("--known", default=4, show_default=True, metavar="N", help="Number of known jobs of each person.")
@click.option(
    "--columns", callback=listed, default="", metavar="A,B,…", help="Columns of a job that the attacker knows."
)
@click.option("--mapping", metavar="FILE", help="The mapping of the run; by default [run] mapping or ANONKIT_MAPPING.")
@click.option("--mapping-identity", metavar="FILE", help="File with the private key that opens the mapping.")
@click.option("--mapping-passphrase-file", metavar="FILE", help="File with the passphrase of the mapping.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@roles_option
def command(dataset: Path, raw: Path, as_json: bool, **given: Any) -> None:
    """Try to find people in a data set, as a colleague who knows some of their jobs would.

    The attacker knows N raw jobs of each person, or how many jobs each has. The answer has shares of people alone. The
    mapping shows which answers are right; its access log notes the use.

    \b
    Examples:
      anonkit attack Output --with data --mapping mapping.json
      anonkit attack Output --with data --mapping m.json --columns RequestMemory
    """
    import anonkit
    from anonkit_risk.attack import attack, handles_in

    run = {"mapping": given["mapping"]} if given["mapping"] else {}
    keys = {"identity_file": given["mapping_identity"], "passphrase_file": given["mapping_passphrase_file"]}
    config = {"run": run, "mapping": {key: value for key, value in keys.items() if value}}
    handles = handles_in(raw, given["user_col"])
    found = anonkit.lookup(handles, config, kinds=["user"])
    tokens = {handle: several[0].token for handle, several in zip(handles, found, strict=True) if several}
    result = attack(dataset, raw, tokens, known=given["known"], columns=given["columns"], user_column=given["user_col"])
    if as_json:
        click.echo(json.dumps(attrs.asdict(result), indent=2))
    else:
        write_table(result.table(), sys.stdout, headers=("attacker knows", "found before", "found after"))
        click.echo(f"\nof {result.people:,} people")
