"""What a run tells: the plan before it, the progress during it, the result after it. Nothing here holds an original."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, Protocol

import attrs

from anonkit.auditing.findings import AuditResult
from anonkit.output.output_info import OutputInfo
from anonkit.plugin.contracts import Identities

__all__ = ["Plan", "Progress", "RunResult", "Stage", "silent"]

Stage = Literal["survey", "apply", "audit"]


class Progress(Protocol):
    """Told of a pass's progress, and of the audit's, from the coordinating process, some times a second at most."""

    def __call__(self, stage: Stage, rows: int, total: int) -> None:
        """`rows` of `total` rows are done in this pass; of the audit, as much of the outputs."""


def silent(stage: Stage, rows: int, total: int) -> None:
    """Show no progress."""


@attrs.frozen(kw_only=True)
class Plan:
    """What a run would do."""

    files: int
    rows: int
    bytes: int
    """Size of the input files."""
    columns: tuple[str, ...]
    """Columns that would be read, in order."""
    identity_columns: Mapping[str, tuple[str, ...]]
    """By kind, the columns whose cells are tokenized."""
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


@attrs.frozen(kw_only=True)
class RunResult:
    """What a finished run has done."""

    output_dir: str
    outputs: tuple[OutputInfo, ...]
    """Without the manifest."""
    rows: int
    identities: Mapping[str, Identities]
    """By kind; no originals."""
    highlights: tuple[tuple[str, str], ...]
    """Label and text, for the closing table."""
    audit: AuditResult | None = None
    """What the audit of the outputs looked through; None when it was off."""
    skipped: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
