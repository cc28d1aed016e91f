"""`anonkit preview`."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import attrs
import click

from anonkit.cli.json_output import json_option
from anonkit.cli.settings import SettingsCommand, registry_of
from anonkit.config import Overrides, load
from anonkit.errors import ConfigError, OutputError
from anonkit.tables import write_table

if TYPE_CHECKING:
    from anonkit.engine.preview import Preview

__all__ = ["command"]

_LONGEST = 100


@click.command(cls=SettingsCommand, name="preview")
@click.argument("source", metavar="IN", required=False, type=click.Path())
@click.option("--rows", type=click.IntRange(1), default=2000, show_default=True, help="Rows to look at.")
@click.option(
    "--to", metavar="FILE", type=click.Path(path_type=Path), help="Write it to a file that you alone can read."
)
@json_option
@click.pass_context
def command(
    ctx: click.Context, file: str | None, overrides: Overrides, source: str | None, rows: int, to: Path | None,
    as_json: bool,
) -> None:  # fmt: skip
    """Show what a run would change in some rows, and what would stay.

    For the operator alone: it shows ORIGINALS. IN is short for --data-dir. Nothing is published; the flags of `anonkit
    run` are accepted, and show their effect.

    \b
    Examples:
      anonkit preview data
      anonkit preview data --profile public --to ~/private/preview.txt
    """
    config = load(file=file, overrides=_with_source(overrides, source), registry=registry_of(ctx), complete=False)
    if not config.run.data_dir:
        raise ConfigError("no input is named; write `anonkit preview IN`, or --data-dir")
    output = config.run.output_dir
    if to is not None and output and to.resolve().is_relative_to(Path(output).resolve()):
        raise ConfigError("--to: the file holds originals, and the output folder is handed on; name one outside")
    from anonkit.engine.preview import preview

    made = preview(config, rows=rows)
    text = io.StringIO()
    if as_json:
        text.write(json.dumps(attrs.asdict(made), indent=2) + "\n")
    else:
        _write(made, text)
    if to is None:
        click.echo(text.getvalue(), nl=False)
    else:
        _save(to, text.getvalue().encode())


def _with_source(overrides: Overrides, source: str | None) -> Overrides:
    if source is None:
        return overrides
    if "run.data_dir" in overrides.flags:
        raise click.UsageError("IN is given, and --data-dir as well; give one of the two.")
    return attrs.evolve(overrides, flags={**overrides.flags, "run.data_dir": source})


def _save(path: Path, content: bytes) -> None:
    from anonkit.mapping.file import replaced_privately

    try:
        with replaced_privately(path) as file:
            file.write(content)
    except OSError as error:
        raise OutputError(
            f"--to: cannot be written ({error.strerror}); check free space and permissions, or name another file"
        ) from None


def _write(made: Preview, stream: TextIO) -> None:
    print(f"ORIGINALS, for the operator alone; {made.rows:,} rows were looked at.", file=stream)
    for row in sorted({change.row for change in made.changes}):
        print(f"\nrow {row + 1}, before and after:", file=stream)
        for change in made.changes:
            if change.row == row:
                write_table([(change.column, "-", _cut(change.before)), ("", "+", _cut(change.after))], stream)
    print("\nreplaced most:", file=stream)
    heads = ("word", "by", "column", "times")
    write_table(
        [(word.word, word.token, word.column, f"{word.count:,}") for word in made.replaced], stream, headers=heads
    )
    print("\nunchanged columns, and their commonest values:", file=stream)
    write_table(
        [
            (same.column, f"{same.distinct:,} values", ", ".join(f"{_cut(value)} ({n:,})" for value, n in same.values))
            for same in made.unchanged
        ],
        stream,
    )
    if made.dropped:
        print(f"\nleft out: {', '.join(made.dropped)}", file=stream)


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
