"""The audit of a run: after the last output is staged, before the first is published."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import count

import attrs

from anonkit.auditing.exclusions import Labels, Tokens
from anonkit.auditing.findings import AuditError, AuditResult, message
from anonkit.auditing.patterns import Known, patterns
from anonkit.auditing.searching import Search
from anonkit.auditing.streams import CHUNK_BYTES, Stream
from anonkit.auditing.windows import SPAN_BYTES, FileToAudit, SpanAudit, SpanResult, combine, findings, scan, spans
from anonkit.output.manifest_entries import AuditEntry
from anonkit.runtime.task_runner import TaskRunner

__all__ = ["RunAudit", "advice", "manifest_entry"]


@attrs.frozen
class RunAudit:
    """The audit for all identities that a run knows, in the files that it wrote."""

    search: Search
    identities: int
    disabled: tuple[str, ...]
    """Kinds of disabled tokenizers; their identities are looked for all the same."""
    span_bytes: int = SPAN_BYTES
    chunk_bytes: int = CHUNK_BYTES

    @classmethod
    def from_known(cls, known: Iterable[Known], tokens: Tokens, disabled: Sequence[str] = ()) -> RunAudit:
        """Compile the search for the identities of `known`."""
        # One identity after the other: its spellings take more memory than its patterns.
        numbers = count()
        found = patterns(identity for identity, _ in zip(known, numbers, strict=False))
        return cls(Search(found, tokens), next(numbers), tuple(disabled))

    def files(
        self,
        files: Sequence[FileToAudit],
        runner: TaskRunner,
        exempt: Sequence[str] = (),
        progress: Callable[[int, int], None] = lambda done, total: None,
    ) -> AuditResult:
        """Return the findings in files, which the calls of `runner` can read."""
        tasks = list(spans(files, self.span_bytes))
        parts = runner.results(SpanAudit(self.search, self.chunk_bytes), tasks)
        return self._result(_with_progress(parts, len(tasks), progress), len(files), exempt)

    def document(self, name: str, data: bytes, labels: Labels) -> AuditResult:
        """Return the findings in a document that is not written yet."""
        scanned = scan(self.search, Stream((name,), lambda: iter((data,))), labels)
        found = findings(self.search, name, scanned.hits)
        return self._result([SpanResult(scanned.bytes, tuple(found), len(found))], 1)

    def check(self, result: AuditResult) -> None:
        """Raise AuditError unless the result is clean."""
        if not result.clean:
            raise AuditError(f"nothing was published: {message(result, advice(result, self.disabled))}", result)

    def can_withhold(self, result: AuditResult) -> bool:
        """Return whether values may be withheld: not those that a disabled tokenizer would have replaced."""
        return bool(result.total) and {finding.kind for finding in result.findings}.isdisjoint(self.disabled)

    def _result(self, parts: Iterable[SpanResult], files: int, exempt: Sequence[str] = ()) -> AuditResult:
        total = len(self.search.patterns)
        return combine(parts, files=files, identities=self.identities, patterns=total, exempt=exempt)


def _with_progress(
    parts: Iterator[SpanResult], total: int, progress: Callable[[int, int], None]
) -> Iterator[SpanResult]:
    for done, part in enumerate(parts, 1):
        progress(done, total)
        yield part


def advice(result: AuditResult, disabled: Sequence[str]) -> list[str]:
    """Return what the user can do about findings, and about outputs that were not read."""
    kinds = {finding.kind for finding in result.findings}
    lines = [
        f"{kind} is switched off, and the outputs hold identities that it would have replaced: switch it on "
        f"(--enable {kind}), leave the column out ([run] columns), or give --no-audit"
        for kind in disabled
        if kind in kinds
    ]
    if not kinds.issubset(disabled):
        lines += [
            "This is a mistake in a plugin or in anonkit, or a spelling that anonkit does not know: please report "
            "output, kind and form as shown above, without the name. Add a spelling to the anonymizer's `aliases`, "
            "or a word that names no person to its `ignore`: "
            + ", ".join(f"[anonymizers.{kind}] ignore" for kind in sorted(kinds))
            + ".",
            "--findings FILE writes the word and the text around it into a file for you alone. "
            "With --no-audit nothing is checked: choose an output folder that only you can read.",
        ]
    if result.unread:
        lines.append(
            "A reporter has to write text, parquet, or an archive of them; an encoder has to decompress what it wrote. "
            "Correct the plugin, or leave it out (--disable NAME). With --no-audit nothing is checked."
        )
    return lines


def manifest_entry(result: AuditResult) -> AuditEntry:
    """Return the manifest's entry about an audit without a finding."""
    return AuditEntry(
        done=True,
        identities=result.identities,
        patterns=result.patterns,
        outputs=result.files,
        bytes=result.bytes,
        exempt=list(result.exempt),
        finds=result.total,
    )
