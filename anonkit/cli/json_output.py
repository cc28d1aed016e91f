"""The documents that commands print with `--json`; docs/reference/json.md explains their keys."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import attrs
import click

if TYPE_CHECKING:
    from anonkit.auditing.findings import AuditResult
    from anonkit.engine.results import PlanSummary, RunResult

__all__ = ["audit_document", "json_option", "plan_document", "print_json", "run_document"]

json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
"""Adds the flag to a command, whose function gets `as_json`."""


def print_json(document: Any) -> None:
    """Print a document. It is ASCII, so that no text in it drives a terminal."""
    click.echo(json.dumps(document, indent=2))


def run_document(result: RunResult) -> dict[str, Any]:
    """Return the result of a run."""
    return {
        "output_dir": result.output_dir,
        "rows": result.rows,
        "rows_of_input": result.rows_of_input,
        "preset": result.preset,
        "identities": {kind: len(known) for kind, known in result.identities.items()},
        "highlights": dict(result.highlights),
        "outputs": [attrs.asdict(output) for output in result.outputs],
        "audit": None if result.audit is None else audit_document(result.audit),
        "withheld": [
            {"column": column, "token": token, "values": values}
            for (column, token), values in sorted(result.withheld.items())
        ],
        "weak": dict(result.weak),
        "skipped": list(result.skipped),
        "warnings": list(result.warnings),
    }


def plan_document(plan: PlanSummary) -> dict[str, Any]:
    """Return the plan of a run."""
    return attrs.asdict(plan)


def audit_document(result: AuditResult) -> dict[str, Any]:
    """Return the result of an audit; nothing of the text around a finding."""
    return {
        "clean": result.clean,
        "files": result.files,
        "bytes": result.bytes,
        "identities": result.identities,
        "patterns": result.patterns,
        "total": result.total,
        "findings": [
            {
                "output": finding.output,
                "offset": finding.offset,
                "kind": finding.kind,
                "variant": finding.variant,
                "token": finding.token,
            }
            for finding in result.findings
        ],
        "unread": [attrs.asdict(unread) for unread in result.unread],
        "exempt": list(result.exempt),
    }
