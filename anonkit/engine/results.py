"""The plan, the progress and the result of a run. None of them holds an original."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, Protocol

import attrs

from anonkit.auditing.findings import AuditResult
from anonkit.output.output_info import OutputInfo
from anonkit.plugin.contracts import Identities
from anonkit.tables import count, html_table, size
from anonkit.withheld import WithheldCells

__all__ = ["PlanSummary", "Progress", "RunResult", "Stage", "silent"]

Stage = Literal["select", "survey", "apply", "audit"]


class Progress(Protocol):
    """Called in the coordinating process with the progress of a pass or of the audit, after each task."""

    def __call__(self, stage: Stage, rows: int, total: int) -> None:
        """`rows` of `total` rows are done in this pass; for the audit, the same share of the outputs."""


def silent(stage: Stage, rows: int, total: int) -> None:
    """Show no progress."""


@attrs.frozen(kw_only=True)
class PlanSummary:
    """The plan of a run."""

    files: int
    rows: int
    rows_taken: int
    """Those that a selection or a query leaves."""
    bytes: int
    """Size of the input files."""
    preset: str
    """Its name, and how it was found."""
    columns: tuple[str, ...]
    """Columns that would be read, in order."""
    identity_columns: Mapping[str, tuple[str, ...]]
    """By kind, the columns that are tokenized."""
    text_columns: tuple[str, ...]
    """Columns that are garbled as text."""
    anonymizers: tuple[str, ...]
    reporters: tuple[str, ...]
    raw_reporters: tuple[str, ...]
    """Those of `reporters` that would write originals."""
    workers: int
    classes: Mapping[str, tuple[str, ...]] = attrs.field(factory=dict)
    """The columns by the name of their class in the catalogue, or by ``not in the catalogue``."""
    skipped: tuple[str, ...] = ()
    """Damaged files that would be left out, by number and reason."""
    warnings: tuple[str, ...] = ()

    def _repr_html_(self) -> str:
        """Return input, plugins and the parts of columns as a table for notebooks."""
        kinds = [(f"identities: {kind}", ", ".join(names)) for kind, names in self.identity_columns.items()]
        named = ("columns", "text_columns", "anonymizers", "reporters", "raw_reporters", "warnings")
        lists = [(name.replace("_", " "), ", ".join(getattr(self, name)) or "none") for name in named]
        taken = f"{count(self.files)} files, {count(self.rows_taken)} of {count(self.rows)} rows, {size(self.bytes)}"
        return html_table([("input", taken), ("preset", self.preset), *kinds, *lists])


@attrs.frozen(kw_only=True)
class RunResult:
    """The result of a finished run."""

    output_dir: str
    outputs: tuple[OutputInfo, ...]
    """Without the manifest."""
    rows: int
    """Rows that the run took."""
    rows_of_input: int
    preset: str
    """Its name, and how it was found."""
    identities: Mapping[str, Identities]
    """By kind; no originals."""
    highlights: tuple[tuple[str, str], ...]
    """Label and text, for the closing table."""
    audit: AuditResult | None = None
    """Of the outputs; None when they were not audited."""
    withheld: WithheldCells = attrs.field(factory=dict)
    """How many values were withheld, by column and token: the audit found identities in them."""
    weak: Mapping[str, int] = attrs.field(factory=dict)
    """Tokens of weak names, which are words of job records, and how often each word was left in text."""
    skipped: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    def _repr_html_(self) -> str:
        """Return rows, identities, highlights and outputs as a table for notebooks."""
        identities = [(f"{kind}s", count(len(known))) for kind, known in self.identities.items()]
        outputs = [
            (output.name, f"{size(output.size)}{'' if output.garbled else ', ORIGINALS'}") for output in self.outputs
        ]
        return html_table([("rows", count(self.rows)), *identities, *self.highlights, *outputs])
