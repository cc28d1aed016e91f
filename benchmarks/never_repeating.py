"""A script: a data set again, with commands and environments in which no word is that of another row."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

__all__ = ["main", "suffixed"]

# Names of people and experiments stay as they are: with a suffix each of them would be an identity of its own.
VALUE = re.compile(r"\b(?!\w*(?:USER|EXPERIMENT|GROUP|STATION)=)(\w+=[^\s;'\"{}]+)(?=[ ;]|$)")
ROWS = 50_000


def main(source: Path, target: Path) -> None:
    """Write each file of `source` into `target`, with the row's number behind commands and values of variables."""
    target.mkdir(parents=True)
    row = 0
    for path in sorted(source.rglob("*.parquet")):
        with (
            pq.ParquetFile(path) as file,
            pq.ParquetWriter(target / path.name, file.schema_arrow, compression="zstd") as out,
        ):
            for batch in file.iter_batches(ROWS):
                out.write_batch(suffixed(batch, row))
                row += len(batch)


def suffixed(batch: pa.RecordBatch, first: int) -> pa.RecordBatch:
    """Return the rows, the first of which has number `first`, with their suffixes."""
    suffixes = [f"/x{row:x}" for row in range(first, first + len(batch))]
    columns = {name: batch.column(name) for name in batch.schema.names}
    for name, add in (("Cmd", str.__add__), ("Environment", _to_values)):
        texts = zip(columns[name].to_pylist(), suffixes, strict=True)
        columns[name] = pa.array([text and add(text, suffix) for text, suffix in texts], pa.string())
    return pa.RecordBatch.from_pydict(columns, schema=batch.schema)


def _to_values(environment: str, suffix: str) -> str:
    return VALUE.sub(rf"\g<1>{suffix}", environment)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
