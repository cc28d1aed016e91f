"""The manifest: a JSON document that lists the outputs, and says how they were made and from how many rows.

It holds no original and nothing about the machine: no paths, no times, no number of workers. The same rows and options
give the same manifest. With a mapping it also has the mapping's domain, which is random and shows only which mapping
the tokens belong to.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import Enum
from pathlib import PurePath
from types import MappingProxyType
from typing import Any

import attrs

from anonkit.config.model import Choice, Config
from anonkit.config.presets import SHIPPED
from anonkit.file_names import EXTENSIONS
from anonkit.output.manifest_entries import (
    ABSENT,
    ArchiveEntry,
    AuditEntry,
    ConfigEntry,
    Manifest,
    MappingEntry,
    PluginEntry,
    ReaderEntry,
    SelectionEntry,
    WeakEntry,
    WithheldEntry,
    as_json_value,
    keys_of,
)
from anonkit.output.output_info import OutputInfo
from anonkit.output.public_options import SECRET, PublicOptions
from anonkit.withheld import TOO_LONG, WITHHELD

__all__ = ["RunFacts", "known_texts", "render", "without_random_digits"]

# The operator's paths, and how the work was divided, are not for readers of the outputs.
_LOCAL = frozenset({"data_dir", "more_data", "output_dir", "mapping", "findings", "workers", "batch_rows", "executor"})

# These are in entries of their own, without the names that they may hold.
_APART = frozenset({"preset", "sql", "where", "since", "until", "sample", "limit"})

_GARBLE = "garble"


@attrs.frozen(kw_only=True)
class RunFacts:
    """The facts of a manifest that are neither options nor outputs."""

    version: str
    """Of anonkit."""
    rows: int
    identities: Mapping[str, int]
    """The number of identities by kind."""
    input: Sequence[ReaderEntry] = ()
    skipped: Sequence[str] = ()
    """Files that were not read, and why."""
    missing_rows: Sequence[str] = ()
    """Why the input may not have all rows that it should have."""
    selection: SelectionEntry | None = None
    """None when all rows are taken."""
    domain: str | None = None
    """The mapping's domain, None without a mapping."""
    withheld: Mapping[tuple[str, str], int] = MappingProxyType({})
    """The number of withheld values by column and token."""
    weak: Mapping[str, int] = MappingProxyType({})
    """How often a weak name was left in text, by token."""


def render(
    facts: RunFacts,
    config: Config,
    public: PublicOptions,
    outputs: Sequence[OutputInfo],
    archive: OutputInfo | None = None,
    audit: AuditEntry | None = None,
) -> bytes:
    """Return the manifest as JSON; `archive` is None without an archive, `audit` without an audit."""
    manifest = Manifest(
        anonkit=facts.version,
        plugins=[_plugin(choice) for choice in _choices(config)],
        config=_config(config, public),
        preset=_preset(config, public),
        rows=facts.rows,
        input=facts.input,
        selection=ABSENT if facts.selection is None else facts.selection,
        identities=facts.identities,
        skipped_files=[public.text(name) for name in facts.skipped],
        missing_rows=[public.text(reason) for reason in facts.missing_rows] or ABSENT,
        outputs=outputs,
        mapping=ABSENT if facts.domain is None else MappingEntry(domain=facts.domain),
        audit=AuditEntry(done=False) if audit is None else audit,
        withheld=_withheld(facts) or ABSENT,
        weak=[WeakEntry(token=token, left=left) for token, left in facts.weak.items()] or ABSENT,
        archive=ABSENT
        if archive is None
        else ArchiveEntry(name=archive.name, size=archive.size, sha256=archive.sha256),
    )
    return json.dumps(as_json_value(manifest), ensure_ascii=False, indent=2).encode() + b"\n"


def _config(config: Config, public: PublicOptions) -> ConfigEntry:
    return ConfigEntry(
        run={key: value for key, value in public.options(config.run).items() if key not in _LOCAL | _APART},
        roles=public.roles(config.roles),
        catalogue=public.options(config.catalogue),
        anonymizers={choice.name: public.options(choice.options) for choice in config.anonymizers},
        reporters={
            choice.name: {_GARBLE: choice.garble, **public.options(choice.options)} for choice in config.reporters
        },
        encoders={choice.name: public.options(choice.options) for choice in config.encoders},
    )


def _preset(config: Config, public: PublicOptions) -> str:
    """Return the name of the preset; one of the user's own may hold a name."""
    name = config.preset.name if config.preset else SHIPPED[0]
    return name if name in SHIPPED else public.text(name)


def _withheld(facts: RunFacts) -> list[WithheldEntry]:
    return [
        WithheldEntry(column=column, token=token, values=values)
        for (column, token), values in sorted(facts.withheld.items())
    ]


def _choices(config: Config) -> list[Choice[Any]]:
    return [*(config.readers or ()), *config.anonymizers, *config.reporters, *config.encoders]


def _plugin(choice: Choice[Any]) -> PluginEntry:
    return PluginEntry(name=choice.name, package=choice.package, version=choice.version)


# In the text of an option or of a job these would have escaped quotes.
_RANDOM = re.compile(rb'(?<="sha256": ")[^"]*(?=")|(?<="domain": ")[^"]*(?=")')


def without_random_digits(document: bytes) -> bytes:
    """Return a manifest with dashes for its checksums and its domain, which may hold a short name by chance."""
    return _RANDOM.sub(lambda found: b"-" * len(found[0]), document)


def known_texts(config: Config, columns: Sequence[str], kinds: Iterable[str]) -> Iterator[str]:
    """Yield, quoted as in JSON, the texts of a manifest that are public anyway: no finding of the audit.

    They are its keys, the names of plugins, options, columns and kinds, the defaults, and the extensions of files.
    """
    choices = _choices(config)
    plugins = [text for choice in choices for text in (choice.name, choice.package, choice.version)]
    options = [config.run, config.roles, config.catalogue, *(choice.options for choice in choices)]
    option_keys = [field.name for group in options for field in attrs.fields(type(group))]
    defaults = [text for group in options for text in _texts(attrs.astuple(type(group)()))]
    yield from (f'.{extension}"' for extension in EXTENSIONS)
    yield from (f".{extension}." for extension in EXTENSIONS)
    fixed = (*keys_of(), *SHIPPED, _GARBLE, SECRET, WITHHELD, TOO_LONG)
    for text in dict.fromkeys((*fixed, *plugins, *columns, *kinds, *config.roles.columns, *option_keys, *defaults)):
        if text:
            yield json.dumps(text, ensure_ascii=False)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, Enum):
        yield value.value
    elif isinstance(value, str):
        yield value
    elif isinstance(value, PurePath):
        yield value.name
    elif isinstance(value, Mapping):
        yield from _texts([*value.keys(), *value.values()])
    elif isinstance(value, (list, tuple)):
        for inner in value:
            yield from _texts(inner)
