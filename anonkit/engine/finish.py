"""The steps after the passes: the audit of the staged outputs, the manifest, the archive."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache, partial
from importlib.metadata import version

import attrs

from anonkit.auditing.exclusions import Labels
from anonkit.auditing.findings import AuditError, AuditResult
from anonkit.auditing.known import RunIdentities, known_in_mapping, tokens_of
from anonkit.auditing.labels import labels_of, texts_of_manifest
from anonkit.auditing.run import RunAudit, manifest_entry
from anonkit.auditing.windows import FileToAudit
from anonkit.auditing.withholding import Withholder
from anonkit.engine.results import Progress
from anonkit.engine.selection import selection_entry
from anonkit.engine.setup import RunSetup
from anonkit.file_names import MANIFEST
from anonkit.identities.kind_survey import KindSurvey
from anonkit.identities.token_table import TokenTable
from anonkit.mapping import Mapping as MappingFile
from anonkit.output.manifest import RunFacts, render, without_random_digits
from anonkit.output.manifest_entries import ReaderEntry
from anonkit.output.output_info import OutputInfo
from anonkit.output.public_options import SECRET, PublicOptions
from anonkit.output.staging import Staging
from anonkit.plugin.bound_reporter import BoundReporter
from anonkit.plugin.contracts import Identities, Transform
from anonkit.plugin.guard import plugin_errors
from anonkit.runtime.task_runner import TaskRunner
from anonkit.text.replace import TokenPreserver
from anonkit.withheld import WITHHELD, WithheldCells

__all__ = ["Auditor", "Finished", "Publisher", "placeholders_of"]


def placeholders_of(transforms: Iterable[Transform]) -> tuple[str, ...]:
    """Return the texts that are written instead of values; a name in one is not a finding."""
    return (WITHHELD, SECRET, *(text for transform in transforms for text in transform.placeholders()))


@attrs.frozen
class Auditor:
    """Audits the files that a run has staged; does nothing when the audit is off."""

    audit: Callable[[], RunAudit] | None
    """Waits until the audit is ready, and returns it; None when it is off."""
    runner: TaskRunner
    """Its calls can read the staged files."""
    progress: Callable[[int, int], None]
    """Called with how many of how many parts of the files are done."""

    @classmethod
    def prepare(
        cls,
        setup: RunSetup,
        table: TokenTable,
        mapping: MappingFile | None,
        disabled: Mapping[str, KindSurvey],
        runner: TaskRunner,
        progress: Progress,
    ) -> Auditor:
        """Begin to prepare the search for all identities that the run knows, in a worker if there is one.

        `disabled` are the identities of tokenizers that are switched off.
        """
        rows = setup.rows

        def report(done: int, total: int) -> None:
            progress("audit", rows * done // total, rows)

        runner = runner.with_files()
        if not setup.config.run.audit:
            return cls(None, runner, report)
        tokenizers = setup.disabled.tokenizers
        others = () if mapping is None else tuple(known_in_mapping(mapping, tokenizers, without=table))
        known = RunIdentities(setup.core.tokenizers, table, tokenizers, disabled, others)
        make = partial(RunAudit.from_known, tokens=tokens_of(table, mapping), disabled=tuple(disabled))
        # Preparing for thousands of identities takes seconds, and the audit is asked for several times.
        return cls(cache(runner.begin(make, known)), runner, report)

    def can_withhold(self, error: AuditError) -> bool:
        """Return whether values may be withheld after an error of this audit."""
        return self.audit is not None and self.audit().can_withhold(error.result)

    def withholder(self) -> Withholder:
        """Return the step of pass two that withholds the values in which this audit finds an identity."""
        assert self.audit is not None
        return Withholder(self.audit().search)

    def files(self, files: Sequence[FileToAudit], exempt: Iterable[str] = ()) -> AuditResult | None:
        """Audit files. AuditError when an identity is found."""
        if self.audit is None:
            return None
        audit = self.audit()
        result = audit.files(files, self.runner, tuple(exempt), self.progress)
        audit.check(result)
        return result

    def document(self, name: str, data: bytes, labels: Labels) -> None:
        """Audit a document that is about to be written. AuditError when an identity is found."""
        if self.audit is not None:
            audit = self.audit()
            audit.check(audit.document(name, data, labels))


@attrs.frozen
class Finished:
    """Staged and audited files, ready to be published."""

    names: list[str]
    """Of the files, the manifest's last."""
    audit: AuditResult | None
    """Of the outputs; None when they were not audited."""


@attrs.frozen
class Publisher:
    """Audits the outputs of a run, then writes the manifest, and the archive if one is wanted.

    The manifest holds the result of the outputs' audit, so it is made after that, and is audited itself before it is
    written. An archive holds the audited outputs and manifest; since it is the file that will be handed on, it is
    unpacked and audited too.
    """

    setup: RunSetup
    staging: Staging
    reporters: tuple[BoundReporter, ...]
    identities: Mapping[str, Identities]
    skipped: tuple[str, ...]
    preserver: TokenPreserver
    domain: str | None
    """Of the mapping, None without one."""
    withheld: WithheldCells = attrs.field(factory=dict)
    weak: Mapping[str, int] = attrs.field(factory=dict)

    def __call__(self, auditor: Auditor) -> Finished:
        """Stage everything that is to be published. AuditError when an identity is found."""
        outputs = sorted(self.staging.outputs, key=lambda output: output.name)
        audited = auditor.files(
            [self._file(output, number) for number, output in enumerate(outputs, 1) if output.garbled],
            (output.name for output in outputs if not output.garbled),
        )
        self._write_manifest(auditor, outputs, audited, None)
        archive = self._archive([output.name for output in outputs], all(output.garbled for output in outputs))
        if archive is None:
            self.staging.outputs[:] = outputs
            return Finished([*(output.name for output in outputs), MANIFEST], audited)
        if archive.garbled:
            auditor.files([self._packed(archive, outputs)])
        self._write_manifest(auditor, outputs, audited, archive)
        self.staging.outputs[:] = [archive]
        return Finished([archive.name, MANIFEST], audited)

    def _file(self, output: OutputInfo, number: int) -> FileToAudit:
        return FileToAudit(
            self.staging.folder / output.name,
            output.name,
            number,
            self._labels(output.reporter),
            stored=self.staging.stored.get(output.name),
        )

    def _packed(self, archive: OutputInfo, outputs: Sequence[OutputInfo]) -> FileToAudit:
        """Return the archive, with the digests that its members must have."""
        manifest_digest = hashlib.sha256((self.staging.folder / MANIFEST).read_bytes()).hexdigest()
        members = (*((output.name, output.sha256) for output in outputs), (MANIFEST, manifest_digest))
        return attrs.evolve(self._file(archive, 1), members=members)

    def _labels(self, reporter: str) -> Labels:
        """Return the labels of a reporter; those of all, and the manifest's, for an archive."""
        placeholders = placeholders_of(self.setup.core.transforms)
        own = [bound for bound in self.reporters if bound.name == reporter]
        if own:
            return labels_of(own, placeholders)
        return labels_of(self.reporters, (*placeholders, *self._manifest_texts(), *_quoted_names(self.staging.outputs)))

    def _manifest_texts(self) -> Iterable[str]:
        return texts_of_manifest(self.reporters, self.setup.config, self.setup.core.schema.names, self.identities)

    def _write_manifest(
        self, auditor: Auditor, outputs: Sequence[OutputInfo], audited: AuditResult | None, archive: OutputInfo | None
    ) -> None:
        public = PublicOptions(self.preserver, frozenset(self.setup.core.schema.names))
        audit = None if audited is None else manifest_entry(audited)
        document = render(self._facts(public), self.setup.config, public, outputs, archive, audit)
        auditor.document(
            MANIFEST,
            without_random_digits(document),
            Labels.from_texts([*self._manifest_texts(), *_quoted_names(outputs)]),
        )
        (self.staging.folder / MANIFEST).write_bytes(document)

    def _facts(self, public: PublicOptions) -> RunFacts:
        setup = self.setup
        return RunFacts(
            version=version("anonkit"),
            rows=setup.rows,
            identities={kind: len(known) for kind, known in self.identities.items()},
            input=[ReaderEntry(**entry) for entry in setup.source.by_reader()],
            skipped=self.skipped,
            missing_rows=setup.source.missing_rows,
            selection=selection_entry(setup.config, setup.selection, setup.selected, setup.rows_of_input, public.text),
            domain=self.domain,
            withheld=self.withheld,
            weak=self.weak,
        )

    def _archive(self, names: Sequence[str], garbled: bool) -> OutputInfo | None:
        """Pack the outputs and the manifest, if an archive is wanted."""
        staging = self.staging
        for encoder in self.setup.plugins.encoders:
            if encoder.archive is not None:
                stored = staging.claim(encoder.archive, "archive")
                file = staging.new_file(None)
                members = [(name, staging.folder / name) for name in (*names, MANIFEST)]
                with plugin_errors("packing the archive"):
                    encoder.pack(members, file)  # type: ignore[arg-type]  # RawIOBase is BinaryIO to its users
                staging.complete(file, stored, "archive", garbled=garbled)
                return staging.outputs.pop()
        return None


def _quoted_names(outputs: Iterable[OutputInfo]) -> list[str]:
    """Return the names of outputs as the manifest has them.

    Those of garbled outputs have been audited; one of a raw output may hold an original, as its content may.
    """
    return [json.dumps(output.name, ensure_ascii=False) for output in outputs]
