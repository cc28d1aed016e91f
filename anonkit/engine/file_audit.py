"""The audit of files at any time: is anybody whom a mapping knows in them?"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import pyarrow as pa

from anonkit.auditing.findings import AuditResult
from anonkit.auditing.known import known_in_mapping, tokens_of
from anonkit.auditing.labels import labels_of, texts_of_manifest
from anonkit.auditing.places import Labels
from anonkit.auditing.run import RunAudit
from anonkit.auditing.windows import FileToAudit
from anonkit.catalogue import catalogue
from anonkit.config import load
from anonkit.config.model import Choice, Config
from anonkit.engine.operations import operations
from anonkit.engine.setup import Plugins, make
from anonkit.errors import ConfigError, InputError, PluginError
from anonkit.input.column_roles import ColumnRoles
from anonkit.input.column_selection import standard_columns
from anonkit.mapping import Keys
from anonkit.mapping import Mapping as MappingFile
from anonkit.plugin.bound_reporter import BoundReporter
from anonkit.plugin.contracts import AnyReporter, Reporter, RunContext, Tokenizer
from anonkit.plugin.guard import plugin_errors
from anonkit.plugin.registry import discover
from anonkit.runtime.executors import local_executor, worker_count

__all__ = ["audit"]

_TYPES = {"integer": pa.int64(), "real": pa.float64(), "boolean": pa.bool_()}
"""Of the catalogue's columns; what is not named here is text."""


def audit(
    path: str | os.PathLike[str],
    mapping: str | os.PathLike[str],
    config: Config | Mapping[str, Any] | None = None,
) -> AuditResult:
    """Look through a file, or all files of a folder to its bottom, for everybody whom the mapping knows.

    `config` is a `Config`, or plain tables as for `anonkit.load`: how the tokenizers are set up says which spellings
    betray an identity and where they may stand, so it should be that of the run. Text that the reporters of `config`
    write of their own accord is no find. ConfigError when path or mapping are not there, InputError for a file that
    cannot be unpacked.
    """
    settled = config if isinstance(config, Config) else load(config or {}, complete=False)
    held = MappingFile.load(Path(mapping), Keys.from_options(settled.mapping))
    if held.read is None:
        raise ConfigError(f"--mapping {mapping}: no such file; name the file that the run was given with --mapping")
    files = list(_files(Path(path)))
    if not files:
        raise ConfigError(f"{path}: no file is there to look through; name a file, or a folder with files in it")
    plugins = Plugins.from_config(settled)
    tokenizers = [*plugins.tokenizers, *(make(choice) for choice in settled.disabled_tokenizers)]
    labels = _labels(settled, plugins, tokenizers)
    ready = RunAudit.from_known(known_in_mapping(held, tokenizers), tokens_of({}, held))
    workers = worker_count(settled.run.workers)
    found = [FileToAudit(file, _name(file, Path(path)), number, labels) for number, file in enumerate(files, 1)]
    try:
        with local_executor(workers) as executor:
            return ready.files(found, executor, workers)
    except OSError as error:
        raise InputError(f"{path}: a file in it cannot be read ({error.strerror}); nothing is proved") from None


def _files(path: Path) -> Iterator[Path]:
    if path.is_dir():
        yield from sorted(file for file in path.rglob("*") if file.is_file())
    elif path.exists():
        yield path


def _name(file: Path, path: Path) -> str:
    return file.relative_to(path).as_posix() if path.is_dir() else file.name


def _labels(config: Config, plugins: Plugins, tokenizers: Sequence[Tokenizer]) -> Labels:
    """Return the labels of every reporter that is installed, and of the manifest.

    Which of them wrote the files, and of which columns, is not known: so all columns of the catalogue count.
    """
    made = [*plugins.reporters, *_other_reporters(config)]
    schema = _schema(config, tokenizers, [reporter for _, reporter in made])
    prefixes = {tokenizer.kind: tokenizer.text_prefix for tokenizer in tokenizers}
    layout = ColumnRoles.from_schema(schema, schema.names, plugins.tokenizers, config.roles)
    classes = config.classes
    with plugin_errors("an anonymizer"):
        told = operations(plugins.transforms, layout, schema)
    context = RunContext(
        roles=config.roles,
        schema=schema,
        total_rows=0,
        identities={},
        garbled=True,
        text_prefixes=prefixes,
        garble=lambda array: array,
        operations=told,
        columns={name: classes.classify(name) for name in schema.names},
    )
    bound = [BoundReporter(choice.name, reporter, context) for choice, reporter in made]
    return labels_of(bound, texts_of_manifest(bound, config, schema.names, prefixes))


def _schema(config: Config, tokenizers: Sequence[Tokenizer], reporters: Sequence[AnyReporter]) -> pa.Schema:
    """Return the columns that a run may have written about."""
    catalogued = {one.name: _TYPES.get(one.type, pa.string()) for one in catalogue() if "*" not in one.name}
    names = dict.fromkeys((*(config.run.columns or standard_columns(config.roles)), *catalogued))
    known = pa.schema([pa.field(name, catalogued.get(name, pa.string())) for name in names])
    asked = [name for tokenizer in tokenizers for name in tokenizer.columns(known, config.roles)]
    asked += [name for reporter in reporters for name in reporter.columns(config.roles)]
    further = [pa.field(name, pa.string()) for name in dict.fromkeys(asked) if name not in names]
    return pa.schema([*known, *further])


def _other_reporters(config: Config) -> list[tuple[Choice[Any], AnyReporter]]:
    """Return the installed reporters that are not switched on, as far as they can be made."""
    on = {choice.name for choice in config.reporters}
    others: list[tuple[Choice[Any], AnyReporter]] = []
    for name, installed in discover().reporters.items():
        if name not in on:
            choice = Choice(installed.type, installed.type.options())
            with suppress(PluginError):
                made = make(choice)
                others += [(choice, made)] if isinstance(made, Reporter) else []
    return others
