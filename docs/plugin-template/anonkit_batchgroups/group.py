"""Accounting groups: `group_x.someone` becomes `GR_1`."""

import attrs
import pyarrow as pa
import pyarrow.compute as pc

from anonkit.api import Boundary, Roles, Tokenizer
from anonkit_batchgroups import GroupOptions


@attrs.frozen
class GroupTokenizer(Tokenizer):
    """An identity is what stands before the first dot of the accounting group."""

    options: GroupOptions
    kind = "group"

    def columns(self, schema: pa.Schema, roles: Roles) -> list[str]:
        return [self.options.column]

    def identify(self, cells: pa.Array) -> pa.Array:
        return pc.list_element(pc.split_pattern(cells, ".", max_splits=1), 0)

    def boundary(self, literal: str) -> Boundary:
        return Boundary.WORD
