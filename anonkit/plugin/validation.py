"""Checks of a specification before it is offered."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from anonkit.plugin.hooks import (
    CommandSpec,
    EncoderSpec,
    ExecutorSpec,
    PluginSpec,
    ProfileSpec,
    ReaderSpec,
    ReporterSpec,
    RoleSpec,
    TokenizerSpec,
    TransformSpec,
)
from anonkit.plugin.registry import LOCAL

__all__ = ["check_spec"]

_SPECS: Mapping[str, tuple[type[Any], ...]] = {
    "readers": (ReaderSpec,),
    "anonymizers": (TokenizerSpec, TransformSpec),
    "reporters": (ReporterSpec,),
    "encoders": (EncoderSpec,),
    "executors": (ExecutorSpec,),
    "commands": (CommandSpec,),
    "roles": (RoleSpec,),
    "profiles": (ProfileSpec,),
}

_NAME = re.compile(r"[a-z][a-z0-9_]*\Z")
_COMMAND = re.compile(r"[a-z][a-z0-9-]*\Z")
_PLACE = re.compile(r"[^\s:]+:[^\s:]+\Z")


def check_spec(section: str, spec: Any) -> None:
    """Check a specification that a hook of a section returned. TypeError, ValueError, NameError with what is wrong."""
    wanted = _SPECS[section]
    if not isinstance(spec, wanted):
        names = " or ".join(kind.__name__ for kind in wanted)
        raise TypeError(f"gave a {type(spec).__name__}, not a {names}")
    if isinstance(spec, CommandSpec):
        _check_command(spec)
    elif isinstance(spec, RoleSpec):
        _check_role(spec)
    elif isinstance(spec, ProfileSpec):
        _check_name(spec.name)
        _check_line(spec.name, "summary", spec.summary)
        _check_place(spec.name, spec.place)
    else:
        _check_plugin(spec, section)


def _check_command(spec: CommandSpec) -> None:
    if not _COMMAND.match(spec.name):
        raise ValueError(f"the name {spec.name!r} is not lower-case letters, digits and dashes")
    _check_line(spec.name, "summary", spec.summary)
    _check_place(spec.name, spec.place)
    if spec.function:
        _check_place(spec.name, spec.function)


def _check_role(spec: RoleSpec) -> None:
    _check_name(spec.name)
    _check_line(spec.name, "help", spec.help)
    from anonkit.plugin.declared_options import check_role  # which `anonkit --help` need not import

    check_role(spec)


def _check_plugin(spec: PluginSpec, section: str) -> None:
    _check_name(spec.name)
    _check_line(spec.name, "summary", spec.summary)
    if not isinstance(spec.enabled, bool):
        raise TypeError(f"{spec.name}: enabled is {spec.enabled!r}, neither True nor False")
    if section == "executors" and spec.name == LOCAL:
        raise ValueError(f"the name {LOCAL!r} is that of anonkit's own executor")
    if isinstance(spec, ReaderSpec):
        _check_patterns(spec)
    if not callable(spec.factory):
        _check_place(spec.name, spec.factory)
    from anonkit.plugin.declared_options import check_options  # as above

    check_options(spec, section)


def _check_patterns(spec: ReaderSpec) -> None:
    patterns: Any = spec.patterns
    if not isinstance(patterns, tuple) or not all(
        isinstance(pattern, str) and pattern == pattern.lower() for pattern in patterns
    ):
        raise TypeError(f'{spec.name}: its patterns are {spec.patterns!r}, not lower-case names like ("*.csv",)')
    _check_line(spec.name, "example", spec.example)


def _check_name(name: str) -> None:
    if not _NAME.match(name):
        raise ValueError(f"the name {name!r} is not lower-case letters, digits and underscores")


def _check_line(name: str, key: str, text: Any) -> None:
    if not isinstance(text, str) or len(text.splitlines()) > 1:
        raise TypeError(f"{name}: its {key} is not one line of text")


def _check_place(name: str, place: Any) -> None:
    if not isinstance(place, str) or not _PLACE.match(place):
        raise ValueError(f'{name}: {place!r} names no place; write "package.module:name"')
