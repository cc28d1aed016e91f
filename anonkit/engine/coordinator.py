"""The story of a run: plan, survey, number, apply, prove, publish.

Only this module knows all steps. Each is a method of `_Run`; none of them works on a cell.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any

import attrs

from anonkit.auditing.findings import AuditError
from anonkit.auditing.withholding import Withholder
from anonkit.config import settled
from anonkit.config.model import Config
from anonkit.engine.anonymizer import Anonymizer
from anonkit.engine.findings_file import check_findings_path, write_findings
from anonkit.engine.finish import Auditor, Finished, Publisher
from anonkit.engine.passes import ApplyPass
from anonkit.engine.plan import plan
from anonkit.engine.plugins import make
from anonkit.engine.presets import described
from anonkit.engine.query import with_query
from anonkit.engine.reporting import Reporting, bound_reporters
from anonkit.engine.results import Progress, RunResult, silent
from anonkit.engine.setup import RunSetup
from anonkit.engine.standard_input import with_standard_input
from anonkit.engine.token_numbers import mapping_warnings, number_identities, open_mapping
from anonkit.engine.transform_learning import transform_warnings, with_learned
from anonkit.engine.worker_modules import worker_modules
from anonkit.errors import DamagedFile, OutputError
from anonkit.identities.kind_survey import KindSurvey, merge
from anonkit.identities.reconciling import reconcile
from anonkit.identities.shared_names import describe_shared, shared_tokens
from anonkit.identities.weak_words import describe_weak
from anonkit.input.measures import describe_counts
from anonkit.input.tasks import TaskSize
from anonkit.mapping import Keys
from anonkit.mapping import Mapping as MappingFile
from anonkit.output.staging import Staging
from anonkit.runtime.garbage import seldom_collected
from anonkit.runtime.spool import remove
from anonkit.runtime.task_runner import TaskRunner, local_runner
from anonkit.withheld import WithheldCells, describe_long, describe_withheld, excess_withheld

__all__ = ["plan", "run"]


def run(
    config: Config | Mapping[str, Any],
    *,
    progress: Progress = silent,
    task_size: TaskSize = TaskSize(),  # noqa: B008
) -> RunResult:
    """Read the input twice and publish every output. `task_size` changes the speed, not the outputs.

    `config` is a `Config`, or plain tables as for `anonkit.load`. Raises an AnonkitError when that cannot be
    done; the output folder is then as it was before.
    """
    configured = settled(config)
    check_findings_path(configured)
    with with_standard_input(configured) as readable, seldom_collected():
        return _without_damaged(readable, progress, task_size)


def _without_damaged(config: Config, progress: Progress, task_size: TaskSize) -> RunResult:
    damaged: list[DamagedFile] = []
    keys = Keys.from_options(config.mapping)
    while True:
        try:
            with with_query(config, damaged, progress) as query:
                found = damaged if query is None else ()
                return _run(RunSetup.from_config(config, found, task_size, query), keys, progress)
        except DamagedFile as bad:
            # Found in the middle of its data. Without this file all numbers change, so the run starts again.
            if config.run.on_bad_file == "stop":
                raise
            damaged.append(bad)


def _run(setup: RunSetup, keys: Keys, progress: Progress) -> RunResult:
    config = setup.config
    with (
        open_mapping(config, keys) as mapping,
        Staging.at(Path(config.run.output_dir), setup.plugins.encoders) as staging,
        _task_runner(setup) as runner,
    ):
        setup = setup.with_rows(runner, progress)
        taught = attrs.evolve(setup, core=with_learned(setup.core, runner, setup.tasks))
        staging.warnings += transform_warnings(taught.core)
        return _Run(taught, mapping, staging, runner, progress)()


@contextmanager
def _task_runner(setup: RunSetup) -> Iterator[TaskRunner]:
    choice = setup.config.executor
    if choice is None:
        workers = min(setup.workers, max(len(setup.tasks), 1))
        with local_runner(workers, worker_modules(setup.config)) as runner:
            yield runner
        return
    executor = make(choice, setup.workers)
    with executor if isinstance(executor, AbstractContextManager) else nullcontext(executor):
        yield TaskRunner.over(executor, setup.workers)


@attrs.frozen
class _Outcome:
    """The staged and audited outputs of pass two."""

    finished: Finished
    highlights: tuple[tuple[str, str], ...]
    withheld: WithheldCells
    weak: Mapping[str, int]


@attrs.frozen
class _Run:
    """One attempt at a run, with all that it works with."""

    setup: RunSetup
    mapping: MappingFile | None
    staging: Staging
    runner: TaskRunner
    progress: Progress

    def __call__(self) -> RunResult:
        self.staging.warnings += (*self.setup.warnings, *mapping_warnings(self.setup.config, self.mapping))
        anonymizer, auditor = self._prepare()
        with self._refusal_recorded(anonymizer):
            try:
                outcome = self._prove(auditor, anonymizer, self._apply(anonymizer))
            except AuditError as refusal:
                outcome = self._withhold(auditor, anonymizer, refusal)
        self._check_strict(anonymizer)
        self._publish(anonymizer, outcome.finished)
        return self._result(anonymizer, outcome)

    def _prepare(self) -> tuple[Anonymizer, Auditor]:
        """Find and number all identities, in pass one. The surveys, as large as the tables, are freed on return."""
        surveyed, disabled = self._survey()
        anonymizer = self._number(surveyed)
        return anonymizer, Auditor.prepare(
            self.setup, anonymizer.table, self.mapping, disabled, self.runner, self.progress
        )

    @contextmanager
    def _refusal_recorded(self, anonymizer: Anonymizer) -> Iterator[None]:
        """Write the findings of a run that the audit refuses, and save the mapping, which has the message's tokens."""
        try:
            yield
        except AuditError as error:
            if self.mapping is not None:
                self.mapping.save(anonymizer.table)
            if self.setup.config.run.findings:
                write_findings(Path(self.setup.config.run.findings), error.result)
            raise

    def _survey(self) -> tuple[Mapping[str, KindSurvey], Mapping[str, KindSurvey]]:
        """Find all identities in the input, by kind: pass one. Return those of enabled and of disabled tokenizers."""
        survey = self.setup.survey_pass()
        surveyed, disabled = survey.nothing_found()
        tasks = self.setup.tasks if survey.schema.names else ()
        rows = 0
        for task, parts in zip(tasks, self.runner.results(survey, tasks), strict=True):
            for found, part in zip((surveyed, disabled), parts, strict=True):
                for kind, identities in part.items():
                    merge(found[kind], identities)
            rows += sum(fragment.taken_rows for fragment in task)
            self.progress("survey", rows, self.setup.rows)
        for kind, identities in self.setup.query.learnt.items() if self.setup.query else ():
            merge(surveyed[kind], identities)
        reconcile(self.setup.learning.tokenizers, surveyed)
        reconcile(self.setup.disabled.tokenizers, disabled)
        return surveyed, disabled

    def _number(self, surveyed: Mapping[str, KindSurvey]) -> Anonymizer:
        """Give every identity its token; return the anonymizer that writes them."""
        core = self.setup.core
        shuffled = self.setup.config.run.order == "shuffled"
        return core.anonymizer(number_identities(core.tokenizers, surveyed, self.mapping, shuffled=shuffled))

    def _apply(self, anonymizer: Anonymizer, withholder: Withholder | None = None) -> Reporting:
        """Anonymize all rows and give them to the reporters: pass two."""
        core = self.setup.core
        spool = Path(tempfile.mkdtemp(prefix="spool-", dir=self.staging.work)).resolve()
        shared = str(spool) if self.runner.shares_files else None
        reporters = bound_reporters(self.setup, anonymizer)
        reporting = Reporting.start(reporters, self.staging)
        asked = {kind for bound in reporters for kind in bound.reporter.mentioned_kinds}
        mentions = core.text_identities(asked, anonymizer.table)
        numbers = self.setup.config.run.job_numbers
        work = ApplyPass(
            anonymizer, reporters, core.schema, core.cells, core.limits, shared, mentions, withholder, numbers
        )
        # While workers are busy, this process prepares to garble too: reporters do it when they write.
        results = self.runner.results(work, self.setup.tasks, meanwhile=anonymizer.garble.make_ready)
        rows = 0
        for applied in results:
            reporting.add(applied)
            rows += applied.rows
            self.progress("apply", rows, self.setup.rows)
        self.staging.warnings += describe_long(reporting.withheld, self.setup.config.run.max_value_bytes)
        self.staging.warnings += describe_counts(reporting.measured, core.cells.measures)
        # Hundreds of megabytes take a while to remove, and the workers have nothing else to do.
        self.runner.with_files().leave_to_worker(remove, str(spool))
        return reporting

    def _withhold(self, auditor: Auditor, anonymizer: Anonymizer, refusal: AuditError) -> _Outcome:
        """Repeat pass two without the values in which the audit finds an identity, and prove the new outputs.

        AuditError: `refusal` when values must not be withheld, another when too many are, or when an identity is found
        all the same: then it is not in a value.
        """
        options = self.setup.config.run
        if options.on_find == "stop" or not auditor.can_withhold(refusal):
            raise refusal
        self.staging.discard()
        reporting = self._apply(anonymizer, auditor.withholder())
        cells = self.setup.rows * len(self.setup.core.schema)
        if excess := excess_withheld(reporting.withheld, cells, options.max_withheld):
            raise AuditError(f"{refusal}\n{excess}", refusal.result)
        if reporting.withheld:
            self.staging.warnings.append(
                f"the audit found identities in values of jobs, which were withheld: "
                f"{describe_withheld(reporting.withheld)}; please report their form, without the name"
            )
        return self._prove(auditor, anonymizer, reporting)

    def _prove(self, auditor: Auditor, anonymizer: Anonymizer, reporting: Reporting) -> _Outcome:
        """Write and audit the outputs, and stage manifest and archive. AuditError when an identity is found."""
        highlights = reporting.write()
        if reporting.left:
            self.staging.warnings.append(describe_weak(reporting.left))
        if shared := shared_tokens(reporting.shared, anonymizer.table, anonymizer.weak_tokens):
            self.staging.warnings.append(describe_shared(shared))
        publisher = Publisher(
            self.setup,
            self.staging,
            reporting.reporters,
            anonymizer.published(),
            self._skipped(),
            anonymizer.token_preserver,
            self.mapping.domain if self.mapping else None,
            reporting.withheld,
            dict(sorted(reporting.left.items())),
        )
        return _Outcome(publisher(auditor), tuple(highlights), reporting.withheld, publisher.weak)

    def _check_strict(self, anonymizer: Anonymizer) -> None:
        """OutputError when there is a warning and `strict` is set; the mapping has the tokens of the warnings then."""
        warnings = tuple(dict.fromkeys((*self._skipped(), *self.staging.warnings)))
        if self.setup.config.run.strict and warnings:
            if self.mapping is not None:
                self.mapping.save(anonymizer.table)
            lines = "\n".join(f"warning: {line}" for line in warnings)
            raise OutputError(f"nothing is published, because of --strict ([run] strict) and these warnings:\n{lines}")

    def _publish(self, anonymizer: Anonymizer, finished: Finished) -> None:
        # The mapping comes first: unused numbers in it are harmless, outputs with tokens that it lacks are not.
        if self.mapping is not None:
            self.mapping.save(anonymizer.table)
        self.staging.publish(finished.names, force=self.setup.config.run.force)

    def _result(self, anonymizer: Anonymizer, outcome: _Outcome) -> RunResult:
        return RunResult(
            output_dir=self.setup.config.run.output_dir,
            outputs=tuple(self.staging.outputs),
            rows=self.setup.rows,
            rows_of_input=self.setup.rows_of_input,
            preset=described(self.setup.config),
            identities=anonymizer.published(),
            highlights=outcome.highlights,
            audit=outcome.finished.audit,
            withheld=outcome.withheld,
            weak=outcome.weak,
            skipped=self._skipped(),
            warnings=tuple(dict.fromkeys(self.staging.warnings)),
        )

    def _skipped(self) -> tuple[str, ...]:
        return tuple(f"{bad.name}: {bad.reason}" for bad in self.setup.source.skipped)
