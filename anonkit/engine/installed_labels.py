"""The labels of all installed reporters, for files of an unknown reporter.

Nor are the columns of such a file known, so all columns of the catalogue count.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any

import pyarrow as pa

from anonkit.auditing.exclusions import Labels
from anonkit.auditing.labels import labels_of, texts_of_manifest
from anonkit.catalogue import Attribute, catalogue
from anonkit.config.model import Choice, Config
from anonkit.config.presets import shipped_presets
from anonkit.engine.operations import operations
from anonkit.engine.plugins import Plugins, make
from anonkit.errors import PluginError
from anonkit.input.column_roles import ColumnRoles
from anonkit.input.column_selection import standard_columns
from anonkit.plugin.bound_reporter import BoundReporter
from anonkit.plugin.contracts import AnyReporter, RunContext, Tokenizer
from anonkit.plugin.discovery import discover
from anonkit.plugin.guard import plugin_errors

__all__ = ["labels_of_installed"]

_TYPES = {"integer": pa.int64(), "real": pa.float64(), "boolean": pa.bool_()}
"""Of the catalogue's columns; columns of other types are text."""


def labels_of_installed(config: Config, plugins: Plugins, tokenizers: Sequence[Tokenizer]) -> Labels:
    """Return the labels of every installed reporter, and of the manifest."""
    reporters = [*plugins.reporters, *_other_reporters(config)]
    schema = _schema(config, tokenizers, [reporter for _, reporter in reporters])
    prefixes = {tokenizer.kind: tokenizer.text_prefix for tokenizer in tokenizers}
    context = _context(config, plugins, schema, prefixes)
    bound = [BoundReporter(choice.name, reporter, context) for choice, reporter in reporters]
    return labels_of(bound, texts_of_manifest(bound, config, schema.names, prefixes))


def _context(config: Config, plugins: Plugins, schema: pa.Schema, prefixes: Mapping[str, str]) -> RunContext:
    """Return the context of a run over no rows of `schema`."""
    column_roles = ColumnRoles.from_schema(schema, schema.names, plugins.tokenizers, config.roles)
    with plugin_errors("an anonymizer"):
        done = operations(plugins.transforms, column_roles, schema)
    classes = config.classes
    return RunContext(
        roles=config.roles,
        schema=schema,
        total_rows=0,
        identities={},
        garbled=True,
        text_prefixes=prefixes,
        garble=lambda array: array,
        operations=done,
        columns={name: classes.classify(name) for name in schema.names},
    )


def _schema(config: Config, tokenizers: Sequence[Tokenizer], reporters: Sequence[AnyReporter]) -> pa.Schema:
    """Return all columns that a run may have written."""
    catalogued = {
        attribute.name: _TYPES.get(attribute.type, pa.string())
        for attribute in (*_of_presets(config), *catalogue())
        if "*" not in attribute.name
    }
    names = dict.fromkeys((*(config.run.columns or standard_columns(config)), *catalogued))
    known = pa.schema([pa.field(name, catalogued.get(name, pa.string())) for name in names])
    needed = [name for tokenizer in tokenizers for name in tokenizer.columns(known, config.roles)]
    needed += [name for reporter in reporters for name in reporter.columns(config.roles)]
    return pa.schema([*known, *(pa.field(name, pa.string()) for name in dict.fromkeys(needed) if name not in names)])


def _of_presets(config: Config) -> Iterator[Attribute]:
    for preset in {**shipped_presets(), **config.presets}.values():
        yield from preset.attributes.values()


def _other_reporters(config: Config) -> list[tuple[Choice[Any], AnyReporter]]:
    """Return the reporters that come with anonkit, are switched off and can be made.

    A reporter of another package is made only by a configuration that switches it on.
    """
    enabled = {choice.name for choice in config.reporters}
    others: list[tuple[Choice[Any], AnyReporter]] = []
    for name, installed in discover().reporters.items():
        if name not in enabled and installed.is_shipped:
            choice = Choice(installed.type, installed.type.options())
            with suppress(PluginError):
                others.append((choice, make(choice)))
    return others
