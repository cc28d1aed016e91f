"""Surveys of a few rows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import attrs
import pyarrow as pa
from fakes import Handles

from anonkit.identities.kind_survey import Identity, KindSurvey
from anonkit.identities.mentions import text_columns
from anonkit.identities.survey import IdentityFinder
from anonkit.identities.token_table import KindTable, number
from anonkit.plugin.contracts import Alias, Boundary, Mentions, Roles, Tokenizer
from anonkit.text.search import SLICE_BYTES
from anonkit.text.segmentation import PROBE

Row = Mapping[str, Any]

SCHEMA = pa.schema(
    [
        ("User", pa.string()),
        ("Owner", pa.string()),
        ("Cmd", pa.string()),
        ("Env", pa.string()),
        ("Args", pa.list_(pa.struct([("key", pa.string()), ("values", pa.list_(pa.string()))]))),
        ("Vars", pa.map_(pa.string(), pa.string())),
    ]
)
TEXT = ("Cmd", "Env", "Args", "Vars")


def surveyed(
    tokenizer: Tokenizer, rows: Sequence[Row], first_row: int = 0, *, probe: int = PROBE, slice_bytes: int = SLICE_BYTES
) -> KindSurvey:
    batch = pa.RecordBatch.from_pylist([dict(row) for row in rows], SCHEMA)
    columns = tokenizer.columns(SCHEMA, Roles())
    texts = text_columns(((column, batch.column(column)) for column in TEXT), probe=probe)
    finder = IdentityFinder.from_tokenizer(tokenizer, Roles())
    if finder.keywords is not None:
        finder = attrs.evolve(finder, keywords=attrs.evolve(finder.keywords, slice_bytes=slice_bytes))
    return finder.survey(batch, columns, texts, first_row)


def row(user: str | None = None, owner: str | None = None, cmd: str | None = None, env: str | None = None) -> Row:
    return {"User": user, "Owner": owner, "Cmd": cmd, "Env": env, "Args": None, "Vars": None}


def table(tokenizer: Tokenizer, *rows: Row, known: Mapping[Identity, int] | None = None) -> KindTable:
    return number(tokenizer, surveyed(tokenizer, rows), known or {})


def counts(table: KindTable) -> dict[Identity, int]:
    return dict(zip(table.identities, table.counts, strict=True))


NAMED = r"~(\w+)([:?])(\w+)"


@attrs.frozen(kw_only=True)
class Named(Handles):
    """Says whose each spelling is: ``~annak:Anna_Example``; with a question mark, it guesses."""

    own: tuple[str, ...] = ()

    def mentions(self, text: pa.Array, column: str, roles: Roles) -> Mentions:
        found = [
            (row, *match) for row, value in enumerate(text.to_pylist()) for match in re.findall(NAMED, value or "")
        ]
        return Mentions(
            pa.array([row for row, *_ in found], pa.int64()),
            pa.array([spelling for *_, spelling in found], pa.string()),
            pa.array([identity for _, identity, *_ in found], pa.string()),
            pa.array([sign == "?" for *_, sign, _ in found], pa.bool_()),
        )

    def aliases(self, identity: str) -> Iterable[str | Alias]:
        yield identity
        yield Alias(f"{identity}-x", Boundary.ANYWHERE)
        yield Alias(identity[:3], Boundary.END)
