"""The sites that a shell offers: those in the first rows of one parquet file of the input, so that it need not wait."""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

__all__ = ["site_names"]

_FILES_SEEN = 1000
_ROWS = 50_000


def site_names(data_dir: str, column: str) -> list[str]:
    """Return the distinct values of `column` in the first rows of the first parquet file below `data_dir`, sorted.

    The list is empty when there is no such file or column, or when it cannot be read.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    path = next((path for path in islice(_files(Path(data_dir)), _FILES_SEEN) if path.suffix == ".parquet"), None)
    if path is None:
        return []
    try:
        with pq.ParquetFile(path) as file:
            rows = next(file.iter_batches(batch_size=_ROWS, columns=[column]), None)
    except (OSError, pa.ArrowException):
        return []
    if rows is None or not rows.num_columns or not pa.types.is_string(rows.column(0).type):
        return []
    return sorted({name.strip() for name in rows.column(0).unique().drop_null().to_pylist()} - {""})


def _files(path: Path) -> Iterator[Path]:
    if path.is_file():
        yield path
    for folder, _, names in os.walk(path):
        yield from (Path(folder, name) for name in sorted(names))
