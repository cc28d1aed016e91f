"""The shape of a manifest: one class for each JSON object in it, with the keys as its fields, in their order."""

from __future__ import annotations

import enum
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal, get_args

import attrs

from anonkit.output.output_info import OutputInfo

__all__ = [
    "ABSENT",
    "FORMAT",
    "ArchiveEntry",
    "AuditEntry",
    "ConfigEntry",
    "Manifest",
    "MappingEntry",
    "PluginEntry",
    "ReaderEntry",
    "SelectionEntry",
    "WeakEntry",
    "WithheldEntry",
    "as_json_value",
    "keys_of",
]


class _Absent(enum.Enum):
    ABSENT = "absent"


ABSENT: Literal[_Absent.ABSENT] = _Absent.ABSENT
"""The value of an entry that a manifest does not have; None is written as null."""
_Optional = Literal[_Absent.ABSENT]

FORMAT = "anonkit-manifest-1"
"""The version of the format. It changes when a key is dropped or gets another meaning."""


@attrs.frozen(kw_only=True)
class PluginEntry:
    """A plugin that was enabled."""

    name: str
    package: str
    version: str


@attrs.frozen(kw_only=True)
class ConfigEntry:
    """The options in force, by name."""

    run: Mapping[str, Any]
    roles: Mapping[str, Any]
    catalogue: Mapping[str, Any]
    anonymizers: Mapping[str, Mapping[str, Any]]
    reporters: Mapping[str, Mapping[str, Any]]
    encoders: Mapping[str, Mapping[str, Any]]


@attrs.frozen(kw_only=True)
class ReaderEntry:
    """The input that one reader read."""

    reader: str
    files: int
    rows: int
    bad_records: int


@attrs.frozen(kw_only=True)
class SelectionEntry:
    """The settings that select rows. A time that may point at a person is null."""

    sql: str | _Optional = ABSENT
    where: str | _Optional = ABSENT
    since: str | _Optional | None = ABSENT
    until: str | _Optional | None = ABSENT
    time_column: str | _Optional = ABSENT
    sample: float | _Optional = ABSENT
    limit: int | _Optional = ABSENT
    steps_left_out: int | _Optional = ABSENT
    """Rows that are parts of jobs."""
    rows_of_input: int


@attrs.frozen(kw_only=True)
class MappingEntry:
    """The mapping that gave the tokens."""

    domain: str


@attrs.frozen(kw_only=True)
class AuditEntry:
    """The result of the audit."""

    done: bool
    identities: int | _Optional = ABSENT
    patterns: int | _Optional = ABSENT
    outputs: int | _Optional = ABSENT
    bytes: int | _Optional = ABSENT
    exempt: Sequence[str] | _Optional = ABSENT
    finds: int | _Optional = ABSENT


@attrs.frozen(kw_only=True)
class WithheldEntry:
    """The values of a column that were withheld because of one identity."""

    column: str
    token: str
    values: int


@attrs.frozen(kw_only=True)
class WeakEntry:
    """A weak name, by token, and how often it was left in text."""

    token: str
    left: int


@attrs.frozen(kw_only=True)
class ArchiveEntry:
    """The archive of all outputs."""

    name: str
    size: int
    sha256: str


@attrs.frozen(kw_only=True)
class Manifest:
    """The whole document."""

    anonkit: str
    """The version."""
    format: str = FORMAT
    """Of the manifest; `manifest.schema.json` beside this module is its JSON Schema."""
    plugins: Sequence[PluginEntry]
    config: ConfigEntry
    preset: str
    """The schema of the job records."""
    rows: int
    input: Sequence[ReaderEntry]
    selection: SelectionEntry | _Optional = ABSENT
    identities: Mapping[str, int]
    """Their number by kind."""
    skipped_files: Sequence[str]
    missing_rows: Sequence[str] | _Optional = ABSENT
    """Why the input may not have all rows that it should have."""
    outputs: Sequence[OutputInfo]
    mapping: MappingEntry | _Optional = ABSENT
    audit: AuditEntry
    withheld: Sequence[WithheldEntry] | _Optional = ABSENT
    weak: Sequence[WeakEntry] | _Optional = ABSENT
    archive: ArchiveEntry | _Optional = ABSENT


def as_json_value(manifest: Manifest) -> dict[str, Any]:
    """Return the manifest as JSON has it, without the entries that are absent."""
    return attrs.asdict(manifest, filter=lambda _, value: value is not ABSENT)


def keys_of(entry: type[Any] = Manifest) -> Iterator[str]:
    """Yield the keys of a manifest, or of an entry, and of all entries inside it."""
    for field in attrs.fields(attrs.resolve_types(entry)):
        yield field.name
        for inner in _types_in(field.type):
            if attrs.has(inner):
                yield from keys_of(inner)


def _types_in(annotation: Any) -> Iterator[Any]:
    yield annotation
    for argument in get_args(annotation):
        yield from _types_in(argument)
