"""What a worker does with a task: pass one surveys its rows, pass two anonymizes and reports them.

A pass is made once, sent to each worker once, and called with tasks. Nothing in it changes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from typing import Any

import attrs
import pyarrow as pa

from anonkit.arrow.rows import Rows
from anonkit.engine.anonymizer import Anonymized, Anonymizer
from anonkit.identities.mentions import KeywordSearch, text_columns
from anonkit.identities.survey import KindSurvey, merge, survey
from anonkit.input.batches import read
from anonkit.input.column_roles import ColumnRoles
from anonkit.input.normalize import CellNormalizer
from anonkit.input.source import Fragment
from anonkit.plugin.bound_reporter import BoundReporter
from anonkit.plugin.contracts import Batch, Listing, Roles, Tokenizer
from anonkit.plugin.guard import plugin_errors
from anonkit.runtime.spool import SpoolFile

__all__ = ["Applied", "ApplyPass", "Piece", "SurveyPass", "Task"]

Task = tuple[Fragment, ...]
"""The rows that a pass works on in one call."""


@attrs.frozen
class SurveyPass:
    """Pass one: who is in these rows?"""

    tokenizers: tuple[Tokenizer, ...]
    layout: ColumnRoles
    roles: Roles
    schema: pa.Schema
    """Of the columns to read: those that hold identities, and text."""
    cells: CellNormalizer
    batch_rows: int
    keywords: Mapping[str, KeywordSearch]
    """By kind; kinds that have keywords."""

    @classmethod
    def from_schema(
        cls,
        tokenizers: tuple[Tokenizer, ...],
        layout: ColumnRoles,
        roles: Roles,
        schema: pa.Schema,
        cells: CellNormalizer,
        rows: int,
    ) -> SurveyPass:
        """Make the pass; of the columns of `schema` it reads those that can hold identities, `rows` rows at a time."""
        needed = {*layout.text, *(name for columns in layout.identity.values() for name in columns)}
        read_schema = pa.schema([field for field in schema if field.name in needed])
        keywords = {tokenizer.kind: KeywordSearch.from_tokenizer(tokenizer) for tokenizer in tokenizers}
        found = {kind: search for kind, search in keywords.items() if search is not None}
        return cls(tokenizers, layout, roles, read_schema, cells, rows, found)

    def __call__(self, task: Task) -> dict[str, KindSurvey]:
        """Return the identities in the task's rows, by kind."""
        found: dict[str, KindSurvey] = {tokenizer.kind: {} for tokenizer in self.tokenizers}
        for first_row, batch in read(task, self.schema, self.cells, self.batch_rows):
            self.add(found, batch, first_row)
        return found

    def add(self, found: dict[str, KindSurvey], batch: pa.RecordBatch, first_row: int) -> None:
        """Enter the identities in a raw batch, which has the columns of `schema`, into `found`, by kind."""
        with plugin_errors("an anonymizer"):
            texts = text_columns(self.layout.texts(self.tokenizers, batch))
        for tokenizer in self.tokenizers:
            columns = self.layout.identity[tokenizer.kind]
            keywords = self.keywords.get(tokenizer.kind)
            with plugin_errors(f"anonymizer {tokenizer.kind}"):
                met = survey(tokenizer, columns, texts, keywords, self.roles, batch, first_row)
            merge(found[tokenizer.kind], met)


@attrs.frozen
class Piece:
    """Rendered bytes of a stream: where they are in the task's spool file of that listing, or the bytes themselves."""

    stream: str
    offset: int
    size: int
    data: bytes | None = None


@attrs.frozen
class Applied:
    """What pass two made of one task; the tuples run in parallel with the pass's reporters."""

    rows: int
    states: tuple[Any, ...]
    pieces: tuple[tuple[Piece, ...], ...]
    spools: tuple[str | None, ...]


@attrs.frozen
class ApplyPass:
    """Pass two: rows become anonymized rows, then what the reporters make of them."""

    anonymizer: Anonymizer
    reporters: tuple[BoundReporter, ...]
    schema: pa.Schema
    cells: CellNormalizer
    batch_rows: int
    spool: str | None
    """A folder that workers and the coordinating process share; None sends rendered bytes with the result."""

    def __call__(self, task: Task) -> Applied:
        """Return the reporters' states for the task's rows, and what the listings rendered."""
        rows = 0
        with ExitStack() as stack:
            reports = [_Report(bound, self._spool_file(bound, stack)) for bound in self.reporters]
            for first_row, batch in read(task, self.schema, self.cells, self.batch_rows):
                rows += len(batch)
                self._report(batch, first_row, reports)
        return Applied(
            rows,
            tuple(report.state for report in reports),
            tuple(tuple(report.pieces) for report in reports),
            tuple(report.spool.path if report.spool else None for report in reports),
        )

    def _report(self, batch: pa.RecordBatch, first_row: int, reports: Sequence[_Report]) -> None:
        views = self._views(batch)
        rows = {garbled: Rows(view.data) for garbled, view in views.items()}
        for report in reports:
            context = report.bound.context
            view = views[context.garbled]
            report.consume(
                Batch(data=rows[context.garbled], first_row=first_row, identities=view.identities, context=context)
            )

    def _views(self, batch: pa.RecordBatch) -> dict[bool, Anonymized]:
        """Return the batch garbled (True) and raw (False), as far as there are reporters for it."""
        wanted = {bound.context.garbled for bound in self.reporters}
        views: dict[bool, Anonymized] = {}
        with plugin_errors("an anonymizer"):
            if True in wanted:
                views[True] = self.anonymizer(batch)
            if False in wanted:
                views[False] = Anonymized(batch, self.anonymizer.codes(batch))
        return views

    def _spool_file(self, bound: BoundReporter, stack: ExitStack) -> SpoolFile | None:
        if self.spool is None or not isinstance(bound.reporter, Listing):
            return None
        return stack.enter_context(SpoolFile(self.spool))


@attrs.define
class _Report:
    """One reporter at work on one task."""

    bound: BoundReporter
    spool: SpoolFile | None
    state: Any = None
    pieces: list[Piece] = attrs.field(factory=list)

    def __attrs_post_init__(self) -> None:
        with plugin_errors(f"reporter {self.bound.name}"):
            self.state = self.bound.reporter.start(self.bound.context)

    def consume(self, batch: Batch) -> None:
        reporter = self.bound.reporter
        with plugin_errors(f"reporter {self.bound.name}"):
            self.state = reporter.consume(self.state, batch)
            rendered = reporter.render(batch) if isinstance(reporter, Listing) else {}
            self._keep({stream: memoryview(data).cast("B") for stream, data in rendered.items() if data})

    def _keep(self, rendered: Mapping[str, memoryview]) -> None:
        for stream, data in rendered.items():
            if self.spool is None:
                self.pieces.append(Piece(stream, 0, len(data), bytes(data)))
            else:
                self.pieces.append(Piece(stream, self.spool.write(data), len(data)))
