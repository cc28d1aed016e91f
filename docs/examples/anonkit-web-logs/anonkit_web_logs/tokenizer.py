"""Visitors of a web site, by address and by account: `192.0.2.7` becomes `V_1`."""

from __future__ import annotations

from collections.abc import Sequence

import attrs
import pyarrow as pa
import pyarrow.compute as pc

from anonkit.api import Boundary, Roles, Tokenizer
from anonkit_web_logs import VisitorOptions


@attrs.frozen
class VisitorTokenizer(Tokenizer):
    """An identity is a cell in lower case; paths and referrers that hold one are garbled by anonkit."""

    options: VisitorOptions
    kind = "visitor"

    @property
    def prefix(self) -> str:
        return "V"

    def columns(self, schema: pa.Schema, roles: Roles) -> Sequence[str]:
        return self.options.columns

    def identify(self, cells: pa.Array) -> pa.Array:
        return pc.utf8_lower(cells)

    def boundary(self, literal: str) -> Boundary:
        return Boundary.WORD
