"""Checks across values: mistakes that no single option can see."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import Any

from anonkit.config.given import listed
from anonkit.config.model import Choice, Config
from anonkit.config.moments import moment
from anonkit.config.presets import SHIPPED
from anonkit.config.schema import Schema, Setting
from anonkit.errors import PluginConflictError, PluginLoadError, nearest
from anonkit.file_names import MANIFEST, STANDARD_INPUT
from anonkit.options import option_fields
from anonkit.plugin.hooks import TokenizerSpec
from anonkit.plugin.registry import OWN_PACKAGE, Registry

__all__ = ["REQUIRED", "check_installation", "consistency", "requirements"]

_PRIVATE = ("identity_file", "passphrase_file", "access_log")
REQUIRED = ("run.data_dir", "run.output_dir")
"""Settings without a default."""


def check_installation(registry: Registry, switched_off: Collection[str] = ()) -> None:
    """Raise when an anonymizer that is on by default cannot be offered: a run without it might publish what it hides.

    `switched_off` names anonymizers that the user does without.
    """
    if any(broken.package == OWN_PACKAGE for broken in registry.broken):
        raise PluginLoadError(f"anonkit's own plugins could not be loaded: {registry.breakage()}; install anonkit anew")
    for broken in registry.broken:
        name = broken.plugin.partition(".")[2]
        if broken.hides and name not in switched_off:
            error = PluginConflictError if broken.clashes else PluginLoadError
            raise error(f"{broken}; it is on by default: leave it out with --disable {name}")


def requirements(config: Config, schema: Schema, given: Collection[str]) -> Iterator[str]:
    """Yield the settings that a run lacks; `given` names the settings that were given, rightly or not."""
    for name in REQUIRED:
        setting = schema.settings[name]
        if not getattr(config.run, setting.key) and not _wrong(setting, config, given):
            yield _not_given(setting)
    garbled = any(choice.garble for choice in config.reporters) if config.reporters else config.run.garble
    if garbled and not any(isinstance(choice.type, TokenizerSpec) for choice in config.anonymizers):
        yield "[anonymizers]: none is switched on, so outputs would hold originals; --enable one, or say --no-garble"


def consistency(config: Config, place: Callable[[str], str]) -> Iterator[str]:
    """Yield the settings that contradict each other; `place` returns where a setting was given."""
    run = config.run
    private = {f"mapping.{key}": getattr(config.mapping, key) for key in _PRIVATE}
    paths = {**{f"run.{key}": getattr(run, key) for key in ("data_dir", "output_dir", "mapping")}, **private}
    for name, path in paths.items():
        if "\0" in (path or ""):
            yield f"{place(name)}: no path holds a null character"
            return
    known = (*SHIPPED, *config.presets)
    if run.preset is not None and run.preset not in known:
        yield f"{place('run.preset')}: no preset {run.preset!r}{nearest(run.preset, known) or listed(known)}"
    yield from _selection(config, place)
    if STANDARD_INPUT in run.more_data:
        yield f"{place('run.more_data')}: - is standard input, and read once: give it first"
    if os.path.exists(run.output_dir) and not os.path.isdir(run.output_dir):
        yield f"{place('run.output_dir')}: {run.output_dir!r} is a file; name a folder"
    if run.mapping is not None:
        yield from (f"{place('run.mapping')}: {fault}" for fault in _mapping(run.mapping, run.output_dir))
    for name, path in private.items():
        if path is not None:
            yield from (f"{place(name)}: {fault}" for fault in _private(path, run.output_dir))
    yield from _output_names(config, place)


def _selection(config: Config, place: Callable[[str], str]) -> Iterator[str]:
    """Yield the mistakes in the settings that select rows."""
    run = config.run
    times: dict[str, int] = {}
    for key in ("since", "until"):
        text = getattr(run, key)
        try:
            times |= {} if text is None else {key: moment(text)}
        except (ValueError, OverflowError):
            yield f"{place(f'run.{key}')}: expected a time: 2024-01-31, 2024-01-31T12:00:00+01:00 or seconds since 1970"
    if len(times) == 2 and times["since"] >= times["until"]:
        yield f"{place('run.until')}: the time is not after since, so no row would be taken"
    if run.sample is not None and not 0 < run.sample <= 1:
        yield f"{place('run.sample')}: expected a share above 0 and at most 1, found {run.sample}"
    if run.sql is not None and not run.sql.strip():
        yield f"{place('run.sql')}: expected a query, as SELECT * FROM jobs; leave the option out to read the files"
    if run.where is not None and not run.where.strip():
        yield f"{place('run.where')}: expected a condition; leave the option out to take all rows"


def _wrong(setting: Setting, config: Config, given: Collection[str]) -> bool:
    """Whether it was given wrongly, which is reported already."""
    return setting.name in given and setting.name not in config.sources


def _not_given(setting: Setting) -> str:
    flag = f"{setting.info.flags[0]} {setting.info.metavar}"
    return (
        f"{setting.name}: not set ({setting.info.help}); give {flag}, set {setting.variables[-1]}, "
        f"or write {setting.key} below [{setting.section}] in anonkit.toml"
    )


def _mapping(mapping: str, output_dir: str) -> Iterator[str]:
    if not mapping:
        yield "expected the name of a file; leave the option out to write none"
    elif os.path.isdir(mapping):
        yield f"{mapping!r} is a folder; name a file"
    elif _is_inside(mapping, output_dir):
        yield (
            f"{mapping!r} is inside the output folder {output_dir!r}, which is meant to be handed on, and a mapping "
            "undoes the anonymization; choose a file elsewhere"
        )


def _private(file: str, output_dir: str) -> Iterator[str]:
    if not file:
        yield "expected the name of a file; leave the option out to have none"
    elif _is_inside(file, output_dir):
        folder = f"the output folder {output_dir!r}, which is meant to be handed on"
        yield f"{file!r} is inside {folder}; choose a file elsewhere"


def _is_inside(file: str, folder: str) -> bool:
    return bool(folder) and Path(os.path.realpath(file)).is_relative_to(os.path.realpath(folder))


def _output_names(config: Config, place: Callable[[str], str]) -> Iterator[str]:
    taken = {MANIFEST: "that of the manifest"}
    reporters: list[tuple[str, Choice[Any]]] = [(f"reporters.{choice.name}", choice) for choice in config.reporters]
    encoders = [(f"encoders.{choice.name}", choice) for choice in config.encoders]
    for section, choice in (*reporters, *encoders):
        for field in option_fields(choice.type.options):
            name = getattr(choice.options, field.key)
            if not field.info.file_name or name is None:
                continue
            if other := taken.get(name.casefold()):
                here = place(f"{section}.{field.key}")
                yield f"{here}: the name {name!r} is also {other}; choose another"
            taken.setdefault(name.casefold(), f"that of [{section}] {field.key}")
