"""Plugins with a guard around each call: what they raise, and results that no contract allows, name the plugin.

Each class here is a plugin of its sort that passes every call on to another one, so no caller need know of guards.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import attrs

from anonkit.catalogue import Column
from anonkit.plugin.contracts import (
    Batch,
    Contents,
    DataFile,
    Encoding,
    FileHead,
    Listing,
    OutputEncoder,
    Outputs,
    Reader,
    Reporter,
    Roles,
    Run,
    RunContext,
    Tokenizer,
    Transform,
)
from anonkit.plugin.guard import Guard
from anonkit.plugin.guarded_tokenizer import GuardedTokenizer
from anonkit.plugin.results import names, text

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = [
    "GuardedEncoder",
    "GuardedListing",
    "GuardedReader",
    "GuardedReporter",
    "GuardedTokenizer",
    "GuardedTransform",
    "guarded",
]


def guarded(plugin: Any, guard: Guard) -> Any:
    """Return the plugin with its guard; one of no sort that has calls to guard is returned as it is."""
    match plugin:
        case Tokenizer():
            return GuardedTokenizer.wrap(plugin, guard)
        case Transform():
            return GuardedTransform(plugin, guard)
        case Listing():
            return GuardedListing(plugin, guard)
        case Reporter():
            return GuardedReporter(plugin, guard)
        case Reader():
            return GuardedReader(plugin, guard)
        case OutputEncoder():
            return GuardedEncoder(plugin, guard)
    return plugin


@attrs.frozen
class GuardedTransform(Transform):
    """Passes each call on to a transform; PluginError for what it raises, and for rows that are not as declared."""

    plugin: Transform
    guard: Guard

    @property
    def accepts_segments(self) -> bool:  # type: ignore[override]  # a constant of its class to a plugin's author
        return bool(self.plugin.accepts_segments)

    def schema(self, schema: pa.Schema) -> pa.Schema:
        import pyarrow as pa

        changed: Any = self.guard.call(self.plugin.schema, schema)
        if not isinstance(changed, pa.Schema):
            raise self.guard.refuse(f"schema gave a {type(changed).__name__}, not a schema")
        return changed

    def changes(self, schema: pa.Schema) -> Mapping[str, str]:
        return self.guard.call(lambda: dict(self.plugin.changes(schema)))

    def learned_columns(self, schema: pa.Schema) -> Sequence[str]:
        return names(self.guard, "learned_columns", self.guard.call(self.plugin.learned_columns, schema))

    def learn(self, batch: pa.RecordBatch) -> Any:
        return self.guard.call(self.plugin.learn, batch)

    def merge(self, left: Any, right: Any) -> Any:
        return self.guard.call(self.plugin.merge, left, right)

    def with_learned(self, learned: Any) -> GuardedTransform:
        taught: Any = self.guard.call(self.plugin.with_learned, learned)
        if not isinstance(taught, Transform):
            raise self.guard.refuse(f"with_learned gave a {type(taught).__name__}, not a transform")
        return attrs.evolve(self, plugin=taught)

    def preview(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        import pyarrow as pa

        seen: Any = self.guard.call(self.plugin.preview, batch)
        if not isinstance(seen, pa.RecordBatch) or not seen.schema.equals(batch.schema):
            raise self.guard.refuse("preview gave something else than a batch of the same schema")
        return seen

    def warnings(self, schema: pa.Schema) -> Sequence[str]:
        return names(self.guard, "warnings", self.guard.call(self.plugin.warnings, schema))

    def placeholders(self) -> Sequence[str]:
        return names(self.guard, "placeholders", self.guard.call(self.plugin.placeholders))

    def __call__(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        import pyarrow as pa

        changed: Any = self.guard.call(self.plugin, batch)
        if not isinstance(changed, pa.RecordBatch):
            raise self.guard.refuse(f"it gave a {type(changed).__name__}, not a record batch")
        if len(changed) != len(batch) or not changed.schema.equals(self.schema(batch.schema)):
            raise self.guard.refuse("it returned other rows or another schema than it declares")
        return changed


@attrs.frozen
class GuardedReader(Reader):
    """Passes each call on to a reader; PluginError for what it raises, and for results of wrong types."""

    plugin: Reader
    guard: Guard

    def recognizes(self, head: FileHead) -> bool:
        return self.guard.call(lambda: bool(self.plugin.recognizes(head)))

    def contents(self, file: DataFile) -> Contents:
        contents: Any = self.guard.call(self.plugin.contents, file)
        if not isinstance(contents, Contents):
            raise self.guard.refuse(f"contents gave a {type(contents).__name__}, not a Contents")
        if any(run.rows < 0 for run in contents.runs):
            raise self.guard.refuse("contents gave a run with a negative number of rows")
        return contents

    def batches(
        self, file: DataFile, runs: Sequence[Run], columns: pa.Schema | None, rows: int
    ) -> Iterator[pa.RecordBatch]:
        import pyarrow as pa

        given: Any = self.guard.call(lambda: iter(self.plugin.batches(file, runs, columns, rows)))
        while (batch := self.guard.call(next, given, None)) is not None:
            if not isinstance(batch, pa.RecordBatch):
                raise self.guard.refuse(f"batches gave a {type(batch).__name__}, not a record batch")
            yield batch


@attrs.frozen
class GuardedReporter(Reporter[Any, Any]):
    """Passes each call on to a reporter; PluginError for what it raises, and for results of the wrong type."""

    plugin: Any
    """A reporter; any, since a listing has more."""
    guard: Guard

    @property
    def required_roles(self) -> tuple[str, ...]:
        return names(self.guard, "required_roles", self.guard.call(lambda: self.plugin.required_roles))

    @property
    def optional_roles(self) -> tuple[str, ...]:
        return names(self.guard, "optional_roles", self.guard.call(lambda: self.plugin.optional_roles))

    def columns(self, roles: Roles) -> Sequence[str]:
        return names(self.guard, "columns", self.guard.call(self.plugin.columns, roles))

    def optional_columns(self, columns: Sequence[Column], roles: Roles) -> Sequence[str]:
        return names(self.guard, "optional_columns", self.guard.call(self.plugin.optional_columns, columns, roles))

    @property
    def mentioned_kinds(self) -> tuple[str, ...]:
        return names(self.guard, "mentioned_kinds", self.guard.call(lambda: self.plugin.mentioned_kinds))

    @property
    def writes_originals(self) -> bool:
        return self.guard.call(lambda: bool(self.plugin.writes_originals))

    def static_text(self, context: RunContext) -> Sequence[str]:
        return names(self.guard, "static_text", self.guard.call(lambda: list(self.plugin.static_text(context))))

    @property
    def line_start(self) -> str:
        return text(self.guard, "line_start", self.guard.call(lambda: self.plugin.line_start))

    def start(self, context: RunContext) -> Any:
        return self.guard.call(self.plugin.start, context)

    def consume(self, state: Any, batch: Batch) -> Any:
        after = self.guard.call(self.plugin.consume, state, batch)
        if after is None and state is not None:
            raise self.guard.refuse("consume gave None instead of the state")
        return after

    def merge(self, left: Any, right: Any) -> Any:
        return self.guard.call(self.plugin.merge, left, right)

    def finish(self, state: Any, context: RunContext) -> Any:
        return self.guard.call(self.plugin.finish, state, context)

    def write(self, result: Any, outputs: Outputs, context: RunContext) -> None:
        self.guard.call(self.plugin.write, result, outputs, context)

    def highlights(self, result: Any, context: RunContext) -> Sequence[tuple[str, str]]:
        lines = self.guard.call(lambda: [tuple(line) for line in self.plugin.highlights(result, context)])
        if not all(len(line) == 2 and all(isinstance(part, str) for part in line) for line in lines):
            raise self.guard.refuse("highlights gave something else than pairs of texts")
        return lines


@attrs.frozen
class GuardedListing(GuardedReporter, Listing[Any, Any]):
    """Passes each call on to a listing, as `GuardedReporter` does."""

    @property
    def separator(self) -> bytes:  # type: ignore[override]  # a constant of its class to a plugin's author
        return self.guard.call(lambda: bytes(self.plugin.separator))

    def opening(self, stream: str, context: RunContext) -> bytes:
        opening: bytes = self.guard.call(self.plugin.opening, stream, context)
        return opening

    def output_name(self, stream: str) -> str | None:
        name: str | None = self.guard.call(self.plugin.output_name, stream)
        return name

    def render(self, batch: Batch) -> Mapping[str, bytes | memoryview]:
        rendered: Any = self.guard.call(self.plugin.render, batch)
        if not isinstance(rendered, Mapping):
            raise self.guard.refuse(f"render gave a {type(rendered).__name__}, not bytes by stream")
        for data in rendered.values():
            if not isinstance(data, (bytes, bytearray, memoryview)):
                raise self.guard.refuse(f"render gave a {type(data).__name__} for a stream, not bytes")
        return rendered


@attrs.frozen
class _GuardedCall:
    """A function of a plugin with its guard; picklable when the function is."""

    function: Any
    guard: Guard

    def __call__(self, argument: Any) -> Any:
        return self.guard.call(self.function, argument)


@attrs.frozen
class _Compress(_GuardedCall):
    def __call__(self, argument: bytes) -> bytes:
        stored: Any = self.guard.call(self.function, argument)
        if not isinstance(stored, bytes):
            raise self.guard.refuse(f"compress gave a {type(stored).__name__}, not bytes")
        return stored


@attrs.frozen
class GuardedEncoder(OutputEncoder):
    """Passes each call on to an encoder; PluginError for what it and its encodings raise."""

    plugin: OutputEncoder
    guard: Guard

    def encoding(self, name: str) -> Encoding | None:
        encoding: Any = self.guard.call(self.plugin.encoding, name)
        if encoding is None:
            return None
        if not isinstance(encoding, Encoding):
            raise self.guard.refuse(f"encoding gave a {type(encoding).__name__}, not an Encoding")
        return attrs.evolve(
            encoding,
            suffix=text(self.guard, "suffix", encoding.suffix),
            compress=_Compress(encoding.compress, self.guard),
            decompress=_GuardedCall(encoding.decompress, self.guard),
        )

    @property
    def archive(self) -> str | None:
        return self.guard.call(lambda: self.plugin.archive)

    def pack(self, members: Sequence[tuple[str, Path]], target: BinaryIO) -> None:
        self.guard.call(self.plugin.pack, members, target)
