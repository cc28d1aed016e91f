"""The file of findings: those of the audit of a refused run, with the text around them, for the operator alone."""

from __future__ import annotations

import json
from pathlib import Path

from anonkit.auditing.findings import AuditResult
from anonkit.config.model import Config
from anonkit.errors import ConfigError, OutputError
from anonkit.mapping.file import replaced_privately

__all__ = ["check_findings_path", "write_findings"]


def check_findings_path(config: Config) -> None:
    """ConfigError when the file of findings would be inside the output folder, which is handed on."""
    path = config.run.findings
    if path and Path(path).resolve().is_relative_to(Path(config.run.output_dir).resolve()):
        raise ConfigError("--findings: the file holds originals, and the output folder is handed on; name one outside")


def write_findings(path: Path, result: AuditResult) -> None:
    """Write the findings as JSON, mode 0600. OutputError when that cannot be done."""
    shown = [
        {
            "output": finding.output,
            "byte": finding.offset,
            "kind": finding.kind,
            "token": finding.token,
            "form": finding.variant,
            "text": finding.excerpt,
        }
        for finding in result.findings
    ]
    try:
        with replaced_privately(path) as file:
            file.write(json.dumps({"total": result.total, "findings": shown}, ensure_ascii=False, indent=2).encode())
    except OSError as error:
        raise OutputError(f"--findings: cannot be written ({error.strerror}); nothing was published") from None
