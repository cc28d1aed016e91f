"""The two passes over the rows: one surveys their identities, one anonymizes the rows and reports them.

A pass is made once, sent to each worker once, and called with tasks. It never changes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from typing import Any

import attrs
import pyarrow as pa

from anonkit.arrow.rows import Rows
from anonkit.auditing.withholding import Withholder
from anonkit.engine.anonymizer import Anonymized, Anonymizer
from anonkit.engine.job_numbers import numbered
from anonkit.engine.text_identities import TextIdentities
from anonkit.identities.kind_survey import KindSurvey, merge
from anonkit.identities.mentions import TextCache, text_columns
from anonkit.identities.shared_names import SharedCounts
from anonkit.identities.survey import IdentityFinder
from anonkit.input.batches import BatchLimits, read
from anonkit.input.column_roles import ColumnRoles
from anonkit.input.measures import Counts
from anonkit.input.normalize import CellNormalizer
from anonkit.input.tasks import Task
from anonkit.plugin.bound_reporter import BoundReporter
from anonkit.plugin.contracts import Batch, Listing, Roles, Tokenizer
from anonkit.plugin.guard import plugin_errors
from anonkit.runtime.spool import SpoolFile
from anonkit.withheld import TOO_LONG, WithheldCells

__all__ = ["Applied", "ApplyPass", "RenderedChunk", "SurveyPass", "Surveyor"]

Surveys = dict[str, KindSurvey]
"""By kind, the identities in some rows."""


@attrs.frozen
class Surveyor:
    """Finds the identities of some tokenizers, which share out the columns among them, in batches."""

    tokenizers: tuple[Tokenizer, ...]
    column_roles: ColumnRoles
    finders: tuple[IdentityFinder, ...]
    """One for each tokenizer."""

    @classmethod
    def from_tokenizers(cls, tokenizers: tuple[Tokenizer, ...], column_roles: ColumnRoles, roles: Roles) -> Surveyor:
        """Return the surveyor that knows the tokenizers' keywords."""
        finders = tuple(IdentityFinder.from_tokenizer(tokenizer, roles) for tokenizer in tokenizers)
        return cls(tokenizers, column_roles, finders)

    @property
    def columns(self) -> frozenset[str]:
        """The columns that can hold identities."""
        if not self.tokenizers:
            return frozenset()
        identity = self.column_roles.identity.values()
        return frozenset((*self.column_roles.text, *(name for columns in identity for name in columns)))

    def nothing_found(self) -> Surveys:
        """Return the survey of no rows."""
        return {tokenizer.kind: {} for tokenizer in self.tokenizers}

    def add(self, found: Surveys, batch: pa.RecordBatch, first_row: int, texts: TextCache) -> None:
        """Enter the identities in a raw batch, which has all of `columns`, into `found`; `texts` are the batch's."""
        if not self.tokenizers:
            return
        with plugin_errors("an anonymizer"):
            residuals = text_columns(self.column_roles.residuals(self.tokenizers, batch))
        text = [*(part for name in self.column_roles.text for part in texts(name)), *residuals]
        for finder in self.finders:
            columns = self.column_roles.identity[finder.kind]
            with plugin_errors(f"anonymizer {finder.kind}"):
                identities = finder.survey(batch, columns, text, first_row)
            merge(found[finder.kind], identities)


@attrs.frozen
class SurveyPass:
    """Pass one: finds the identities in the rows of a task, which are read once for all surveyors."""

    surveyors: tuple[Surveyor, ...]
    schema: pa.Schema
    """Of the columns to read."""
    cells: CellNormalizer
    limits: BatchLimits

    @classmethod
    def from_schema(
        cls, surveyors: Sequence[Surveyor], schema: pa.Schema, cells: CellNormalizer, limits: BatchLimits
    ) -> SurveyPass:
        """Return the pass that reads those columns of `schema` that can hold identities."""
        needed = frozenset[str]().union(*(surveyor.columns for surveyor in surveyors))
        return cls(tuple(surveyors), pa.schema([field for field in schema if field.name in needed]), cells, limits)

    def __call__(self, task: Task) -> tuple[Surveys, ...]:
        """Return the identities in the task's rows, for each surveyor."""
        found = self.nothing_found()
        for first_row, batch in read(task, self.schema, self.cells, self.limits):
            texts = TextCache(batch)
            for surveyor, surveys in zip(self.surveyors, found, strict=True):
                surveyor.add(surveys, batch, first_row, texts)
        return found

    def plugins_of(self, value: object) -> dict[str, object]:
        """Return the tokenizers by name. The result of the pass holds nothing of theirs."""
        tokenizers = [tokenizer for surveyor in self.surveyors for tokenizer in surveyor.tokenizers]
        return {f"anonymizer {tokenizer.kind}": tokenizer for tokenizer in tokenizers} if value is self else {}

    def nothing_found(self) -> tuple[Surveys, ...]:
        """Return the surveys of no rows."""
        return tuple(surveyor.nothing_found() for surveyor in self.surveyors)


@attrs.frozen
class RenderedChunk:
    """Bytes that a listing rendered for one stream: their place in the task's spool file, or the bytes themselves."""

    stream: str
    offset: int
    size: int
    data: bytes | None = None


@attrs.frozen
class Applied:
    """The result of pass two for one task; each tuple has one item for each reporter of the pass."""

    rows: int
    states: tuple[Any, ...]
    chunks: tuple[tuple[RenderedChunk, ...], ...]
    spools: tuple[str | None, ...]
    """Paths of the spool files; None for a reporter that spooled nothing."""
    withheld: WithheldCells = attrs.field(factory=dict)
    left: Mapping[str, int] = attrs.field(factory=dict)
    """By token of a weak name: how often the word was left in text."""
    measured: Counts = attrs.field(factory=Counter)
    """What measures of columns say of cells."""
    shared: SharedCounts = attrs.field(factory=Counter)
    """How often names are in rows of others."""


@attrs.frozen
class ApplyPass:
    """Pass two: anonymizes the rows of a task and gives them to the reporters."""

    anonymizer: Anonymizer
    reporters: tuple[BoundReporter, ...]
    schema: pa.Schema
    cells: CellNormalizer
    limits: BatchLimits
    spool: str | None
    """A folder that the workers share with the coordinating process; None sends rendered bytes with the result."""
    mentions: TextIdentities
    withholder: Withholder | None = None
    """Replaces values in which the audit finds an identity; None in the first attempt."""
    job_numbers: bool = False

    def __call__(self, task: Task) -> Applied:
        """Return the reporters' states after the task's rows, and the chunks that listings rendered."""
        rows = 0
        withheld: Counter[tuple[str, str]] = Counter()
        left: Counter[str] = Counter()
        measured: Counts = Counter()
        shared: SharedCounts = Counter()
        with ExitStack() as stack:
            reports = [_Report(bound, self._spool_file(bound, stack)) for bound in self.reporters]
            for first_row, batch in read(task, self.schema, self.cells, self.limits, measured):
                rows += len(batch)
                garbled = self._report(batch, first_row, reports, withheld)
                if garbled is not None:
                    left.update(garbled.left)
                    shared.update(self.anonymizer.shared(garbled, first_row))
        withheld.update({cell: count for cell, count in measured.items() if cell[1] == TOO_LONG})
        return Applied(
            rows,
            tuple(report.state for report in reports),
            tuple(tuple(report.chunks) for report in reports),
            tuple(report.spool.path if report.spool else None for report in reports),
            withheld,
            left,
            measured,
            shared,
        )

    def plugins_of(self, value: object) -> dict[str, object]:
        """Return the plugins of the pass, or the states in a result of it, by plugin."""
        names = [f"reporter {bound.name}" for bound in self.reporters]
        if isinstance(value, Applied):
            return dict(zip(names, value.states, strict=True))
        return dict(zip(names, (bound.reporter for bound in self.reporters), strict=True))

    def _report(
        self, batch: pa.RecordBatch, first_row: int, reports: Sequence[_Report], withheld: Counter[tuple[str, str]]
    ) -> Anonymized | None:
        """Return the batch as reporters got it garbled, None when none did; add to `withheld`."""
        views = self._views(batch, withheld)
        with plugin_errors("an anonymizer"):
            mentioned = self.mentions(batch)
        rows = {garbled: self._rows(view.data, first_row) for garbled, view in views.items()}
        for report in reports:
            context = report.bound.context
            asked = {kind: mentioned[kind] for kind in report.mentioned_kinds if kind in mentioned}
            identities = {**views[context.garbled].identities, **asked}
            report.consume(
                Batch(data=rows[context.garbled], first_row=first_row, identities=identities, context=context)
            )
        return views.get(True)

    def _views(self, batch: pa.RecordBatch, withheld: Counter[tuple[str, str]]) -> dict[bool, Anonymized]:
        """Return the batch garbled (True) and raw (False), each if any reporter takes it; add to `withheld`."""
        wanted = {bound.context.garbled for bound in self.reporters}
        views: dict[bool, Anonymized] = {}
        with plugin_errors("an anonymizer"):
            if True in wanted:
                views[True] = self._withheld(self.anonymizer(batch), withheld)
            if False in wanted:
                views[False] = Anonymized(batch, self.anonymizer.codes(batch))
        return views

    def _rows(self, data: pa.RecordBatch, first_row: int) -> Rows:
        return Rows(numbered(data, first_row) if self.job_numbers else data)

    def _withheld(self, anonymized: Anonymized, withheld: Counter[tuple[str, str]]) -> Anonymized:
        if self.withholder is None:
            return anonymized
        data, cells = self.withholder(anonymized.data)
        withheld.update(cells)
        return attrs.evolve(anonymized, data=data)

    def _spool_file(self, bound: BoundReporter, stack: ExitStack) -> SpoolFile | None:
        if self.spool is None or not isinstance(bound.reporter, Listing):
            return None
        return stack.enter_context(SpoolFile(self.spool))


@attrs.define
class _Report:
    """The state of one reporter during a task, and the chunks that it has rendered."""

    bound: BoundReporter
    spool: SpoolFile | None
    mentioned_kinds: tuple[str, ...] = ()
    state: Any = None
    chunks: list[RenderedChunk] = attrs.field(factory=list)

    def __attrs_post_init__(self) -> None:
        with plugin_errors(f"reporter {self.bound.name}"):
            self.mentioned_kinds = self.bound.reporter.mentioned_kinds
            self.state = self.bound.reporter.start(self.bound.context)

    def consume(self, batch: Batch) -> None:
        reporter = self.bound.reporter
        with plugin_errors(f"reporter {self.bound.name}"):
            self.state = reporter.consume(self.state, batch)
            rendered = reporter.render(batch) if isinstance(reporter, Listing) else {}
            self.chunks += [
                self._chunk(stream, memoryview(data).cast("B")) for stream, data in rendered.items() if data
            ]

    def _chunk(self, stream: str, data: memoryview) -> RenderedChunk:
        if self.spool is None:
            return RenderedChunk(stream, 0, len(data), bytes(data))
        return RenderedChunk(stream, self.spool.write(data), len(data))
