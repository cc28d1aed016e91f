"""The configuration: defaults, anonkit.toml, ANONKIT_* variables and flags, resolved into one `Config`.

config = anonkit.config.load({"run": {"data_dir": "data", "output_dir": "out"},
                              "reporters": {"site_jobs": {"sites": ["FermiGrid"]}}})
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from anonkit.config.checks import check_installation
from anonkit.config.given import Given
from anonkit.config.model import Choice, Config, RunOptions
from anonkit.config.overrides import Overrides, from_overrides
from anonkit.config.presets import PRESETS, read_presets
from anonkit.config.profiles import from_profile
from anonkit.config.resolve import Resolved, Value, resolve
from anonkit.config.schema import CONFIG_VARIABLE, Schema
from anonkit.config.tables import from_tables, order_of
from anonkit.config.toml import read_document
from anonkit.config.toml_places import NOWHERE, Places
from anonkit.config.variables import from_variables
from anonkit.errors import ConfigError
from anonkit.plugin.discovery import discover
from anonkit.plugin.registry import Registry

__all__ = [
    "FILE",
    "Choice",
    "Config",
    "Overrides",
    "Resolved",
    "RunOptions",
    "Value",
    "load",
    "load_resolved",
    "settled",
]

FILE = "anonkit.toml"
"""The configuration file that is read if it exists and none is named."""

Tables = Mapping[str, Any]


def load(
    values: Tables | None = None,
    *,
    file: str | os.PathLike[str] | None = None,
    environ: Mapping[str, str] | None = None,
    overrides: Overrides | None = None,
    registry: Registry | None = None,
    complete: bool = True,
) -> Config:
    """Return the configuration that results from these layers, each winning over those before it:

    1. the defaults, then the profile that one of the other layers names in ``[run] profile``,
    2. `file`, or the file that ANONKIT_CONFIG names, or ``anonkit.toml`` in the working folder if there is one,
    3. the ``ANONKIT_…`` variables of `environ`; of this process if it is None, so ``{}`` leaves them out,
    4. `values`: tables as in the file, ``{"run": {"workers": 4}}``,
    5. `overrides`: the settings of a command line.

    `registry` has the plugins to choose from; None means the installed ones. With `complete`, a run must be possible:
    input and output set, every plugin that is on by default loadable. Relative paths start from the working folder.

    Raises ConfigError with every mistake at once; PluginLoadError or PluginConflictError for a plugin that is switched
    on but cannot be loaded.
    """
    return load_resolved(
        values, file=file, environ=environ, overrides=overrides, registry=registry, complete=complete
    ).config


def load_resolved(
    values: Tables | None = None,
    *,
    file: str | os.PathLike[str] | None = None,
    environ: Mapping[str, str] | None = None,
    overrides: Overrides | None = None,
    registry: Registry | None = None,
    complete: bool = True,
) -> Resolved:
    """Return the same as `load`, with each value in force and its origin."""
    environ = os.environ if environ is None else environ
    values, overrides = values or {}, overrides or Overrides()
    schema = Schema.from_registry(discover() if registry is None else registry)
    mistakes: list[str] = []
    label, tables, places = _file(file, environ, mistakes)
    layers = ((label, tables), ("", values))
    if complete:
        check_installation(schema.registry, _switched_off(values, tables, overrides))
    given: Sequence[Given] = [
        *from_tables(tables, label, schema, mistakes, places),
        *from_variables(environ, schema, mistakes),
        *from_tables(values, "", schema, mistakes),
        *from_overrides(overrides, schema, mistakes),
    ]
    presets = read_presets([(at, layer[PRESETS]) for at, layer in layers if PRESETS in layer], mistakes)
    given = [*from_profile(given, schema, mistakes), *given]
    order = [*order_of(values), *order_of(tables)]
    return resolve(given, schema, mistakes, order=order, complete=complete, presets=presets)


def settled(config: Config | Tables | None, *, complete: bool = True) -> Config:
    """Return a configuration as it is, or what `load` makes of plain tables."""
    return config if isinstance(config, Config) else load(config or {}, complete=complete)


def _switched_off(values: Tables, tables: Tables, overrides: Overrides) -> set[str]:
    """Return the anonymizers that the user switches off, by name, be they offered or not."""
    names = {name.rpartition(".")[2] for name in overrides.disable}
    for layer in (values, tables):
        anonymizers = layer.get("anonymizers")
        for name, table in anonymizers.items() if isinstance(anonymizers, Mapping) else ():
            if isinstance(table, Mapping) and table.get("enabled") is False:
                names.add(name)
    return names


def _file(
    file: str | os.PathLike[str] | None, environ: Mapping[str, str], mistakes: list[str]
) -> tuple[str, dict[str, Any], Places]:
    """Return name, tables and places of the configuration file; a file that is not named may be missing."""
    named = os.fspath(file) if file is not None else environ.get(CONFIG_VARIABLE)
    if not named and not Path(FILE).exists():
        return FILE, {}, NOWHERE
    path = Path(named or FILE)
    try:
        return str(path), read_document(path), Places.from_file(path)
    except ConfigError as error:
        mistakes.extend(error.mistakes)
        return str(path), {}, NOWHERE
