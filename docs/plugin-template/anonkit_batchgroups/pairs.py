"""Files that hold an accounting group and a site in each line."""

from collections.abc import Iterator, Sequence

import attrs
import pyarrow as pa

from anonkit.api import BadRecord, DataFile, FileHead, NoOptions, Reader, Run


@attrs.frozen
class PairsReader(Reader):
    """Reads each file as a whole; one worker does it."""

    options: NoOptions

    def recognizes(self, head: FileHead) -> bool:
        return head.name.endswith(".pairs")

    def batches(
        self, file: DataFile, runs: Sequence[Run], columns: pa.Schema | None, rows: int
    ) -> Iterator[pa.RecordBatch]:
        with file.failures("damaged or cut off"), file.open() as lines:
            pairs = [line.decode("utf-8", "replace").split() for line in lines]
        for number, pair in enumerate(pairs, 1):
            if len(pair) != 2:
                raise file.refuse(BadRecord(f"{len(pair)} words instead of 2", number))
        table = pa.table(
            {"AccountingGroup": [one for one, _ in pairs], "MATCH_EXP_JOB_Site": [two for _, two in pairs]}
        )
        yield from table.to_batches(max_chunksize=rows)
