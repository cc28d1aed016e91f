"""The reporters of a run in the coordinating process: their view of the run, their states, their outputs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import attrs
import pyarrow as pa

from anonkit.config.model import Choice
from anonkit.engine.anonymizer import Anonymizer
from anonkit.engine.job_numbers import JOB, JOB_COLUMN, NUMBERED, numbered_schema
from anonkit.engine.operations import operations
from anonkit.engine.passes import Applied, RenderedChunk
from anonkit.engine.plugins import is_garbled
from anonkit.engine.setup import RunSetup
from anonkit.identities.shared_names import SharedCounts
from anonkit.input.measures import Counts
from anonkit.output.reporter_outputs import ReporterOutputs
from anonkit.output.staging import Staging
from anonkit.plugin.bound_reporter import BoundReporter
from anonkit.plugin.contracts import AnyReporter, Listing, RunContext
from anonkit.plugin.guard import plugin_errors
from anonkit.runtime.spool import read_span, release

__all__ = ["Reporting", "bound_reporters"]


def bound_reporters(setup: RunSetup, anonymizer: Anonymizer) -> tuple[BoundReporter, ...]:
    """Return each reporter with the view of the run that it may have."""
    core = setup.core
    anonymized_schema = core.anonymized_schema
    with plugin_errors("an anonymizer"):
        done = operations(core.transforms, core.column_roles, core.schema)
    if is_numbered := setup.config.run.job_numbers:
        done = {JOB: (NUMBERED,), **done}

    def context(choice: Choice[Any], reporter: AnyReporter) -> RunContext:
        schema = anonymized_schema if choice.garble else core.schema
        schema = numbered_schema(schema) if is_numbered else schema
        originals = not is_garbled(choice, reporter)
        return RunContext(
            roles=core.roles,
            schema=pa.schema([field for field in schema if field.name not in core.column_roles.extra]),
            total_rows=setup.rows,
            identities={kind: table.published(originals=originals) for kind, table in anonymizer.table.items()},
            garbled=choice.garble,
            text_prefixes={kind: table.text_prefix for kind, table in anonymizer.table.items()},
            garble=anonymizer.token_preserver if choice.garble else _unchanged,
            columns={JOB: JOB_COLUMN, **setup.columns} if is_numbered else setup.columns,
            batch_schema=schema,
            operations=done if choice.garble else {},
            job_column=JOB if is_numbered else None,
        )

    reporters = setup.plugins.reporters
    return tuple(BoundReporter(choice.name, reporter, context(choice, reporter)) for choice, reporter in reporters)


def _unchanged(array: pa.Array) -> pa.Array:
    return array


@attrs.frozen
class Reporting:
    """Takes the results of pass two, and has the reporters write their outputs."""

    reporters: tuple[BoundReporter, ...]
    outputs: tuple[ReporterOutputs, ...]
    states: list[Any]
    """Of each reporter, after all results that were added."""
    withheld: Counter[tuple[str, str]] = attrs.field(factory=Counter)
    """Values that were withheld, by column and token."""
    left: Counter[str] = attrs.field(factory=Counter)
    """By token of a weak name: how often the word was left in text."""
    measured: Counts = attrs.field(factory=Counter)
    """What measures of columns say of cells."""
    shared: SharedCounts = attrs.field(factory=Counter)
    """How often names are in rows of others."""

    @classmethod
    def start(cls, reporters: tuple[BoundReporter, ...], staging: Staging) -> Reporting:
        """Return the reporting before any row. PluginError."""
        states = []
        for bound in reporters:
            with plugin_errors(f"reporter {bound.name}"):
                states.append(bound.reporter.start(bound.context))
        return cls(reporters, tuple(_outputs(staging, bound) for bound in reporters), states)

    def add(self, applied: Applied) -> None:
        """Take the result for the task that follows those which were added. PluginError."""
        self.withheld.update(applied.withheld)
        self.left.update(applied.left)
        self.measured.update(applied.measured)
        self.shared.update(applied.shared)
        for place, bound in enumerate(self.reporters):
            with plugin_errors(f"reporter {bound.name}"):
                self.states[place] = bound.reporter.merge(self.states[place], applied.states[place])
                self._append(applied, place)

    def write(self) -> list[tuple[str, str]]:
        """Write the outputs, and return the lines that the reporters have for the closing table. PluginError."""
        highlights: list[tuple[str, str]] = []
        for bound, state, outputs in zip(self.reporters, self.states, self.outputs, strict=True):
            with plugin_errors(f"reporter {bound.name}"):
                result = bound.reporter.finish(state, bound.context)
                bound.reporter.write(result, outputs, bound.context)
                highlights += bound.reporter.highlights(result, bound.context)
        return highlights

    def _append(self, applied: Applied, place: int) -> None:
        """Append the chunks that a task rendered for one listing to its streams."""
        spool = applied.spools[place]
        for chunk in applied.chunks[place]:
            self.outputs[place].append(chunk.stream, _bytes_of(chunk, spool))
        if spool is not None:
            release(spool)


def _outputs(staging: Staging, bound: BoundReporter) -> ReporterOutputs:
    garbled = bound.context.garbled and not bound.reporter.writes_originals
    listing = bound.reporter if isinstance(bound.reporter, Listing) else None
    return ReporterOutputs(staging, bound.name, garbled, listing, bound.context)


def _bytes_of(chunk: RenderedChunk, spool: str | None) -> Iterator[bytes]:
    if spool is not None:
        return read_span(spool, chunk.offset, chunk.size)
    assert chunk.data is not None
    return iter((chunk.data,))
