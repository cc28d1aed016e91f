"""Logs of web servers in the combined format."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import attrs
import pyarrow as pa

from anonkit.api import BadRecord, Contents, DataFile, FileHead, Reader, Run
from anonkit_web_logs import LogOptions

SCHEMA = pa.schema(
    [
        ("remote_host", pa.string()),
        ("account", pa.string()),
        ("time", pa.int64()),
        ("request", pa.string()),
        ("status", pa.int64()),
        ("size", pa.int64()),
        ("referer", pa.string()),
        ("agent", pa.string()),
    ]
)
_TEXT = r'"((?:[^"\\]|\\.)*)"'
_LINE = re.compile(rf"(\S+) \S+ (\S+) \[([^\]]+)\] {_TEXT} (\d{{3}}) (\d+|-) {_TEXT} {_TEXT}\Z")
LINES_OF_A_RUN = 50_000


@attrs.frozen
class LogReader(Reader):
    """Counts lines once; a run is some fifty thousand of them, and begins at a byte."""

    options: LogOptions

    def recognizes(self, head: FileHead) -> bool:
        first = head.data.partition(b"\n")[0].decode(self.options.encoding, "replace")
        return _LINE.match(first.strip()) is not None

    def contents(self, file: DataFile) -> Contents:
        runs: list[Run] = []
        bad: list[BadRecord] = []
        rows, begin, first, place = 0, 0, 1, 0
        with file.failures("damaged or cut off"), file.open() as stream:
            for number, line in enumerate(stream, 1):
                place += len(line)
                if self._record(line) is None:
                    bad.append(BadRecord("no line of a combined log", number))
                else:
                    rows += 1
                if number % LINES_OF_A_RUN == 0:
                    runs.append(Run(rows, begin, place, first))
                    rows, begin, first = 0, place, number + 1
        if rows or not runs:
            runs.append(Run(rows, begin, place, first))
        if bad and not file.skip_bad_records:
            raise file.refuse(bad[0])
        return Contents(SCHEMA, tuple(runs), tuple(bad[:100]), len(bad))

    def batches(
        self, file: DataFile, runs: Sequence[Run], columns: pa.Schema | None, rows: int
    ) -> Iterator[pa.RecordBatch]:
        begin, end = (runs[0].start, runs[-1].end) if runs else (0, None)
        records: list[dict[str, Any]] = []
        with file.failures("damaged or cut off"), file.open(begin) as stream:
            place = begin
            for line in stream:
                place += len(line)
                if (record := self._record(line)) is not None:
                    records.append(record)
                if len(records) >= rows:
                    yield pa.RecordBatch.from_pylist(records, SCHEMA)
                    records = []
                if end is not None and place >= end:
                    break
        if records:
            yield pa.RecordBatch.from_pylist(records, SCHEMA)

    def _record(self, line: bytes) -> dict[str, Any] | None:
        found = _LINE.match(line.decode(self.options.encoding, "replace").strip())
        if found is None:
            return None
        try:
            time = int(datetime.strptime(found[3], "%d/%b/%Y:%H:%M:%S %z").timestamp())
        except ValueError:
            return None
        host, account, _, request, status, size, referer, agent = (
            None if cell == "-" else cell for cell in found.groups()
        )
        values = (host, account, time, request, int(status or 0), int(size or 0), referer, agent)
        return dict(zip(SCHEMA.names, values, strict=True))
