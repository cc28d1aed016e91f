"""`anonkit catalogue`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from fnmatch import fnmatchcase

import attrs
import click

from anonkit.catalogue import Classes, Column, catalogue
from anonkit.cli.json_output import json_option, print_json
from anonkit.cli.settings import registry_of
from anonkit.config import load
from anonkit.engine.presets import chosen_preset
from anonkit.errors import nearest
from anonkit.tables import write_table

__all__ = ["command"]

_HEADERS = ("name", "class", "kind", "type", "unit", "meaning")
_UNKNOWN = "not in the catalogue: text is garbled, a number may point at a person"


@click.command(name="catalogue")
@click.argument("patterns", metavar="[PATTERN]...", nargs=-1)
@click.option("--data-dir", metavar="PATH", help="Show the columns of these files instead of the whole catalogue.")
@click.option("--preset", metavar="NAME", help="Show the columns as this preset has them: slurm, swf, …")
@click.option("--config", "file", metavar="FILE", help="Configuration file, instead of ./anonkit.toml.")
@json_option
@click.pass_context
def command(
    ctx: click.Context,
    patterns: tuple[str, ...],
    data_dir: str | None,
    preset: str | None,
    file: str | None,
    as_json: bool,
) -> None:
    """Show which columns of job records may name a person, and which must not be passed on.

    PATTERN is a name, or a part of names as `*part*`. [catalogue] in anonkit.toml changes the classes shown.

    \b
    Examples:
      anonkit catalogue User '*Address*'
      anonkit catalogue --preset slurm
      anonkit catalogue --data-dir data
    """
    values = {"run": {"preset": preset}} if preset else {}
    config = load(values, file=file, registry=registry_of(ctx), complete=False)
    names = () if data_dir is None else _names_in(data_dir)
    classes = attrs.evolve(config, preset=chosen_preset(config, names)).classes
    columns = _columns(patterns or ("*",), _known_names(classes) if data_dir is None else names, classes)
    rows = [_row(column) for column in columns]
    if as_json:
        print_json([dict(zip(_HEADERS, row, strict=True)) for row in rows])
    else:
        write_table(rows, sys.stdout, headers=_HEADERS)


def _names_in(data_dir: str) -> Sequence[str]:
    from anonkit.input.source import Source

    return Source.open(data_dir, skip_damaged=False).columns


def _known_names(classes: Classes) -> list[str]:
    """Return the columns of the preset, or without one those of the whole catalogue."""
    return [known.name for known in classes.known.values()] or [entry.name for entry in catalogue()]


def _columns(patterns: Sequence[str], names: Sequence[str], classes: Classes) -> list[Column]:
    """Return the columns that the patterns name, each once. UsageError for a pattern that names none."""
    return list(dict.fromkeys(column for pattern in patterns for column in _fitting(pattern, names, classes)))


def _fitting(pattern: str, names: Sequence[str], classes: Classes) -> list[Column]:
    """Return the columns that a pattern names, also one that only fits a family of the catalogue."""
    found = [classes.classify(name) for name in names if fnmatchcase(name.casefold(), pattern.casefold())]
    alone = classes.classify(pattern)
    if not found and alone.cls is None:
        raise click.UsageError(f"no column {pattern!r}{nearest(pattern, names)}; '*part*' finds a part of a name")
    return found or [alone]


def _row(column: Column) -> tuple[str, ...]:
    cls = column.cls.value if column.cls else "unknown"
    if (known := column.attribute) is None:
        return column.name, cls, "", "", "", "" if column.cls else _UNKNOWN
    return column.name, cls, known.kind, known.type, known.unit, known.meaning
