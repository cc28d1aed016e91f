"""The demo data set as files: how rows spread over files and row groups, and the one file with another schema."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from anonkit.demo.attributes import FURTHER, with_further
from anonkit.demo.formats import COMPRESSIONS, FORMATS, write_rows
from anonkit.demo.jobs import SCHEMA, Chunk, jobs
from anonkit.demo.population import Population, population
from anonkit.demo.schemas import SACCT, SWF, for_format

__all__ = ["write_demo"]

ROW_GROUP = 50_000
_SUFFIXES = {".parquet", ".duckdb", ".sqlite", *(f".{name}" for name in (*FORMATS, *COMPRESSIONS) if name)}
DISTINCT = {"Environment", "Args", "Out", "Err", "GlobalJobId", "JobsubJobId"}
REPETITIVE = [name for name in SCHEMA.names if name not in DISTINCT]
ALL = pa.schema([*SCHEMA, *FURTHER])


def write_demo(
    output: Path, *, rows: int, seed: int = 0, files: int = 6, all_attributes: bool = False, form: str = "parquet"
) -> list[Path]:
    """Write `rows` jobs as files into the folder `output`, made if need be; return the files in order.

    There are `files` files, fewer when there are fewer rows, at least one. When there are several, the last has another
    schema: numbers where the others have text and the reverse, a column less and a column more. `all_attributes` adds
    columns of every class that the catalogue of attributes knows. `form` is a format, see `anonkit.demo.formats`, also
    with the suffix of a compression: ``csv.gz``; characters that it cannot carry become blanks. The same arguments give
    the same bytes. Existing files of these names are overwritten.

    Raises ValueError for rows < 0, files < 1 or seed < 0, and FileExistsError when `output` is a file, or has other
    files in it with which the demo data would be mixed; then nothing is written.
    """
    if files < 1:
        raise ValueError(f"files is {files}: give 1 or more")
    if seed < 0:
        raise ValueError(f"seed is {seed}: give 0 or more")
    people = population(rows, seed)
    layout = _layout(rows, len(people.users), seed, files)
    paths = [output / _name(number, form) for number in range(len(layout))]
    _refuse_to_mix(output, paths)
    output.mkdir(parents=True, exist_ok=True)
    for path, chunks in zip(paths, layout, strict=True):
        batches = (_batch(people, chunk, seed, all_attributes=all_attributes) for chunk in chunks)
        disagreeing = path in paths[1:][-1:]
        try:
            if form == "parquet":
                _write(path, batches, ALL if all_attributes else SCHEMA, disagreeing=disagreeing)
            else:
                _write_rows(path, batches, form, disagreeing=disagreeing)
        except OSError:
            path.unlink(missing_ok=True)  # a part of a file is no data
            raise
    return paths


def _batch(people: Population, chunk: Chunk, seed: int, *, all_attributes: bool) -> pa.RecordBatch:
    rows = jobs(people, chunk, seed=seed)
    return with_further(rows, seed=seed, number=chunk.number) if all_attributes else rows


def _layout(rows: int, users: int, seed: int, files: int) -> list[list[Chunk]]:
    """Return the chunks of each file; each user occurs for certain in a chunk that is drawn."""
    rng = np.random.default_rng([seed, rows, files])
    debuts = rng.choice(max(rows, 1), size=users, replace=False)
    layout = []
    number = first = 0
    for size in _sizes(rows, files, rng):
        chunks = []
        for part in _parts(size):
            ranks = np.flatnonzero((debuts >= first) & (debuts < first + part))
            chunks.append(Chunk(number, part, tuple(ranks.tolist())))
            number, first = number + 1, first + part
        layout.append(chunks)
    return layout


def _sizes(rows: int, files: int, rng: np.random.Generator) -> list[int]:
    """Return the rows of each file, drawn; a file has at least one row if there are any."""
    count = max(1, min(files, rows))
    shares = rng.uniform(1, 2, size=count)
    sizes: list[int] = (rng.multinomial(max(rows - count, 0), shares / shares.sum()) + min(rows, 1)).tolist()
    return sizes


def _parts(size: int) -> list[int]:
    """Return the sizes of a file's row groups: as few as possible, and even."""
    count = -(-size // ROW_GROUP)
    return [size // count + (part < size % count) for part in range(count)]


def _name(number: int, form: str) -> str:
    """Return a name like those that operators give such files."""
    hour = f"{datetime(2023, 12, 31) + timedelta(hours=number):%Y-%m-%d-%H}"
    form, dot, compression = form.partition(".")
    if form == "history":
        return f"history.{hour}{dot}{compression}"
    return f"sacct-{hour}.txt{dot}{compression}" if form == "sacct" else f"fifebatch-{hour}.{form}{dot}{compression}"


def _refuse_to_mix(output: Path, paths: list[Path]) -> None:
    if output.exists() and not output.is_dir():
        raise FileExistsError(f"{output} is a file: name a folder for the demo data")
    others = sorted(path for path in set(output.rglob("*")) - set(paths) if _is_data(path))
    if others:
        raise FileExistsError(
            f"{output} holds other files ({others[0].relative_to(output)}), with which the demo data "
            "would be mixed: name a new folder, or remove them"
        )


def _is_data(path: Path) -> bool:
    """Return whether a file would be read as data beside those of the demo."""
    return path.is_file() and (path.suffix in _SUFFIXES or path.name.startswith(("history.", "sacct-")))


def _write(path: Path, batches: Iterable[pa.RecordBatch], schema: pa.Schema, *, disagreeing: bool) -> None:
    schema = _disagree(schema.empty_table()).schema if disagreeing else schema
    with pq.ParquetWriter(path, schema, compression="zstd", use_dictionary=REPETITIVE) as writer:
        for batch in batches:
            table = pa.Table.from_batches([batch])
            writer.write_table(_disagree(table) if disagreeing else table)


def _write_rows(path: Path, batches: Iterable[pa.RecordBatch], form: str, *, disagreeing: bool) -> None:
    tables = map(pa.Table.from_batches, ([batch] for batch in batches))
    rows = [row for table in tables for row in (_disagree(table) if disagreeing else table).to_pylist()]
    plain = form.partition(".")[0]
    names = {"sacct": SACCT, "swf": SWF}.get(plain, tuple(rows[0]) if rows else SCHEMA.names)
    write_rows(path, names, for_format(rows, plain), form)


def _disagree(table: pa.Table) -> pa.Table:
    """Return the same jobs as another version of the collector might have stored them."""
    completions = table["NumJobCompletions"]
    changed = {
        "User": table["User"].dictionary_encode(),
        "JobsubClientIpAddress": _as_number(table["JobsubClientIpAddress"]),
        "Environment": table["Environment"].cast(pa.large_string()),
        "NumJobCompletions": pc.if_else(pc.equal(completions, "n/a"), None, completions).cast(pa.int64()),
        "RequestMemory": table["RequestMemory"].cast(pa.string()),
        "JobUniverse": pa.chunked_array([pa.repeat(pa.scalar(5, pa.int64()), len(table))]),
    }
    columns = {name: table[name] for name in table.column_names if name != "Args"}
    return pa.table(columns | changed)


def _as_number(addresses: pa.ChunkedArray) -> pa.Array:
    """Return IPv4 addresses as 32-bit numbers, with null for whatever is not a single IPv4 address."""
    cells = addresses.combine_chunks().dictionary_encode()
    numbers = [_ipv4(text) for text in cells.dictionary.to_pylist()]
    return pa.array(numbers, pa.uint32()).take(cells.indices)


def _ipv4(text: str) -> int | None:
    try:
        return int(ipaddress.IPv4Address(text))
    except ValueError:
        return None
