"""The tables that `anonkit run` prints: the plan of a dry run, the result of a run."""

from __future__ import annotations

from typing import TextIO

import click

from anonkit.auditing.findings import AuditResult
from anonkit.engine.results import PlanSummary, RunResult
from anonkit.printable import printable
from anonkit.tables import count, size, write_table
from anonkit.withheld import describe_withheld

__all__ = ["write_plan", "write_result"]


def write_plan(plan: PlanSummary, stream: TextIO) -> None:
    """Write the plan of a run."""
    write_table(
        [
            ("input", f"{count(plan.files)} files, {count(plan.rows)} rows, {size(plan.bytes)}"),
            *([("rows taken", count(plan.rows_taken))] if plan.rows_taken != plan.rows else []),
            ("preset", printable(plan.preset)),
            ("columns", ", ".join(plan.columns)),
            *((f"identities: {kind}", _names(columns)) for kind, columns in plan.identity_columns.items()),
            ("text", _names(plan.text_columns)),
            *((f"class: {cls}", _names(columns)) for cls, columns in plan.classes.items()),
            ("anonymizers", _names(plan.anonymizers)),
            ("garbled reporters", _names(tuple(name for name in plan.reporters if name not in plan.raw_reporters))),
            ("raw reporters", _names(plan.raw_reporters)),
            ("workers", count(plan.workers)),
        ],
        stream,
    )


def write_result(result: RunResult, stream: TextIO) -> None:
    """Write the result of a run: its numbers, its highlights, its outputs."""
    identities = [(f"{kind}s", count(len(known))) for kind, known in result.identities.items()]
    audit = ("audit", _audited(result.audit))
    withheld = [("withheld", describe_withheld(result.withheld))] if result.withheld else []
    preset = ("preset", printable(result.preset))
    write_table([("rows", _rows(result)), preset, *identities, *result.highlights, audit, *withheld], stream)
    click.echo(file=stream)
    outputs = [
        (output.name, size(output.size), "garbled" if output.garbled else "ORIGINALS") for output in result.outputs
    ]
    write_table(outputs, stream, headers=("output", "size", "content"))
    click.echo(f"\nin {printable(result.output_dir)}", file=stream)


def _rows(result: RunResult) -> str:
    selected, total = count(result.rows), count(result.rows_of_input)
    return selected if selected == total else f"{selected} of {total}"


def _audited(audit: AuditResult | None) -> str:
    if audit is None:
        return "off: nothing was proved"
    if not audit.files:
        return "no output was meant to be anonymous"
    searched = f"{count(audit.identities)} identities in {count(audit.patterns)} forms"
    return f"nothing found: {searched}, {size(audit.bytes)} read"


def _names(names: tuple[str, ...]) -> str:
    return ", ".join(names) or "none"
