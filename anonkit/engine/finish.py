"""What follows the passes: the audit of what was staged, the manifest, the archive."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Executor
from functools import cache, partial
from importlib.metadata import version

import attrs

from anonkit.auditing.findings import AuditResult
from anonkit.auditing.known import known_in_mapping, known_in_run, switched_off, tokens_of
from anonkit.auditing.labels import labels_of, texts_of_manifest
from anonkit.auditing.places import Labels
from anonkit.auditing.run import RunAudit, manifest_entry
from anonkit.auditing.windows import FileToAudit
from anonkit.engine.results import (
    Progress,
)
from anonkit.engine.setup import RunSetup
from anonkit.file_names import MANIFEST
from anonkit.identities.survey import KindSurvey
from anonkit.identities.token_table import TokenTable
from anonkit.mapping import Mapping as MappingFile
from anonkit.output import manifest
from anonkit.output.output_info import OutputInfo
from anonkit.output.staging import Staging
from anonkit.plugin.bound_reporter import BoundReporter
from anonkit.plugin.contracts import Identities
from anonkit.plugin.guard import plugin_errors
from anonkit.runtime.executors import InlineExecutor, begun
from anonkit.text.replace import TokenPreserver

__all__ = ["Auditor", "Finished", "Publisher"]


@attrs.frozen
class Auditor:
    """Audits what a run has staged; does nothing when the audit is off."""

    audit: Callable[[], RunAudit] | None
    """Waits for the audit to be ready; None when it is off."""
    executor: Executor
    """Its workers can read the staged files."""
    workers: int
    progress: Callable[[int, int], None]
    """Told how many of how many stretches are done."""

    @classmethod
    def from_setup(
        cls,
        prepared: RunSetup,
        table: TokenTable,
        mapping: MappingFile | None,
        off: Mapping[str, KindSurvey],
        executor: Executor,
        progress: Progress,
    ) -> Auditor:
        """Begin to make ready for looking for everybody whom the run knows, which a worker does.

        `off` are the identities of tokenizers that are switched off.
        """
        shares = prepared.config.executor is None or getattr(executor, "shares_files", False)
        executor = executor if shares else InlineExecutor()
        rows = prepared.source.rows

        def told(done: int, total: int) -> None:
            progress("audit", rows * done // total, rows)

        if not prepared.config.run.audit:
            return cls(None, executor, prepared.workers, told)
        plugins = prepared.plugins
        known = [*known_in_run(plugins.tokenizers, table), *switched_off(plugins.disabled_tokenizers, off)]
        if mapping is not None:
            known += known_in_mapping(mapping, plugins.disabled_tokenizers, without=table)
        make = partial(RunAudit.from_known, tokens=tokens_of(table, mapping), off=tuple(off))
        # It takes seconds when there are thousands, and is asked for several times.
        return cls(cache(begun(executor, make, known)), executor, prepared.workers, told)

    def files(self, files: Sequence[FileToAudit], exempt: Iterable[str] = ()) -> AuditResult | None:
        """Audit files. AuditError when somebody is found."""
        if self.audit is None:
            return None
        audit = self.audit()
        result = audit.files(files, self.executor, self.workers, tuple(exempt), self.progress)
        audit.check(result)
        return result

    def document(self, name: str, data: bytes, labels: Labels) -> None:
        """Audit a document that is about to be written. AuditError when somebody is found."""
        if self.audit is not None:
            audit = self.audit()
            audit.check(audit.document(name, data, labels))


@attrs.frozen
class Finished:
    """What is ready to be published."""

    names: list[str]
    """Of the files."""
    audit: AuditResult | None
    """Of the outputs; None when they were not audited."""


@attrs.frozen
class Publisher:
    """Audits the outputs of a run, then writes the manifest, and the archive if one is wanted.

    The manifest tells what the audit of the outputs found, so it comes after that, and is itself audited before it is
    written: of its own audit it says nothing. An archive holds the outputs and a manifest, all audited by then; it is
    unpacked and audited too, since it is what will be handed on.
    """

    prepared: RunSetup
    staging: Staging
    bound: tuple[BoundReporter, ...]
    identities: Mapping[str, Identities]
    skipped: tuple[str, ...]
    keeper: TokenPreserver
    domain: str | None
    """Of the mapping."""

    def __call__(self, auditor: Auditor) -> Finished:
        """Return what is to be published. AuditError when somebody is found."""
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
            auditor.files([self._file(archive, 1)])
        self._write_manifest(auditor, outputs, audited, archive)
        self.staging.outputs[:] = [archive]
        return Finished([archive.name, MANIFEST], audited)

    def _file(self, output: OutputInfo, number: int) -> FileToAudit:
        return FileToAudit(self.staging.folder / output.name, output.name, number, self._labels(output.reporter))

    def _labels(self, reporter: str) -> Labels:
        """Return the labels of a reporter; those of all, and the manifest's, for an archive."""
        bound = [one for one in self.bound if one.name == reporter]
        if bound:
            return labels_of(bound)
        return labels_of(self.bound, (*self._manifest_texts(), *_names_of_raw(self.staging.outputs)))

    def _manifest_texts(self) -> Iterable[str]:
        return texts_of_manifest(self.bound, self.prepared.config, self.prepared.schema.names, self.identities)

    def _write_manifest(
        self, auditor: Auditor, outputs: Sequence[OutputInfo], audited: AuditResult | None, archive: OutputInfo | None
    ) -> None:
        document = manifest.render(
            version=version("anonkit"),
            config=self.prepared.config,
            rows=self.prepared.source.rows,
            identities=self.identities,
            skipped=self.skipped,
            outputs=outputs,
            archive=archive,
            audit=None if audited is None else manifest_entry(audited),
            columns=self.prepared.schema.names,
            garble=self.keeper,
            domain=self.domain,
        )
        auditor.document(MANIFEST, document, Labels.from_texts([*self._manifest_texts(), *_names_of_raw(outputs)]))
        (self.staging.folder / MANIFEST).write_bytes(document)

    def _archive(self, names: Sequence[str], garbled: bool) -> OutputInfo | None:
        """Pack the outputs and the manifest, if an archive is wanted."""
        staging = self.staging
        for encoder in self.prepared.plugins.encoders:
            if encoder.archive is not None:
                stored = staging.claim(encoder.archive, "archive")
                file = staging.new_file(None)
                members = [(name, staging.folder / name) for name in (*names, MANIFEST)]
                with plugin_errors("packing the archive"):
                    encoder.pack(members, file)  # type: ignore[arg-type]  # RawIOBase is BinaryIO to its users
                staging.complete(file, stored, "archive", garbled=garbled)
                return staging.outputs.pop()
        return None


def _names_of_raw(outputs: Iterable[OutputInfo]) -> list[str]:
    """Return the names of outputs that hold originals, as the manifest has them: a site in one may name somebody."""
    return [json.dumps(output.name, ensure_ascii=False) for output in outputs if not output.garbled]
