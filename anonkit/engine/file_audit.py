"""The audit of files at any time: it looks in them for the identities of a mapping."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import attrs

from anonkit.auditing.exclusions import Labels
from anonkit.auditing.findings import AuditResult
from anonkit.auditing.known import known_in_mapping, tokens_of
from anonkit.auditing.run import RunAudit
from anonkit.auditing.windows import FileToAudit
from anonkit.config import settled
from anonkit.config.model import Config
from anonkit.engine.installed_labels import labels_of_installed
from anonkit.engine.plugins import Plugins, make
from anonkit.engine.worker_modules import AUDIT_MODULES
from anonkit.errors import ConfigError, InputError
from anonkit.mapping import Keys
from anonkit.mapping import Mapping as MappingFile
from anonkit.runtime.task_runner import local_runner
from anonkit.runtime.workers import worker_count

__all__ = ["FileAudit", "audit"]


def audit(
    path: str | os.PathLike[str],
    mapping: str | os.PathLike[str],
    config: Config | Mapping[str, Any] | None = None,
) -> AuditResult:
    """Look in a file, or in all files below a folder, for every identity of the mapping.

    `config` is a `Config`, or plain tables as for `anonkit.load`. It should be that of the run: the options of its
    tokenizers decide which spellings of an identity are looked for, and where in a text they count. Text that reporters
    write whatever the rows hold is not a finding. A file that cannot be read is named in the result (`unread`).
    ConfigError when the path or the mapping does not exist.
    """
    return FileAudit.from_mapping(mapping, config)(path)


@attrs.frozen
class FileAudit:
    """An audit that is ready for files: most of its time is that of getting ready."""

    _run_audit: RunAudit
    _labels: Labels
    _workers: int

    @classmethod
    def from_mapping(
        cls, mapping: str | os.PathLike[str], config: Config | Mapping[str, Any] | None = None
    ) -> FileAudit:
        """Return the audit for the identities of a mapping; ConfigError when there is no such file."""
        configured = settled(config, complete=False)
        loaded = MappingFile.load(Path(mapping), Keys.from_options(configured.mapping))
        if loaded.read is None:
            raise ConfigError(f"--mapping {mapping}: no such file; name the file that the run was given with --mapping")
        plugins = Plugins.from_config(configured)
        tokenizers = [*plugins.tokenizers, *(make(choice) for choice in configured.disabled_tokenizers)]
        return cls(
            RunAudit.from_known(known_in_mapping(loaded, tokenizers), tokens_of({}, loaded)),
            labels_of_installed(configured, plugins, tokenizers),
            worker_count(configured.run.workers),
        )

    def __call__(self, path: str | os.PathLike[str]) -> AuditResult:
        """Return the findings in a file, or in all files below a folder; ConfigError when there is none."""
        root = Path(path)
        files = list(_files(root))
        if not files:
            raise ConfigError(f"{path}: no file is there to look through; name a file, or a folder with files in it")
        to_audit = [FileToAudit(file, _name(file, root), number, self._labels) for number, file in enumerate(files, 1)]
        try:
            with local_runner(self._workers, AUDIT_MODULES) as runner:
                return self._run_audit.files(to_audit, runner)
        except OSError as error:
            raise InputError(f"{path}: a file in it cannot be read ({error.strerror}); nothing is proved") from None


def _files(path: Path) -> Iterator[Path]:
    if path.is_dir():
        yield from sorted(file for file in path.rglob("*") if file.is_file())
    elif path.exists():
        yield path


def _name(file: Path, path: Path) -> str:
    return file.relative_to(path).as_posix() if path.is_dir() else file.name
