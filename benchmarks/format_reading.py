"""Read every row and column of a folder in one thread: `python -m benchmarks.format_reading TOOL FORMAT FOLDER`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

__all__ = ["ALONE", "TOOLS"]

ALONE: Mapping[str, str] = MappingProxyType(
    {"parquet": "pyarrow", "csv": "duckdb", "tsv": "duckdb", "jsonl": "duckdb", "sacct": "duckdb"}
)
"""The tool that reads the same rows of a format alone; of the other formats none does."""

_ROWS = 16_384
_CSV = (
    "read_csv(?, all_varchar = true, delim = {!r}, quote = {!r}, header = true, union_by_name = true, "
    "max_line_size = 33554432)"
)
_TABLES = {
    "csv": _CSV.format(",", '"'),
    "tsv": _CSV.format("\t", '"'),
    "sacct": _CSV.format("|", ""),
    "jsonl": "read_json(?, format = 'nd', union_by_name = true, maximum_object_size = 33554432)",
}


def _anonkit(form: str, folder: Path) -> None:
    """Read as a run does: once for types and the number of rows, once for the cells."""
    from anonkit.arrow.memory import use_system_memory
    from anonkit.input.batches import BatchLimits, read
    from anonkit.input.normalize import CellNormalizer
    from anonkit.input.source import Source
    from anonkit.input.tasks import cut_tasks

    use_system_memory()
    source = Source.open(str(folder), skip_damaged=False)
    cells, schema = CellNormalizer(("",)), source.schema(source.columns)
    rows = 0
    for task in cut_tasks(source.files, 1):
        rows += sum(len(batch) for _, batch in read(task, schema, cells, BatchLimits(_ROWS)))
    assert rows == source.rows


def _duckdb(form: str, folder: Path) -> None:
    import duckdb

    session = duckdb.connect(config={"threads": "1"})
    result = session.sql(f"SELECT * FROM {_TABLES[form]}", params=[f"{folder}/*"]).to_arrow_reader(_ROWS)
    assert sum(len(batch) for batch in result)


def _pyarrow(form: str, folder: Path) -> None:
    import pyarrow.parquet as pq

    for path in sorted(folder.rglob("*.parquet")):
        assert sum(len(batch) for batch in pq.ParquetFile(path).iter_batches(_ROWS, use_threads=False))


TOOLS: Mapping[str, Callable[[str, Path], None]] = MappingProxyType(
    {"anonkit": _anonkit, "duckdb": _duckdb, "pyarrow": _pyarrow}
)

if __name__ == "__main__":
    tool, form, folder = sys.argv[1:]
    TOOLS[tool](form, Path(folder))
