"""What is settled before a row is read: the plugins made, the files found, each column's part, and the plan."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext, suppress
from functools import cached_property
from pathlib import Path
from typing import Any

import attrs
import pyarrow as pa

from anonkit.catalogue import AttributeClass, Column
from anonkit.config.model import Choice, Config
from anonkit.engine.results import Plan
from anonkit.errors import ConfigError, InputError, PluginConflictError, PluginError, PluginLoadError, nearest
from anonkit.identities.survey import KindSurvey
from anonkit.identities.token_table import TokenTable, number, shuffler
from anonkit.input.column_roles import ColumnRoles
from anonkit.input.column_selection import choose
from anonkit.input.normalize import CellNormalizer
from anonkit.input.source import DamagedFile, Fragment, Source, tasks
from anonkit.mapping import Keys
from anonkit.mapping import Mapping as MappingFile
from anonkit.plugin.contracts import AnyReporter, OutputEncoder, Reporter, Tokenizer, Transform
from anonkit.plugin.guard import plugin_errors
from anonkit.plugin.hooks import TransformSpec, resolve
from anonkit.plugin.registry import RESERVED_KEYS
from anonkit.runtime.executors import worker_count

__all__ = ["Plugins", "RunSetup", "check_roles", "held_mapping", "is_garbled", "make", "plan", "token_table"]


@attrs.frozen
class Plugins:
    """The plugins that are switched on, made."""

    tokenizers: tuple[Tokenizer, ...]
    transforms: tuple[Transform, ...]
    reporters: tuple[tuple[Choice[Any], AnyReporter], ...]
    encoders: tuple[OutputEncoder, ...]
    disabled_tokenizers: tuple[Tokenizer, ...] = ()
    """Switched off, and surveyed for the audit alone."""

    @classmethod
    def from_config(cls, config: Config) -> Plugins:
        """Make every plugin that is switched on. PluginError, PluginLoadError."""
        anonymizers = [make(choice) for choice in config.anonymizers]
        reporters = [(choice, make(choice)) for choice in config.reporters]
        for choice, made in reporters:
            if not isinstance(made, (Reporter, OutputEncoder)):
                raise PluginError(f"reporter {choice.name}: its factory made a {type(made).__name__}, not a Reporter")
        return cls(
            tuple(made for made in anonymizers if isinstance(made, Tokenizer)),
            tuple(made for made in anonymizers if isinstance(made, Transform)),
            tuple((choice, made) for choice, made in reporters if isinstance(made, Reporter)),
            tuple(made for _, made in reporters if isinstance(made, OutputEncoder)),
            tuple(_makeable(config.disabled_tokenizers)) if _is_audited(config) else (),
        )


def _is_audited(config: Config) -> bool:
    """Whether there is anything to audit: not when every reporter is given originals."""
    return config.run.audit and any(choice.garble for choice in config.reporters)


def _makeable(choices: Iterable[Choice[Any]]) -> Iterator[Tokenizer]:
    """Yield what can be made; a plugin that cannot may have been switched off for just that."""
    for choice in choices:
        with suppress(PluginError):
            yield make(choice)


def make(choice: Choice[Any], *more: Any) -> Any:
    """Return what a plugin's factory makes of its options, and `more`. PluginLoadError, PluginError."""
    try:
        factory = resolve(choice.type.factory)
    except (ImportError, AttributeError) as error:
        raise PluginLoadError(
            f"plugin {choice.name}: cannot be loaded ({type(error).__name__}: {error}); "
            "install what it needs, or switch it off with --disable"
        ) from error
    with plugin_errors(f"plugin {choice.name}"):
        return factory(choice.options, *more)


@attrs.frozen
class RunSetup:
    """Everything that is settled before a row is read."""

    config: Config
    plugins: Plugins
    source: Source
    schema: pa.Schema
    """Unified, of the row record's columns and then of the others that are needed."""
    layout: ColumnRoles
    columns: Mapping[str, Column]
    """Every column of the input, read or not."""
    workers: int
    warnings: tuple[str, ...]
    disabled_tokenizers: ColumnRoles
    """What those of `Plugins.disabled_tokenizers` would have claimed, as far as its columns are read."""

    @classmethod
    def from_config(cls, config: Config, damaged: Sequence[DamagedFile] = ()) -> RunSetup:
        """Settle a run over the files of the input but for `damaged`. ConfigError, InputError, PluginError."""
        plugins = Plugins.from_config(config)
        source = Source.open(config.run.data_dir, skip_damaged=config.run.on_bad_file == "skip", without=damaged)
        check_roles(config, plugins, source.names)
        columns = choose(config, plugins.tokenizers, plugins.reporters, source.columns)
        schema = source.schema((*columns.record, *columns.extra))
        layout = ColumnRoles.from_schema(schema, columns.record, plugins.tokenizers, config.roles)
        _check_transforms(config, plugins, layout.tokenized(schema))
        warnings = [*columns.warnings, *_idle_flags(config)]
        if not plugins.tokenizers:
            warnings.append("no anonymizer is switched on: every output holds the originals")
        warnings += [f"skipped {bad.name}: {bad.reason}" for bad in source.skipped]
        if not config.run.audit:
            warnings.append("the outputs were not audited (--no-audit): nothing proves that nobody is named in them")
        plugins, disabled_tokenizers = _watched(plugins, schema, columns.record, config)
        workers = worker_count(config.run.workers)
        known = columns.known
        return cls(config, plugins, source, schema, layout, known, workers, tuple(warnings), disabled_tokenizers)

    @cached_property
    def tasks(self) -> tuple[tuple[Fragment, ...], ...]:
        """The rows of all files, cut for the workers, in global order."""
        return tuple(tasks(self.source.files, self.workers))

    @property
    def cells(self) -> CellNormalizer:
        """What brings the cells of all files to one type."""
        return CellNormalizer(self.config.run.null_values)


def _watched(plugins: Plugins, schema: pa.Schema, record: Sequence[str], config: Config) -> tuple[Plugins, ColumnRoles]:
    """Return the plugins with those watched whose columns are read, and the columns that these would have claimed."""
    able: tuple[Tokenizer, ...] = ()
    layout = ColumnRoles.from_schema(schema, record, able, config.roles)
    for made in plugins.disabled_tokenizers:
        roles = attrs.asdict(config.roles)
        if all(roles[role] in schema.names for role in made.required_roles):
            with suppress(InputError, PluginConflictError):
                layout = ColumnRoles.from_schema(schema, record, (*able, made), config.roles)
                able = (*able, made)
    return attrs.evolve(plugins, disabled_tokenizers=able), layout


def check_roles(config: Config, plugins: Plugins, names: Collection[str]) -> None:
    """ConfigError for every role column that does not exist and is needed, or was named by the user."""
    needs = [(f"anonymizer {made.kind}", role) for made in plugins.tokenizers for role in made.required_roles]
    needs += [(f"reporter {choice.name}", role) for choice, made in plugins.reporters for role in made.required_roles]
    missing = {role: column for role, column in attrs.asdict(config.roles).items() if column not in names}
    close = {role: nearest(column, names) for role, column in missing.items()}
    mistakes = [
        f"{plugin} needs the {role} column, and no input file has a column {missing[role]!r}{close[role]}; "
        f"name it with --{role}-col, or switch the plugin off with --disable"
        for plugin, role in dict.fromkeys(needs)
        if role in missing
    ]
    needed = {role for _, role in needs}
    mistakes += [
        f"{config.sources[f'roles.{role}']}: no input file has a column {column!r}{close[role]}"
        for role, column in missing.items()
        if f"roles.{role}" in config.sources and role not in needed
    ]
    if mistakes:
        raise ConfigError(mistakes)


def _idle_flags(config: Config) -> list[str]:
    """Return a warning for each flag of a plugin that is switched off: whoever gave it expects something of it."""
    on = {f"anonymizers.{choice.name}" for choice in config.anonymizers}
    on |= {f"reporters.{choice.name}" for choice in config.reporters}
    warnings: list[str] = []
    for name, flag in config.sources.items():
        section, _, key = name.rpartition(".")
        group, _, plugin = section.partition(".")
        if group not in ("anonymizers", "reporters") or section in on or key in RESERVED_KEYS[group]:
            continue
        if flag.startswith("--") and not flag.startswith("--set"):
            warnings.append(f"{flag} has no effect: {plugin} is switched off; add --enable {plugin}")
    return warnings


def _check_transforms(config: Config, plugins: Plugins, schema: pa.Schema) -> None:
    """ConfigError for each column of `schema`, the tokenized one, that a reporter needs and a transform takes away."""
    taken: dict[str, str] = {}
    names = [choice.name for choice in config.anonymizers if isinstance(choice.type, TransformSpec)]
    for name, transform in zip(names, plugins.transforms, strict=True):
        with plugin_errors(f"anonymizer {name}"):
            left = transform.schema(schema)
        taken |= {column: name for column in schema.names if column not in left.names}
        schema = left
    roles = attrs.asdict(config.roles)
    mistakes = [
        f"reporter {choice.name} needs the column {column!r}, and anonymizer {taken[column]} takes it away; "
        "keep the column, or switch the reporter off with --disable"
        for choice, reporter in plugins.reporters
        if choice.garble
        for column in dict.fromkeys([*map(roles.__getitem__, reporter.required_roles), *reporter.columns(config.roles)])
        if column in taken
    ]
    if mistakes:
        raise ConfigError(mistakes)


def is_garbled(choice: Choice[Any], reporter: AnyReporter) -> bool:
    """Return whether the reporter's outputs hold no original."""
    return choice.garble and not reporter.writes_originals


def held_mapping(config: Config, keys: Keys) -> AbstractContextManager[MappingFile | None]:
    """Keep the mapping for this run alone, if there is one; see `Mapping.held`."""
    return MappingFile.held(Path(config.run.mapping), keys) if config.run.mapping else nullcontext()


def token_table(
    tokenizers: Sequence[Tokenizer], met: Mapping[str, KindSurvey], mapping: MappingFile | None, *, shuffled: bool
) -> TokenTable:
    """Number what pass one met, by kind, after what the mapping has."""
    table: TokenTable = {}
    for tokenizer in tokenizers:
        known = mapping.numbers(tokenizer.kind) if mapping else {}
        retired = mapping.retired(tokenizer.kind) if mapping else frozenset()
        tentative_before = mapping.tentative(tokenizer.kind) if mapping else frozenset()
        if mapping:
            mapping.check_groups(tokenizer.kind, grouped=tokenizer.grouped)
        with plugin_errors(f"anonymizer {tokenizer.kind}"):
            shuffle = shuffler() if shuffled else None
            table[tokenizer.kind] = number(
                tokenizer,
                met[tokenizer.kind],
                known,
                retired=retired,
                tentative_before=tentative_before,
                shuffle=shuffle,
            )
    return table


def _classes(prepared: RunSetup) -> dict[str, tuple[str, ...]]:
    """Return the columns to be read by the name of their class, those that the catalogue does not know at the end."""
    read = [prepared.columns[name] for name in prepared.schema.names]
    by_class = {cls.value: tuple(one.name for one in read if one.cls is cls) for cls in AttributeClass}
    by_class["not in the catalogue"] = tuple(one.name for one in read if one.cls is None)
    return {cls: names for cls, names in by_class.items() if names}


def plan(config: Config) -> Plan:
    """Return what a run would do: everything is resolved and every footer is read, but no row."""
    prepared = RunSetup.from_config(config)
    return Plan(
        files=len(prepared.source.files),
        rows=prepared.source.rows,
        bytes=sum(file.size for file in prepared.source.files),
        columns=tuple(prepared.schema.names),
        identity_columns=prepared.layout.identity,
        text_columns=prepared.layout.text,
        classes=_classes(prepared),
        anonymizers=tuple(choice.name for choice in config.anonymizers),
        reporters=tuple(choice.name for choice in config.reporters),
        raw_reporters=tuple(choice.name for choice, made in prepared.plugins.reporters if not is_garbled(choice, made)),
        workers=prepared.workers,
        skipped=tuple(bad.name for bad in prepared.source.skipped),
        warnings=prepared.warnings,
    )
