"""The reader `parquet`: each row group is a run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from anonkit.api import Contents, DataFile, FileHead, NoOptions, Reader, Run

__all__ = ["ParquetReader"]

_NO_FOOTER = "no parquet file, or cut off: its footer cannot be read"
_UNDECODABLE = "damaged or cut off: its data cannot be decoded"


class ParquetReader(Reader):
    """Reads parquet files, whatever their names."""

    def __init__(self, options: NoOptions) -> None:
        """Take no options."""

    def recognizes(self, head: FileHead) -> bool:
        """Return whether the file is named `*.parquet` or begins as parquet does."""
        return head.name.endswith(".parquet") or head.data.startswith(b"PAR1")

    def contents(self, file: DataFile) -> Contents:
        """Return the columns and row groups that the footer declares. DamagedFile when it cannot be read."""
        with file.failures(_NO_FOOTER), _opened(file) as parquet:
            footer = parquet.metadata
            sizes = [footer.row_group(group).num_rows for group in range(footer.num_row_groups)]
            if any(rows < 0 for rows in sizes):
                raise ValueError("a row group with a negative number of rows")
            schema = parquet.schema_arrow
            _read_names(schema)
            return Contents(schema, tuple(Run(rows, group, group + 1) for group, rows in enumerate(sizes)))

    def batches(
        self, file: DataFile, runs: Sequence[Run], columns: pa.Schema | None, rows: int
    ) -> Iterator[pa.RecordBatch]:
        """Yield the rows of the row groups of the runs; those of all without runs."""
        with file.failures(_UNDECODABLE), _opened(file) as parquet:
            schema = parquet.schema_arrow
            wanted = schema.names if columns is None else columns.names
            present = [name for name in wanted if schema.get_field_index(name) >= 0]
            groups = [run.start for run in runs] if runs else range(parquet.num_row_groups)
            yield from parquet.iter_batches(rows, groups, present, use_threads=False)


def _opened(file: DataFile) -> pq.ParquetFile:
    source = file.random_access()
    # For a remote file few large requests are better than many small ones.
    return pq.ParquetFile(source, page_checksum_verification=True, pre_buffer=not isinstance(source, str))


def _read_names(fields: Any) -> None:
    """Read the names of all columns and of their parts; Arrow raises an error at a name that is not UTF-8."""
    for field in fields:
        assert field.name is not None
        if pa.types.is_nested(field.type):
            _read_names([field.type.field(place) for place in range(field.type.num_fields)])
