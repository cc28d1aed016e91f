"""The audit of files at any time: is anybody whom a mapping knows in them?"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa

from anonkit import manifest
from anonkit.auditing.findings import AuditResult
from anonkit.auditing.known import known_in_mapping, tokens_of
from anonkit.auditing.places import Labels
from anonkit.auditing.run import RunAudit
from anonkit.auditing.stretches import FileToAudit
from anonkit.columns import standard_columns
from anonkit.config import load
from anonkit.config.model import Config
from anonkit.contracts import Reporter, RunContext, Tokenizer
from anonkit.errors import ConfigError, InputError
from anonkit.executors import local_executor, worker_count
from anonkit.mapping import Keys
from anonkit.mapping import Mapping as MappingFile
from anonkit.prepared import Plugins, make

__all__ = ["audit"]


def audit(
    path: str | os.PathLike[str],
    mapping: str | os.PathLike[str],
    config: Config | Mapping[str, Any] | None = None,
) -> AuditResult:
    """Look through a file, or all files of a folder to its bottom, for everybody whom the mapping knows.

    `config` is a `Config`, or plain tables as for `anonkit.load`: how the tokenizers are set up says which spellings
    betray an identity and where they may stand, so it should be that of the run. Text that the reporters of `config`
    write of their own accord is no find. ConfigError when path or mapping are not there, InputError for a file that
    cannot be unpacked.
    """
    settled = config if isinstance(config, Config) else load(config or {}, complete=False)
    held = MappingFile.load(Path(mapping), Keys.of(settled.mapping))
    if held.read is None:
        raise ConfigError(f"--mapping {mapping}: no such file; name the file that the run was given with --mapping")
    files = list(_files(Path(path)))
    if not files:
        raise ConfigError(f"{path}: no file is there to look through; name a file, or a folder with files in it")
    plugins = Plugins.of(settled)
    tokenizers = [*plugins.tokenizers, *(make(choice) for choice in settled.watched)]
    labels = _labels(settled, plugins, tokenizers)
    ready = RunAudit.of(known_in_mapping(held, tokenizers), tokens_of({}, held))
    workers = worker_count(settled.run.workers)
    found = [FileToAudit(file, _name(file, Path(path)), number, labels) for number, file in enumerate(files, 1)]
    try:
        with local_executor(workers) as executor:
            return ready.files(found, executor, workers)
    except OSError as error:
        raise InputError(f"{path}: a file in it cannot be read ({error.strerror}); nothing is proved") from None


def _files(path: Path) -> Iterator[Path]:
    if path.is_dir():
        yield from sorted(file for file in path.rglob("*") if file.is_file())
    elif path.exists():
        yield path


def _name(file: Path, path: Path) -> str:
    return file.relative_to(path).as_posix() if path.is_dir() else file.name


def _labels(config: Config, plugins: Plugins, tokenizers: list[Tokenizer]) -> Labels:
    """Return the labels of every reporter that is switched on, and of the manifest."""
    columns = config.run.columns or standard_columns(config.roles)
    prefixes = {tokenizer.kind: tokenizer.text_prefix for tokenizer in tokenizers}
    context = RunContext(
        roles=config.roles,
        schema=pa.schema([pa.field(name, pa.string()) for name in columns]),
        total_rows=0,
        identities={},
        garbled=True,
        text_prefixes=prefixes,
        garble=lambda array: array,
    )
    made: list[Reporter[Any, Any]] = [reporter for _, reporter in plugins.reporters]
    own = [label for reporter in made for label in reporter.labels(context)]
    quoted = [f'"{label[1:]}' for label in own if label.startswith("\n")]
    known = manifest.known_texts(config, columns, prefixes)
    entries = [reporter.entry for reporter in made if reporter.entry]
    return Labels.of((*own, *quoted, *known), "|".join(f"(?:{entry})" for entry in entries))
