"""`anonkit audit`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from anonkit.arrow.memory import use_system_memory
from anonkit.cli.json_output import audit_document, json_option, print_json
from anonkit.cli.vault import Vault, VaultCommand
from anonkit.config.schema import Setting
from anonkit.engine.worker_modules import AUDIT_MODULES
from anonkit.runtime.workers import prepare_workers
from anonkit.tables import write_table

__all__ = ["command"]


class AuditCommand(VaultCommand):
    """A command that has, of the settings, the flags of the mapping, the workers and the anonymizers."""

    def takes(self, setting: Setting) -> bool:
        """Return whether the command has the flag of a setting."""
        return setting.name in ("run.mapping", "run.workers") or setting.section.startswith(("mapping", "anonymizers."))


@click.command(cls=AuditCommand, name="audit")
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@json_option
def command(vault: Vault, path: Path, as_json: bool) -> None:
    """Search files for every identity of a mapping.

    PATH is a file, or a folder, which is searched with all folders in it. Compressed files, archives and parquet files
    are unpacked; any other file that is not text is reported as not read. Give the configuration of the run that wrote
    the files, so that the same spellings are searched for. Exit status 0: every file was read and no identity was
    found; 1: an identity was found, or a file was not read.

    \b
    Examples:
      anonkit audit Output --mapping mapping.json
      anonkit audit Output --mapping mapping.json --config anonkit.toml
    """
    mapping = vault.path
    prepare_workers(vault.config.run.workers, AUDIT_MODULES)
    use_system_memory()
    # The import takes a while, which the workers' server uses for its own.
    from anonkit.auditing.findings import AuditError, figures, message
    from anonkit.engine.file_audit import audit

    result = audit(path, mapping, vault.config)
    if as_json:
        print_json(audit_document(result))
    else:
        write_table(figures(result), sys.stdout)
    if not result.clean:
        advice = ("Do not hand these files on. `anonkit reveal` shows the identity of a token.",)
        raise AuditError(message(result, advice), result)
