"""The result of an audit. It holds no original, and nothing of the text around one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import attrs

from anonkit.errors import AnonkitError
from anonkit.tables import count, html_table, size

__all__ = ["SHOWN", "AuditError", "AuditResult", "Finding", "Unread", "figures", "message"]

SHOWN = 10
"""Findings that a message shows."""


@attrs.frozen
class Finding:
    """A place in an output where an identity is found."""

    output: str
    """The file, or the member of an archive; its number instead of a name that itself holds an identity."""
    offset: int
    """In bytes from the beginning of the decompressed stream."""
    kind: str
    variant: str
    token: str
    excerpt: str = attrs.field(default="", eq=False, repr=False)
    """The text and its surroundings, which hold originals: for the operator's eyes only."""

    def __str__(self) -> str:
        return f"{self.output}, byte {self.offset:,}: {self.kind} {self.token}, {self.variant}"


@attrs.frozen
class Unread:
    """A file that the audit cannot read: nothing is proved about it."""

    output: str
    """As in `Finding`."""
    reason: str
    """Continues a sentence: ``is not text``."""

    def __str__(self) -> str:
        return f"{self.output}: not read: it {self.reason}"


@attrs.frozen(kw_only=True)
class AuditResult:
    """The findings of an audit, and how much it has read."""

    files: int
    bytes: int
    """Of all streams, decompressed."""
    identities: int
    patterns: int
    """The number of patterns that were searched for."""
    findings: tuple[Finding, ...] = ()
    """The first ones, by file and offset."""
    total: int = 0
    """The number of all findings."""
    unread: tuple[Unread, ...] = ()
    """Files that the audit cannot read."""
    exempt: tuple[str, ...] = ()
    """Outputs that hold originals because the user asked for them; they were not read."""

    def _repr_html_(self) -> str:
        """Return the figures, the findings and the files that were not read, as a table for notebooks."""
        found = [("finding", str(finding)) for finding in self.findings]
        unread = [("not read", str(unread)) for unread in self.unread]
        return html_table([*figures(self), *found, *unread])

    @property
    def clean(self) -> bool:
        """Whether every file was read and no identity was found."""
        return not self.total and not self.unread


def figures(result: AuditResult) -> list[tuple[str, str]]:
    """Return label and figure of each row of a table about an audit."""
    return [
        ("files", count(result.files)),
        ("bytes", size(result.bytes)),
        ("identities", count(result.identities)),
        ("patterns", count(result.patterns)),
        ("findings", count(result.total)),
    ]


class AuditError(AnonkitError):
    """An output holds an identity, or cannot be read; `result` is the audit's."""

    def __init__(self, message: str, result: AuditResult) -> None:
        super().__init__(message)
        self.result = result


def message(result: AuditResult, advice: Iterable[str]) -> str:
    """Return the text of an AuditError: the first findings and the files that were not read, then what to do."""
    return "\n".join((*_lines(result), *advice))


def _lines(result: AuditResult) -> Iterator[str]:
    if result.total:
        yield "the outputs still hold identities:"
        yield from map(str, result.findings[:SHOWN])
        if result.total > SHOWN:
            yield f"and {result.total - len(result.findings[:SHOWN]):,} more"
    if result.unread:
        yield "the audit cannot read these outputs, so they may hold identities:"
        yield from map(str, result.unread[:SHOWN])
        if len(result.unread) > SHOWN:
            yield f"and {len(result.unread) - SHOWN:,} more"
