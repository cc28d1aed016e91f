"""The resolved configuration of a run, without regard to the file, variable, flag or Python call of each value."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Generic, Literal, TypeVar

import attrs

from anonkit.catalogue import CatalogueOptions, Classes, Preset
from anonkit.options import option
from anonkit.plugin.contracts import Roles
from anonkit.plugin.hooks import AnonymizerSpec, EncoderSpec, ExecutorSpec, ReaderSpec, ReporterSpec, TokenizerSpec

__all__ = ["NULL_VALUES", "Choice", "Config", "MappingOptions", "RunOptions"]

T = TypeVar("T")

PLACEHOLDERS = ("unknown", "n/a", "unmapped", "unavailable", "not available")
NULL_VALUES = ("", "None", "nan", "null", "undefined", "___null___")


@attrs.frozen(kw_only=True)
class RunOptions:
    """`[run]`."""

    data_dir: str = option(
        "",
        help="input: a folder, one file, a glob, a URI (s3://..., https://...), or - for standard input; the flag "
        "may be given again",
        flag="--data-dir",
        metavar="PATH",
        more="more_data",
    )
    more_data: tuple[str, ...] = option((), help="further inputs, read after data_dir")
    output_dir: str = option("", help="folder for the outputs", flag="--output-dir", metavar="DIR")
    profile: str | None = option(
        None,
        help="settings that belong together, by name: public, partner, internal, and those of plugins",
        flag="--profile",
        metavar="NAME",
    )
    force: bool = option(
        False, help="also replace files that have an output's name and were not published by a run", flag="--force"
    )
    preset: str | None = option(
        None,
        help="schema of the job records: fife, htcondor, slurm, swf, or your own of [presets.NAME]; not set: the one "
        "that alone fits the columns, else fife",
        flag="--preset",
        metavar="NAME",
    )
    columns: tuple[str, ...] = option(
        (), help="columns of a row record, in order; empty: those of the preset, under the names of [roles]"
    )
    sql: str | None = option(
        None,
        help="query of DuckDB over the table jobs; the run reads its result: SELECT ... FROM jobs",
        flag="--sql",
        metavar="SQL",
    )
    where: str | None = option(
        None,
        help="condition in SQL on the columns of a row; a row that does not fulfil it is left out",
        flag="--where",
        metavar="SQL",
    )
    since: str | None = option(
        None,
        help="leave out rows before this time: 2024-01-31, 2024-01-31T12:00:00+01:00",
        flag="--since",
        metavar="TIME",
    )
    until: str | None = option(None, help="leave out rows at this time or later", flag="--until", metavar="TIME")
    sample: float | None = option(
        None,
        help="take this share of the rows, the same ones each time: 0.01",
        flag="--sample",
        metavar="SHARE",
        minimum=0,
    )
    limit: int | None = option(
        None,
        help="take only the first N of the rows that the other options take",
        flag="--limit",
        metavar="N",
        minimum=1,
    )
    learn: Literal["input", "shown"] = option(
        "input",
        help="where identities are learnt: from all columns of the input that the catalogue knows to hold them, "
        "or from shown columns alone",
    )
    allow: tuple[str, ...] = option(
        (),
        help="a column of class never in the catalogue that is passed on all the same, as garbled text",
        flag="--allow",
        metavar="COL",
        flag_appends=True,
    )
    null_values: tuple[str, ...] = option(NULL_VALUES, help="texts that mean null, whatever their letter case")
    placeholders: tuple[str, ...] = option(
        PLACEHOLDERS,
        help="more texts that mean null where a cell is an identity, and are words like others elsewhere",
        adds=True,
    )
    garble: bool = option(True, help="write tokens instead of originals", flag="--garble/--no-garble")
    mapping: str | None = option(
        None, help="JSON file of identities and tokens: read, extended, written", flag="--mapping", metavar="FILE"
    )
    audit: bool = option(
        True,
        help="search all outputs for every known identity, and publish nothing if one is found",
        flag="--audit/--no-audit",
    )
    on_find: Literal["withhold", "stop"] = option(
        "withhold",
        help="when the audit finds an identity in values of jobs: write these values as (withheld), or publish nothing",
    )
    max_withheld: float = option(
        0.001,
        help="largest share of all values that may be withheld; above it, and above 20 values, nothing is published",
        minimum=0,
    )
    findings: str | None = option(
        None,
        help="file for the findings of a refused run, with the text around them: for the operator's eyes only",
        flag="--findings",
        metavar="FILE",
    )
    max_value_bytes: int = option(
        16 << 20, help="a longer value of the input is written as (withheld), and counted", minimum=1
    )
    strict: bool = option(False, help="publish nothing when there is a warning", flag="--strict")
    order: Literal["appearance", "shuffled"] = option(
        "appearance", help="order of the identities' numbers: by first appearance, or at random"
    )
    job_numbers: bool = option(
        False, help="number the jobs, in a column job of every output that has rows", flag="--job-numbers"
    )
    on_bad_file: Literal["stop", "skip"] = option("stop", help="what to do with a damaged file")
    on_bad_record: Literal["stop", "skip"] = option(
        "stop", help="what to do with a record that cannot be read; skip leaves it out and counts it"
    )
    workers: int = option(0, help="worker processes; 0: one for each core", flag="--workers", metavar="N", minimum=0)
    batch_rows: int = option(16384, help="rows in a batch", minimum=1)
    executor: str = option("local", help="executor of the two passes")


@attrs.frozen(kw_only=True)
class MappingOptions:
    """`[mapping]`: how the file that `[run] mapping` names is encrypted and opened."""

    recipients: tuple[str, ...] = option(
        (),
        help="public keys (age1..., ssh-ed25519 ..., ssh-rsa ...) to encrypt the mapping to",
        flag="--mapping-recipient",
        flag_appends=True,
        metavar="KEY",
    )
    identity_file: str | None = option(
        None, help="file with the private key that opens the mapping", flag="--mapping-identity", metavar="FILE"
    )
    passphrase_file: str | None = option(
        None,
        help="file with the passphrase of the mapping, which ANONKIT_MAPPING_PASSPHRASE may hold instead",
        flag="--mapping-passphrase-file",
        metavar="FILE",
    )
    ask_passphrase: bool = option(
        False, help="ask for a passphrase, and encrypt the mapping with it", flag="--mapping-ask-passphrase"
    )
    access_log: str | None = option(
        None, help="log of each use of the mapping, instead of FILE.access.log beside it", metavar="FILE"
    )


@attrs.frozen
class Choice(Generic[T]):
    """A plugin that is switched on, with its options (an instance of its options class)."""

    type: T
    options: Any
    garble: bool = True
    """False for a reporter that gets raw rows."""
    package: str = ""
    """Its package, and the package's version; empty for a plugin that was not found through an entry point."""
    version: str = ""

    @property
    def name(self) -> str:
        """The plugin's name."""
        name: str = self.type.name  # type: ignore[attr-defined]  # every plugin type has one
        return name


@attrs.frozen(kw_only=True)
class Config:
    """Everything that a run depends on; plugins in the order in which they apply."""

    run: RunOptions
    mapping: MappingOptions = attrs.field(factory=MappingOptions)
    roles: Roles = attrs.field(factory=Roles)
    catalogue: CatalogueOptions = attrs.field(factory=CatalogueOptions)
    readers: tuple[Choice[ReaderSpec], ...] | None = None
    """None for all that are installed and on by default."""
    anonymizers: tuple[Choice[AnonymizerSpec], ...] = ()
    reporters: tuple[Choice[ReporterSpec], ...] = ()
    encoders: tuple[Choice[EncoderSpec], ...] = ()
    executor: Choice[ExecutorSpec] | None = None
    """None for anonkit's own executor."""
    disabled_tokenizers: tuple[Choice[TokenizerSpec], ...] = ()
    """Tokenizers of anonkit's own that are on by default and were switched off: the audit looks for their
    identities all the same. Those of other packages are not made when they are off."""
    sources: Mapping[str, str] = attrs.field(factory=dict)
    """Origins of values, by dotted name: ``{"run.workers": "--workers"}``; any other value is a default."""
    presets: Mapping[str, Preset] = attrs.field(factory=dict)
    """Those of the user, by name."""
    preset: Preset | None = None
    """That of the input, once its columns are known."""
    warnings: tuple[str, ...] = ()
    """About settings that are given by names that they had before."""

    @property
    def classes(self) -> Classes:
        """The classes of columns, with those that this configuration changes."""
        return Classes(self.catalogue, self.run.allow, self.preset.attributes if self.preset else {})
