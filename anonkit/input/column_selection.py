"""Which columns are read: the row record's, those that plugins cannot do without, those that reporters take besides."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import attrs
import pyarrow as pa

from anonkit.catalogue import Column
from anonkit.config.model import Choice, Config
from anonkit.config.presets import SHIPPED, shipped_presets
from anonkit.errors import ConfigError, InputError, nearest
from anonkit.input.column_spelling import in_input
from anonkit.plugin.contracts import AnyReporter, Roles, Tokenizer

__all__ = ["Chosen", "check_none_is_refused", "choose", "learned_columns", "standard_columns"]

_RECORD = "[run] columns"


@attrs.frozen
class Chosen:
    """The columns to read."""

    record: tuple[str, ...]
    """The row record's, as far as they exist, in order."""
    extra: tuple[str, ...]
    """Others, in the order in which they were asked for."""
    known: Mapping[str, Column]
    """Every column of the input, read or not; see `RunContext.columns`."""
    warnings: tuple[str, ...]


def choose(
    config: Config,
    tokenizers: Sequence[Tokenizer],
    reporters: Sequence[tuple[Choice[Any], AnyReporter]],
    names: Sequence[str],
) -> Chosen:
    """Return the columns to read, of the columns `names` of the input.

    ConfigError for each that a plugin needs and that is not there, and for each that must not be passed on.
    """
    classes = config.classes
    known = {name: classes.classify(name) for name in names}
    named = config.run.columns or standard_columns(config)
    wanted = list(dict.fromkeys(in_input(column, names) for column in named))
    asked: dict[str, str] = dict.fromkeys((name for name in wanted if name in known), _RECORD)
    mistakes: list[str] = []
    for name, plugin in _needed(config.roles, tokenizers, reporters, names):
        if name in known:
            asked.setdefault(name, plugin)
        else:
            mistakes.append(f"{plugin} needs a column {name!r}, and no input file has it{nearest(name, names)}")
    for choice, reporter in reporters:
        for name in reporter.optional_columns(tuple(known.values()), config.roles):
            asked.setdefault(name, f"reporter {choice.name}")
    mistakes += [_refusal(known[name], plugin) for name, plugin in asked.items() if known[name].is_refused]
    if mistakes:
        raise ConfigError(list(dict.fromkeys(mistakes)))
    return Chosen(
        record=tuple(name for name, plugin in asked.items() if plugin is _RECORD),
        extra=tuple(name for name, plugin in asked.items() if plugin is not _RECORD),
        known=known,
        warnings=tuple(_absent(wanted, config, names)),
    )


def learned_columns(
    tokenizers: Sequence[Tokenizer], selection: Chosen, roles: Roles, schema_of: Callable[[Iterable[str]], pa.Schema]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the columns that are not shown and from which identities are learnt, in input order, and warnings.

    A column of which the files disagree on the type beyond repair (InputError of `schema_of`) is left out with a
    warning: nothing of it is shown.
    """
    shown = {*selection.record, *selection.extra}
    columns = tuple(selection.known.values())
    wanted = {name for tokenizer in tokenizers for name in tokenizer.learned_columns(columns, roles)}
    learned: list[str] = []
    warnings: list[str] = []
    for column in columns:
        if column.name in wanted and column.name not in shown and not column.is_refused:
            try:
                schema_of([column.name])
            except InputError as error:
                warnings.append(f"no identities are learnt from the column {column.name!r}: {error}")
            else:
                learned.append(column.name)
    return tuple(learned), tuple(warnings)


def check_none_is_refused(columns: Sequence[Column]) -> None:
    """ConfigError for each column of a stream that must not be passed on."""
    refused = [column for column in columns if column.is_refused]
    if refused:
        raise ConfigError(
            [
                f"anonymize: the column {column.name!r} must not be passed on ({column.why_never}); "
                f"leave it out of the data, or allow it with {{'run': {{'allow': [{column.name!r}]}}}}"
                for column in refused
            ]
        )


def standard_columns(config: Config) -> tuple[str, ...]:
    """Return the columns of a row record, in order, when `[run] columns` names none: those of the preset.

    One that plays a role is the column that plays it in this run.
    """
    preset = config.preset or shipped_presets()[SHIPPED[0]]
    playing = config.roles.columns
    played = {names[0]: playing[role] for role, names in preset.roles.items() if names and role in playing}
    return tuple(dict.fromkeys(name for column in preset.columns if (name := played.get(column, column))))


def _needed(
    roles: Roles,
    tokenizers: Sequence[Tokenizer],
    reporters: Sequence[tuple[Choice[Any], AnyReporter]],
    names: Sequence[str],
) -> Iterator[tuple[str, str]]:
    """Yield each column that a plugin cannot do without, and which plugin."""
    schema = pa.schema([pa.field(name, pa.null()) for name in sorted(names)])
    for tokenizer in tokenizers:
        yield from ((name, f"anonymizer {tokenizer.kind}") for name in tokenizer.columns(schema, roles))
    for choice, reporter in reporters:
        yield from ((name, f"reporter {choice.name}") for name in reporter.columns(roles))


def _refusal(column: Column, plugin: str) -> str:
    asks = "names" if plugin is _RECORD else "asks for"
    return (
        f"{plugin} {asks} the column {column.name!r}, which must not be passed on ({column.why_never}); "
        f"leave it out, or allow it with --allow {shlex.quote(column.name)}, or allow = [{column.name!r}] below [run]"
    )


def _absent(wanted: Sequence[str], config: Config, names: Sequence[str]) -> Iterator[str]:
    """Yield a warning of the columns of row records that are not there, and one for each that is allowed in vain."""
    absent = [f"{name!r}{nearest(name, names)}" for name in wanted if name not in names]
    if len(absent) == 1:
        yield f"no input file has a column {absent[0]}; row records go without it"
    elif absent:
        yield f"no input file has the columns {', '.join(absent)}; row records go without them"
    folded = {name.casefold() for name in names}
    for name in config.run.allow:
        if name.casefold() not in folded:
            yield f"[run] allow: no input file has a column {name!r}{nearest(name, names)}"
