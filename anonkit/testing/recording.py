"""The batches that a reporter gets in a run, to be cut and folded again without a run."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from typing import Any

import attrs
import pyarrow as pa

from anonkit.catalogue import Column
from anonkit.plugin.contracts import Batch, Listing, Outputs, Reporter, Roles, RunContext
from anonkit.testing.contract import pickled
from anonkit.testing.outputs import MemoryOutputs

__all__ = ["Recorder", "Written", "cut", "joined", "part", "written"]


class Recorder(Reporter[None, None]):
    """Asks for whatever another reporter asks for, and notes the batches of a run in this process."""

    def __init__(self, reporter: Reporter[Any, Any]) -> None:
        self.reporter = reporter
        self.context: RunContext | None = None
        self.batches: list[Batch] = []

    @property
    def required_roles(self) -> tuple[str, ...]:
        """As the other."""
        return self.reporter.required_roles

    @property
    def optional_roles(self) -> tuple[str, ...]:
        """As the other."""
        return self.reporter.optional_roles

    @property
    def mentioned_kinds(self) -> tuple[str, ...]:
        """As the other."""
        return self.reporter.mentioned_kinds

    @property
    def writes_originals(self) -> bool:
        """As the other."""
        return self.reporter.writes_originals

    def columns(self, roles: Roles) -> Sequence[str]:
        """As the other."""
        return self.reporter.columns(roles)

    def optional_columns(self, columns: Sequence[Column], roles: Roles) -> Sequence[str]:
        """As the other."""
        return self.reporter.optional_columns(columns, roles)

    def start(self, context: RunContext) -> None:
        """Note the context."""
        self.context = context

    def consume(self, state: None, batch: Batch) -> None:
        """Note the batch, as nobody else has it."""
        self.batches.append(attrs.evolve(batch, data=batch.data, identities=dict(batch.identities)))

    def write(self, result: None, outputs: Outputs, context: RunContext) -> None:
        """Write nothing."""


@attrs.frozen
class Written:
    """What a reporter wrote, and said."""

    files: dict[str, bytes]
    warnings: list[str]
    highlights: list[tuple[str, str]]


def joined(batches: Sequence[Batch]) -> Batch:
    """Return neighbouring batches as one."""
    table = pa.Table.from_batches([batch.data for batch in batches]).combine_chunks()
    [data] = table.to_batches() or [batches[0].data]
    identities = {
        kind: pa.concat_arrays([batch.identities[kind] for batch in batches]) for kind in batches[0].identities
    }
    return attrs.evolve(batches[0], data=data, identities=identities)


def cut(batch: Batch, places: Iterable[int]) -> list[Batch]:
    """Return the rows as several batches, cut before the rows at some places."""
    edges = sorted({0, *(min(place, len(batch)) for place in places), len(batch)})
    return [part(batch, start, end - start) for start, end in itertools.pairwise(edges)]


def part(batch: Batch, start: int, length: int) -> Batch:
    """Return some rows of a batch."""
    identities = {kind: codes.slice(start, length) for kind, codes in batch.identities.items()}
    data = batch.data.slice(start, length)
    return attrs.evolve(batch, data=data, first_row=batch.first_row + start, identities=identities)


def written(reporter: Reporter[Any, Any], batches: Sequence[Batch], state: Any, context: RunContext) -> Written:
    """Return what comes of a state; a listing renders the batches."""
    outputs = MemoryOutputs(separator=getattr(reporter, "separator", b""))
    if isinstance(reporter, Listing):
        for batch in batches:
            rendered = {stream: piece for stream, piece in reporter.render(batch).items() if piece}
            for stream, piece in rendered.items():
                outputs.openings.setdefault(stream, reporter.opening(stream, context))
                outputs.pieces.setdefault(stream, []).append(bytes(piece))
    result = reporter.finish(pickled(state, "the state"), context)
    reporter.write(result, outputs, context)
    highlights = [(label, text) for label, text in reporter.highlights(result, context)]
    return Written(outputs.files, outputs.warnings, highlights)
