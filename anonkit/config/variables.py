"""The layer of environment variables: ``ANONKIT_<SECTION>_<KEY>``, and ``ANONKIT_<KEY>`` for the keys of ``[run]``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import attrs

from anonkit.config.given import Given, parsed
from anonkit.config.schema import CONFIG_VARIABLE, PREFIX, Schema, Setting
from anonkit.errors import nearest
from anonkit.plugin.discovery import BLOCK_VARIABLE
from anonkit.plugin.guard import DEBUG_VARIABLE

__all__ = ["NEW_PASSPHRASE_VARIABLE", "PASSPHRASE_VARIABLE", "from_variables"]

PASSPHRASE_VARIABLE = f"{PREFIX}MAPPING_PASSPHRASE"
NEW_PASSPHRASE_VARIABLE = f"{PREFIX}MAPPING_NEW_PASSPHRASE"
_NO_SETTINGS = frozenset(
    {CONFIG_VARIABLE, PASSPHRASE_VARIABLE, NEW_PASSPHRASE_VARIABLE, DEBUG_VARIABLE, BLOCK_VARIABLE}
)
"""Variables that other modules read when they need them, so that no configuration shows their values."""


def from_variables(environ: Mapping[str, str], schema: Schema, mistakes: list[str]) -> Iterator[Given]:
    """Yield the values of the variables, in the order of their names. Variables of other programs are ignored."""
    first: dict[str, str] = {}
    for variable in sorted(environ):
        if not variable.startswith(PREFIX) or variable in _NO_SETTINGS:
            continue
        meant = schema.variables.get(variable, ())
        if len(meant) != 1:
            mistakes.append(f"{variable}: {_ambiguous(meant) if meant else _unknown(variable, schema)}")
            continue
        other = first.setdefault(meant[0].name, variable)
        if environ[other] != environ[variable]:
            mistakes.append(f"{variable}: {other} has another value; set only one of the two")
        is_moved = variable not in meant[0].variables
        for given in parsed(meant[0], environ[variable], variable, mistakes):
            yield attrs.evolve(given, is_moved=is_moved)


def _ambiguous(meant: tuple[Setting, ...]) -> str:
    places = " or ".join(setting.place for setting in meant)
    return f"could mean {places}; set it in anonkit.toml or with --set instead"


def _unknown(variable: str, schema: Schema) -> str:
    broken = f"; these packages could not be loaded: {schema.registry.breakage()}" if schema.registry.broken else ""
    return f"no such variable{nearest(variable, (*schema.variables, *sorted(_NO_SETTINGS)))}{broken}"
