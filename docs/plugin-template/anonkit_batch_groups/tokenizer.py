"""Names of groups: `Nova.annak` becomes `BATCHGROUPS_1`."""

from __future__ import annotations

from collections.abc import Sequence

import attrs
import pyarrow as pa
import pyarrow.compute as pc

from anonkit.api import Boundary, Roles, Tokenizer
from anonkit_batch_groups import BatchGroupsTokenizerOptions


@attrs.frozen
class BatchGroupsTokenizer(Tokenizer):
    """An identity is what the cell has before its first dot, in lower case."""

    options: BatchGroupsTokenizerOptions
    kind = "batch_groups_tokenizer"

    @property
    def prefix(self) -> str:
        return "BATCHGROUPS"

    def columns(self, schema: pa.Schema, roles: Roles) -> Sequence[str]:
        return [self.options.column]

    def identify(self, cells: pa.Array) -> pa.Array:
        return pc.utf8_lower(pc.list_element(pc.split_pattern(cells, ".", max_splits=1), 0))

    def boundary(self, literal: str) -> Boundary:
        return Boundary.WORD
