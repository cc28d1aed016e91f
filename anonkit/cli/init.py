"""`anonkit init`."""

from __future__ import annotations

from pathlib import Path

import click

from anonkit.cli.settings import registry_of
from anonkit.config import FILE
from anonkit.config.schema import Schema
from anonkit.config.template import render_template
from anonkit.errors import OutputError

__all__ = ["command"]


@click.command(name="init")
@click.argument("path", default=FILE, type=click.Path(path_type=Path))
@click.option("--stdout", is_flag=True, help="Print it to standard output instead.")
@click.option("--force", is_flag=True, help="Replace an existing file.")
@click.pass_context
def command(ctx: click.Context, path: Path, stdout: bool, force: bool) -> None:
    """Write a commented anonkit.toml.

    It lists every option of every installed plugin with its default, and sets none of them.

    \b
    Examples:
      anonkit init
      anonkit init --stdout | less
    """
    text = render_template(Schema.from_registry(registry_of(ctx)))
    if stdout:
        click.echo(text, nl=False)
        return
    _write(path, text, force=force)
    click.echo(f"{path} is written; remove the '# ' before the options that you change")


def _write(path: Path, text: str, *, force: bool) -> None:
    try:
        with path.open("w" if force else "x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError:
        raise OutputError(f"{path}: exists already; --force replaces it, --stdout prints the new one") from None
    except OSError as error:
        raise OutputError(f"{path}: cannot be written: {error.strerror}; name another place") from None
