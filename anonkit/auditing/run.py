"""The audit that ends a run: between the last output that is staged and the first that is published."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import attrs

from anonkit.auditing.findings import AuditError, AuditResult, message
from anonkit.auditing.patterns import Known, patterns
from anonkit.auditing.places import Labels, Tokens
from anonkit.auditing.readers import Stream
from anonkit.auditing.searching import Search
from anonkit.auditing.windows import Audited, FileToAudit, Looking, combine, hits_told, scan, spans
from anonkit.runtime.task_runner import TaskRunner

__all__ = ["RunAudit", "advice", "manifest_entry"]


@attrs.frozen
class RunAudit:
    """Everybody whom a run knows, to be looked for in what it wrote."""

    search: Search
    identities: int
    off: tuple[str, ...]
    """Kinds of tokenizers that are switched off and whose identities are looked for all the same."""

    @classmethod
    def from_known(cls, known: Iterable[Known], tokens: Tokens, off: Sequence[str] = ()) -> RunAudit:
        """Make ready to look for everybody in `known`."""
        everybody = list(known)
        return cls(Search(patterns(everybody), tokens), len(everybody), tuple(off))

    def files(
        self,
        files: Sequence[FileToAudit],
        runner: TaskRunner,
        exempt: Sequence[str] = (),
        progress: Callable[[int, int], None] = lambda done, total: None,
    ) -> AuditResult:
        """Return what is found in files, which the calls of `runner` can read."""
        cut = list(spans(files))
        looking = Looking(self.search)
        parts = runner.results(looking, cut)
        return self._result(_told(parts, len(cut), progress), len(files), exempt)

    def document(self, name: str, data: bytes, labels: Labels) -> AuditResult:
        """Return what is found in a document that is not written yet."""
        size, hits = scan(self.search, Stream((name,), lambda: iter((data,))), labels)
        told = hits_told(self.search, name, hits)
        return self._result([Audited(size, tuple(told), len(told))], 1)

    def check(self, result: AuditResult) -> None:
        """AuditError when somebody was found."""
        if not result.clean:
            raise AuditError(
                "somebody can be found in what was written, so nothing was published:\n"
                + message(result.finds, result.total, advice(result, self.off))
            )

    def _result(self, parts: Iterable[Audited], files: int, exempt: Sequence[str] = ()) -> AuditResult:
        count = len(self.search.patterns)
        return combine(parts, files=files, identities=self.identities, patterns=count, exempt=exempt)


def _told(parts: Iterator[Audited], total: int, progress: Callable[[int, int], None]) -> Iterator[Audited]:
    for done, part in enumerate(parts, 1):
        progress(done, total)
        yield part


def advice(result: AuditResult, off: Sequence[str]) -> list[str]:
    """Return what can be done about finds."""
    met = {find.kind for find in result.finds}
    lines = [
        f"{kind} is switched off, and the outputs hold what it would have replaced: switch it on (--enable {kind}), "
        "leave the column out ([run] columns), or say --no-audit"
        for kind in off
        if kind in met
    ]
    if not met.issubset(off):
        lines += [
            "This is a mistake in a plugin or in anonkit, or a spelling that nobody has told it: please report output, "
            "kind and form as they stand above, without the name; a spelling of your own goes into the anonymizer's "
            "`aliases`, a word that betrays nobody into its `ignore`.",
            "To look at it, run with --no-audit into a folder that nobody else can read, and go to that byte. "
            "--no-audit publishes without proof: keep to yourself what it writes.",
        ]
    return lines


def manifest_entry(result: AuditResult) -> Mapping[str, Any]:
    """Return what the manifest says of an audit that found nobody."""
    return {
        "done": True,
        "identities": result.identities,
        "patterns": result.patterns,
        "outputs": result.files,
        "bytes": result.bytes,
        "exempt": list(result.exempt),
        "finds": result.total,
    }
