"""Checks before a row is read: that the columns which plugins need exist, and that given flags have an effect."""

from __future__ import annotations

from collections.abc import Collection

import pyarrow as pa

from anonkit.config.model import Config
from anonkit.engine.plugins import Plugins
from anonkit.errors import ConfigError, nearest
from anonkit.plugin.contracts import Roles
from anonkit.plugin.guard import plugin_errors
from anonkit.plugin.hooks import TokenizerSpec, TransformSpec
from anonkit.plugin.registry import RESERVED_KEYS, SWITCHED

__all__ = ["check_roles", "check_transforms", "flags_without_effect"]


def check_roles(config: Config, plugins: Plugins, names: Collection[str]) -> None:
    """ConfigError for each role with a column that is not among `names`, if a plugin needs it or the user named it."""
    tokenizers = [choice.name for choice in config.anonymizers if isinstance(choice.type, TokenizerSpec)]
    needs = [
        (f"anonymizer {name}", role)
        for name, made in zip(tokenizers, plugins.tokenizers, strict=True)
        for role in made.required_roles
    ]
    needs += [(f"reporter {choice.name}", role) for choice, made in plugins.reporters for role in made.required_roles]
    needs += [
        (f"reporter {choice.name}", role)
        for choice, made in plugins.reporters
        for role in made.optional_roles
        if config.roles.columns.get(role) != ""
    ]
    missing = {role: column for role, column in config.roles.columns.items() if column not in names}
    close = {role: nearest(column, names) for role, column in missing.items()}
    mistakes = [
        f"{plugin} needs the {role} column, and {_absence(config, missing[role])}{close[role]}; "
        f"name it {_naming(role)}, or switch the plugin off with --disable {plugin.partition(' ')[2]}"
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


def _absence(config: Config, column: str) -> str:
    if not column and config.preset is not None:
        return f"the preset {config.preset.name} has none"
    return f"no input file has a column {column!r}"


def _naming(role: str) -> str:
    return f"with --{role}-col" if role in Roles().columns else f"as {role} below [roles]"


def check_transforms(config: Config, plugins: Plugins, schema: pa.Schema) -> None:
    """ConfigError for each column of `schema`, the tokenized one, that a reporter needs and a transform drops."""
    dropped_by: dict[str, str] = {}
    names = [choice.name for choice in config.anonymizers if isinstance(choice.type, TransformSpec)]
    for name, transform in zip(names, plugins.transforms, strict=True):
        with plugin_errors(f"anonymizer {name}"):
            changed = transform.schema(schema)
        dropped_by |= {column: name for column in schema.names if column not in changed.names}
        schema = changed
    roles = config.roles.columns
    mistakes = [
        f"reporter {choice.name} needs the column {column!r}, and anonymizer {dropped_by[column]} takes it away; "
        f"keep the column, or switch the reporter off with --disable {choice.name}"
        for choice, reporter in plugins.reporters
        if choice.garble
        for column in dict.fromkeys([*map(roles.__getitem__, reporter.required_roles), *reporter.columns(config.roles)])
        if column in dropped_by
    ]
    if mistakes:
        raise ConfigError(mistakes)


def flags_without_effect(config: Config) -> list[str]:
    """Return a warning for each flag that was given for a plugin that is switched off."""
    enabled = {f"anonymizers.{choice.name}" for choice in config.anonymizers}
    enabled |= {f"reporters.{choice.name}" for choice in config.reporters}
    enabled |= {f"encoders.{choice.name}" for choice in config.encoders}
    warnings: list[str] = []
    for name, flag in config.sources.items():
        section, _, key = name.rpartition(".")
        group, _, plugin = section.partition(".")
        if group not in SWITCHED or section in enabled or key in RESERVED_KEYS[group]:
            continue
        if flag.startswith("--") and not flag.startswith("--set"):
            switch = config.sources.get(f"{section}.enabled", "")
            advice = f"leave out {switch}" if switch.startswith("--disable") else f"add --enable {plugin}"
            warnings.append(f"{flag} has no effect: {plugin} is switched off; {advice}")
    return warnings
