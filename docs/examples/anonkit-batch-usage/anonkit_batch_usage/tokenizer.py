"""Names that users give to their batches of jobs: `annas-thesis-plots` becomes `BATCH_1`."""

from __future__ import annotations

from collections.abc import Sequence

import attrs
import pyarrow as pa
import pyarrow.compute as pc

from anonkit.api import Boundary, Roles, Tokenizer
from anonkit_batch_usage import BatchOptions


@attrs.frozen
class BatchTokenizer(Tokenizer):
    """An identity is a name without the blanks around it; a number, HTCondor's own name, is none."""

    options: BatchOptions
    kind = "batch"

    @property
    def prefix(self) -> str:
        return "BATCH"

    def columns(self, schema: pa.Schema, roles: Roles) -> Sequence[str]:
        return [self.options.column]

    def identify(self, cells: pa.Array) -> pa.Array:
        names = pc.utf8_trim_whitespace(cells)
        empty = pc.equal(pc.utf8_length(names), 0)
        return pc.if_else(empty, pa.scalar(None, pa.string()), names)

    def boundary(self, literal: str) -> Boundary:
        return Boundary.WORD
