"""Files that hold a user, an accounting group and a site in each line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import attrs
import pyarrow as pa

from anonkit.api import BadRecord, Contents, DataFile, FileHead, Reader, Run
from anonkit_batch_groups import BatchGroupsReaderOptions

COLUMNS = ("User", "AccountingGroup", "MATCH_EXP_JOB_Site")


@attrs.frozen
class BatchGroupsReader(Reader):
    """Reads each file as a whole; one worker does it, others read other files."""

    options: BatchGroupsReaderOptions

    def recognizes(self, head: FileHead) -> bool:
        return head.name.endswith(".batch_groups")

    def contents(self, file: DataFile) -> Contents:
        records, bad = self._records(file)
        schema = pa.schema([(name, pa.string()) for name in COLUMNS])
        return Contents(schema, (Run(len(records)),), tuple(bad[:100]), len(bad))

    def batches(
        self, file: DataFile, runs: Sequence[Run], columns: pa.Schema | None, rows: int
    ) -> Iterator[pa.RecordBatch]:
        records, _ = self._records(file)
        table = pa.table({name: [record[place] for record in records] for place, name in enumerate(COLUMNS)})
        yield from table.to_batches(max_chunksize=rows)

    def _records(self, file: DataFile) -> tuple[list[list[str]], list[BadRecord]]:
        records: list[list[str]] = []
        bad: list[BadRecord] = []
        with file.failures("damaged or cut off"), file.open() as stream:
            lines = [line.decode("utf-8", "replace").strip() for line in stream]
        for number, line in enumerate(lines, 1):
            words = line.split()
            if not words or line.startswith(self.options.comment):
                continue
            if len(words) == len(COLUMNS):
                records.append(words)
            else:
                bad.append(BadRecord(f"{len(words)} words instead of {len(COLUMNS)}", number))
        if bad and not file.skip_bad_records:
            raise file.refuse(bad[0])
        return records, bad
