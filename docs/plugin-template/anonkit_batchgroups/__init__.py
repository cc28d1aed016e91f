"""Hooks only: importing this module must stay cheap, since every `anonkit run --help` does it."""

from __future__ import annotations

import attrs

from anonkit.api import ReaderSpec, ReporterSpec, TokenizerSpec, hookimpl, option


@attrs.frozen(kw_only=True)
class GroupOptions:
    """`[anonymizers.group]`."""

    column: str = option("AccountingGroup", help="column of the accounting group", flag="--group-col", metavar="COL")


@attrs.frozen(kw_only=True)
class BusySitesOptions:
    """`[reporters.busy_sites]`."""

    top: int = option(10, help="how many sites to list", flag="--busy-top", metavar="N", minimum=1)
    file: str = option("busy_sites.json", help="name of the output", file_name=True)


@hookimpl
def register_readers() -> list[ReaderSpec]:
    """Return the reader of pairs of accounting group and site."""
    factory = "anonkit_batchgroups.pairs:PairsReader"
    return [ReaderSpec(name="pairs", summary="group and site in each line", factory=factory, patterns=("*.pairs",))]


@hookimpl
def register_anonymizers() -> list[TokenizerSpec]:
    """Return the tokenizer of accounting groups."""
    factory = "anonkit_batchgroups.group:GroupTokenizer"
    return [TokenizerSpec(name="group", summary="accounting groups", options=GroupOptions, factory=factory)]


@hookimpl
def register_reporters() -> list[ReporterSpec]:
    """Return the reporter of busy sites."""
    factory = "anonkit_batchgroups.busy_sites:BusySites"
    return [ReporterSpec(name="busy_sites", summary="sites by jobs", options=BusySitesOptions, factory=factory)]
