"""Small plugins, and what the tests of the core make inputs and contexts with."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import attrs
import pyarrow as pa
import pyarrow.parquet as pq

from anonkit.plugin.contracts import (
    Batch,
    Boundary,
    Encoding,
    Identities,
    Listing,
    Mentions,
    OutputEncoder,
    Reporter,
    Roles,
    RunContext,
    Tokenizer,
)
from anonkit.plugin.hooks import NoOptions, ReporterSpec, TokenizerSpec

NULLS = ("", "None", "nan", "null", "undefined", "___null___")


@attrs.frozen(kw_only=True)
class Handles(Tokenizer):
    """Users: what stands before the `@`; with `several`, in each part of a cell between commas. Text has ``~bob``."""

    own: tuple[str, ...] = ("User",)
    words: tuple[str, ...] = ()
    several: bool = False
    rule: Boundary = Boundary.WORD

    kind = "user"
    required_roles = ("user",)

    @property
    def prefix(self) -> str:
        return "UR"

    def columns(self, schema: pa.Schema, roles: Roles) -> Sequence[str]:
        return self.own

    def identify(self, cells: pa.Array) -> pa.Array:
        identified = [self.of_cell(None if cell is None else str(cell)) for cell in cells.to_pylist()]
        if self.several:
            return pa.array([found or None for found in identified], pa.list_(pa.string()))
        return pa.array([found[0] if found else None for found in identified], pa.string())

    def of_cell(self, cell: str | None) -> list[str]:
        """What `identify` says of one cell."""
        parts = (cell or "").split(",") if self.several else [cell or ""]
        handles = [part.partition("@")[0].strip().lower() for part in parts]
        return [handle for handle in handles if handle]

    def valid(self, identities: pa.Array) -> pa.Array:
        return pa.array([not identity.startswith("?") for identity in identities.to_pylist()], pa.bool_())

    def mentions(self, text: pa.Array, column: str, roles: Roles) -> Mentions | None:
        found = [(row, one) for row, value in enumerate(text.to_pylist()) for one in self.of_text(value)]
        rows, spellings = [row for row, _ in found], [one for _, one in found]
        return Mentions(pa.array(rows, pa.int64()), pa.array(spellings, pa.string()))

    def of_text(self, text: str | None) -> list[str]:
        """What `mentions` finds in one text; a lone tilde is a spelling of nobody."""
        return re.findall(r"~(\w*)", text or "")

    def keywords(self) -> Iterable[str]:
        return self.words

    def boundary(self, literal: str) -> Boundary:
        return self.rule

    def residual(self, cells: pa.Array) -> pa.Array:
        return pa.array(["".join(str(cell).partition("@")[1:]) for cell in cells.to_pylist()], pa.string())

    def render_cell(self, tokens: pa.Array, residual: pa.Array | None) -> pa.Array:
        kept = residual.to_pylist() if residual is not None else [""] * len(tokens)
        held = [one if isinstance(one, str) else "+".join(one) for one in tokens.to_pylist()]
        return pa.array([token + rest for token, rest in zip(held, kept, strict=True)], pa.string())


@attrs.frozen
class Projects(Tokenizer):
    """Keywords that stand in text alone."""

    words: tuple[str, ...] = ("nova", "dune")
    kind = "project"

    def columns(self, schema: pa.Schema, roles: Roles) -> Sequence[str]:
        return ()

    def identify(self, cells: pa.Array) -> pa.Array:
        return pa.array([None if cell is None else cell.lower() for cell in cells.to_pylist()], pa.string())

    def keywords(self) -> Iterable[str]:
        return self.words

    def boundary(self, literal: str) -> Boundary:
        return Boundary.PREFIX


class Rows(Listing[int, int]):
    """Lists a column, a line a row, in one stream for each value of `by`, or in one for all; counts the rows."""

    separator = b",\n"

    def __init__(self, column: str = "User", by: str | None = None) -> None:
        self.column = column
        self.by = by

    def start(self, context: RunContext) -> int:
        return 0

    def consume(self, state: int, batch: Batch) -> int:
        return state + len(batch.data)

    def merge(self, left: int, right: int) -> int:
        return left + right

    def finish(self, state: int, context: RunContext) -> int:
        return state

    def opening(self, stream: str, context: RunContext) -> bytes:
        return b"["

    def render(self, batch: Batch) -> Mapping[str, bytes]:
        streams = batch.column(self.by).to_pylist() if self.by else ["rows"] * len(batch.data)
        lines: dict[str, list[bytes]] = {}
        for stream, value in zip(streams, batch.column(self.column).to_pylist(), strict=True):
            lines.setdefault(str(stream), []).append(str(value).encode())
        return {stream: self.separator.join(held) for stream, held in lines.items()}

    def write(self, result: int, outputs: Any, context: RunContext) -> None:
        for stream in outputs.streams():
            outputs.publish(stream, f"{stream}.txt", b"]\n")


class Count(Reporter[int, int]):
    """Counts rows."""

    def start(self, context: RunContext) -> int:
        return 0

    def consume(self, state: int, batch: Batch) -> int:
        return state + len(batch.data)

    def merge(self, left: int, right: int) -> int:
        return left + right

    def finish(self, state: int, context: RunContext) -> int:
        return state

    def write(self, result: int, outputs: Any, context: RunContext) -> None:
        outputs.write("count.txt", str(result).encode())


def gzipped(data: bytes) -> bytes:
    return gzip.compress(data, mtime=0)


@attrs.frozen
class Gzip(OutputEncoder):
    """Compresses outputs whose name ends with one of `endings`."""

    endings: tuple[str, ...] = (".json", ".txt")

    def encoding(self, name: str) -> Encoding | None:
        return Encoding(".gz", gzipped, gzip.open) if name.endswith(self.endings) else None


USER_TYPE = TokenizerSpec(name="user", summary="users", options=NoOptions, factory="fakes:Handles")
COUNT_TYPE = ReporterSpec(name="count", summary="counts", options=NoOptions, factory="fakes:Count")


def same(array: pa.Array) -> pa.Array:
    return array


def context(schema: pa.Schema | None = None, *, garbled: bool = True, rows: int = 0) -> RunContext:
    return RunContext(
        roles=Roles(),
        schema=schema if schema is not None else pa.schema([("User", pa.string())]),
        total_rows=rows,
        identities={},
        garbled=garbled,
        text_prefixes={"user": "UR_"},
        garble=same,
    )


def identities(kind: str, count: int) -> Identities:
    return Identities(
        kind=kind,
        tokens=tuple(f"T{n}" for n in range(1, count + 1)),
        text_tokens=tuple(f"T_{n}" for n in range(1, count + 1)),
        counts=(1,) * count,
        valid=(True,) * count,
    )


def write_parquet(path: Path, columns: Mapping[str, Any], *, group: int | None = None) -> Path:
    """Write columns (lists or arrays) to a file whose row groups have `group` rows."""
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.table(dict(columns)), path, row_group_size=group)
    return path
