"""The formats of a listing: how rows are rendered in the workers, and how a file is made of them in the end."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar

import attrs
import orjson
import pyarrow as pa

from anonkit.api import Outputs, RunContext
from anonkit.arrow.strings import bytes_of
from anonkit_std.reporters.csv_rows import csv_header, csv_rows
from anonkit_std.reporters.dataset.parquet_rows import ParquetFile, packed, unpacked
from anonkit_std.reporters.dataset.plain_columns import plain_batch, plain_schema
from anonkit_std.reporters.json_rows import json_rows

__all__ = ["ROW_FORMATS", "RowFormat"]

_ROW_GROUP_ROWS = 131_072


@attrs.frozen
class RowFormat(ABC):
    """One format. A stream holds the rows of one site."""

    suffix: ClassVar[str]
    separator: ClassVar[bytes] = b""
    """Between the chunks of a stream."""
    is_read_back: ClassVar[bool] = False
    """Whether outputs are made by reading a stream, which is not an output yet."""
    holds_meta: ClassVar[bool] = False
    """Whether a file has the facts about its listing; otherwise a document beside it has them."""

    def opening(self, context: RunContext) -> bytes:
        """Return the bytes before the first row."""
        return b""

    def static_text(self, context: RunContext) -> Sequence[str]:
        """Return the text that a file holds whatever the rows hold, besides the keys of JSON."""
        return ()

    @abstractmethod
    def chunks(
        self, rows: pa.RecordBatch, spans: Sequence[tuple[int, int]], context: RunContext
    ) -> Iterator[bytes | memoryview]:
        """Yield the bytes of the rows in each span (start, end)."""

    def write(
        self, name: str, stream: str | None, outputs: Outputs, context: RunContext, meta: Mapping[str, Any]
    ) -> None:
        """Make an output of a stream; None has no rows."""
        if stream is None:
            outputs.write(name, self.opening(context))
        else:
            outputs.publish(stream, name)


class _Json(RowFormat):
    """One JSON object: the rows in a list, a row in each line, and `meta`."""

    suffix = ".json"
    separator = b",\n"
    holds_meta = True

    def opening(self, context: RunContext) -> bytes:
        return b'{"jobs_at_site": [\n'

    def chunks(
        self, rows: pa.RecordBatch, spans: Sequence[tuple[int, int]], context: RunContext
    ) -> Iterator[bytes | memoryview]:
        records = json_rows(rows, context.schema, end=self.separator.decode())
        yield from (bytes_of(records[start:end])[: -len(self.separator)] for start, end in spans)

    def write(
        self, name: str, stream: str | None, outputs: Outputs, context: RunContext, meta: Mapping[str, Any]
    ) -> None:
        tail = b'\n],\n"meta": ' + orjson.dumps(meta) + b"}\n"
        if stream is None:
            outputs.write(name, self.opening(context).rstrip() + tail)
        else:
            outputs.publish(stream, name, tail)


class _JsonLines(RowFormat):
    """A JSON object in each line."""

    suffix = ".ndjson"

    def chunks(
        self, rows: pa.RecordBatch, spans: Sequence[tuple[int, int]], context: RunContext
    ) -> Iterator[bytes | memoryview]:
        records = json_rows(rows, context.schema, end="\n")
        yield from (bytes_of(records[start:end]) for start, end in spans)


class _Csv(RowFormat):
    """CSV with a line of column names."""

    suffix = ".csv"

    def opening(self, context: RunContext) -> bytes:
        return csv_header(context.schema.names)

    def static_text(self, context: RunContext) -> Sequence[str]:
        return (self.opening(context).decode(),)

    def chunks(
        self, rows: pa.RecordBatch, spans: Sequence[tuple[int, int]], context: RunContext
    ) -> Iterator[bytes | memoryview]:
        yield from (csv_rows(rows.slice(start, end - start)) for start, end in spans)


class _Parquet(RowFormat):
    """Parquet, written in the end from batches as bytes."""

    suffix = ".parquet"
    is_read_back = True

    def chunks(
        self, rows: pa.RecordBatch, spans: Sequence[tuple[int, int]], context: RunContext
    ) -> Iterator[bytes | memoryview]:
        plain = plain_batch(rows, _schema(context))
        yield from (packed(plain.slice(start, end - start)) for start, end in spans)

    def write(
        self, name: str, stream: str | None, outputs: Outputs, context: RunContext, meta: Mapping[str, Any]
    ) -> None:
        with outputs.open(name) as file:
            batches = unpacked(outputs.read(stream)) if stream is not None else ()
            ParquetFile(_schema(context), _ROW_GROUP_ROWS, None).write(batches, file)


def _schema(context: RunContext) -> pa.Schema:
    return plain_schema(context.schema, context.schema.names)


ROW_FORMATS: Mapping[str, RowFormat] = {
    "json": _Json(),
    "ndjson": _JsonLines(),
    "csv": _Csv(),
    "parquet": _Parquet(),
}
