"""A run in miniature for the tests of reporters: context, batches, outputs in memory, and the laws of a fold."""

from __future__ import annotations

import contextlib
import io
import itertools
import pickle
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import attrs
import pyarrow as pa
import pyarrow.compute as pc

from anonkit.api import Batch, Identities, Listing, Reporter, Roles, RunContext

PREFIXES = {"user": "UR_", "ip": "IP", "experiment": "EX_"}


def identities(kind: str, counts: Sequence[int], *, valid: Sequence[bool] = (), originals: Any = None) -> Identities:
    prefix = {"user": "UR", "ip": "IP", "experiment": "EX_"}[kind]
    numbers = range(1, len(counts) + 1)
    return Identities(
        kind=kind,
        tokens=tuple(f"{prefix}{n}" for n in numbers),
        text_tokens=tuple(f"{PREFIXES[kind]}{n}" for n in numbers),
        counts=tuple(counts),
        valid=tuple(valid) or (True,) * len(counts),
        originals=originals,
    )


def unchanged(texts: pa.Array) -> pa.Array:
    return texts


def replacing(names: Mapping[str, str]) -> Callable[[pa.Array], pa.Array]:
    """A garbler that replaces words, without regard to case."""

    def garble(texts: pa.Array) -> pa.Array:
        for name, token in names.items():
            texts = pc.replace_substring_regex(texts, f"(?i){name}", token)
        return texts

    return garble


def make_batch(
    columns: Mapping[str, Any] | pa.RecordBatch,
    *,
    codes: Mapping[str, Any] | None = None,
    known: Mapping[str, Identities] | None = None,
    beside: Sequence[str] = (),
    garbled: bool = True,
    garble: Callable[[pa.Array], pa.Array] = unchanged,
) -> Batch:
    """A whole run as one batch. `codes` are the identities of the rows; `beside` are columns outside the row record."""
    data = columns if isinstance(columns, pa.RecordBatch) else pa.record_batch(dict(columns))
    arrays = {kind: _codes(values) for kind, values in (codes or {}).items()}
    if known is None:
        known = {kind: _counted(kind, array) for kind, array in arrays.items()}
    record = pa.schema([field for field in data.schema if field.name not in beside])
    context = RunContext(
        roles=Roles(),
        schema=record,
        total_rows=data.num_rows,
        identities=known,
        garbled=garbled,
        text_prefixes=PREFIXES,
        garble=garble,
        batch_schema=data.schema,
    )
    return Batch(data=data, first_row=0, identities=arrays, context=context)


def _codes(values: Any) -> pa.Array:
    return pa.array([value if isinstance(value, list) else [value] for value in values], pa.list_(pa.int32()))


def _counted(kind: str, codes: pa.Array) -> Identities:
    flat = pc.list_flatten(codes)
    size = (pc.max(flat).as_py() + 1) if len(flat) else 0
    return identities(kind, [pc.sum(pc.equal(flat, n)).as_py() for n in range(size)])


def cut(batch: Batch, places: Sequence[int]) -> list[Batch]:
    """The same rows as several batches, cut before the rows named; empty batches included."""
    edges = [0, *sorted(min(place, len(batch)) for place in places), len(batch)]
    return [_part(batch, start, end - start) for start, end in itertools.pairwise(edges)]


def _part(batch: Batch, start: int, length: int) -> Batch:
    parts = {kind: codes.slice(start, length) for kind, codes in batch.identities.items()}
    first_row = batch.first_row + start
    return attrs.evolve(batch, data=batch.data.slice(start, length), first_row=first_row, identities=parts)


@attrs.define
class MemoryOutputs:
    """`Outputs` that keeps everything; streams are given back in small pieces."""

    openings: dict[str, bytes] = attrs.field(factory=dict)
    pieces: dict[str, list[bytes]] = attrs.field(factory=dict)
    separator: bytes = b""
    files: dict[str, bytes] = attrs.field(factory=dict)
    warnings: list[str] = attrs.field(factory=list)

    @contextlib.contextmanager
    def open(self, name: str) -> Iterator[io.BytesIO]:
        target = io.BytesIO()
        yield target
        self.write(name, target.getvalue())

    def write(self, name: str, data: bytes) -> None:
        assert name not in self.files
        self.files[name] = data

    def streams(self) -> list[str]:
        return list(self.pieces)

    def read(self, stream: str) -> Iterator[bytes]:
        data = self.separator.join(self.pieces[stream])
        yield from (data[start : start + 7] for start in range(0, len(data), 7))

    def publish(self, stream: str, name: str, tail: bytes = b"") -> None:
        self.write(name, self.openings[stream] + self.separator.join(self.pieces[stream]) + tail)

    def warn(self, message: str) -> None:
        self.warnings.append(message)


def travelled(state: Any) -> Any:
    """The state as another process gets it."""
    return pickle.loads(pickle.dumps(state))


def run(reporter: Reporter[Any, Any], batches: Sequence[Batch], context: RunContext | None = None) -> MemoryOutputs:
    """Fold, render and write."""
    context = context or batches[0].context
    outputs = MemoryOutputs(separator=getattr(reporter, "separator", b""))
    state = reporter.start(context)
    for batch in batches:
        part = reporter.consume(travelled(reporter.start(context)), batch)
        state = reporter.merge(state, travelled(part))
        if isinstance(reporter, Listing):
            for stream, piece in reporter.render(batch).items():
                outputs.openings.setdefault(stream, reporter.opening(stream, context))
                outputs.pieces.setdefault(stream, []).append(piece)
    reporter.write(reporter.finish(state, context), outputs, context)
    return outputs


def check_fold_laws(reporter: Reporter[Any, Any], batch: Batch, places: Sequence[int]) -> None:
    """Where batches are cut changes nothing; merging is associative; an empty state changes nothing."""
    context = batch.context
    whole, pieces = run(reporter, [batch]), run(reporter, cut(batch, places))
    assert (pieces.files, pieces.warnings) == (whole.files, whole.warnings)

    states = [reporter.consume(reporter.start(context), part) for part in cut(batch, places)]
    from_left, from_right = reporter.start(context), reporter.start(context)
    for state in states:
        from_left = reporter.merge(from_left, travelled(state))
    for state in reversed(states):
        from_right = reporter.merge(travelled(state), from_right)
    merge_segments = reporter.start(context)
    for part in cut(batch, places):
        merge_segments = reporter.consume(merge_segments, part)
    results = [reporter.finish(state, context) for state in (from_left, from_right, merge_segments)]
    assert results[0] == results[1] == results[2]
    assert all(str(result) == str(results[0]) for result in results)
    assert all(reporter.highlights(result, context) == reporter.highlights(results[0], context) for result in results)
