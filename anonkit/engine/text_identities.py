"""The identities that the text of each row mentions, of kinds that have no column: for reporters that ask for them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import attrs
import numpy as np
import pyarrow as pa

from anonkit.identities.batch_identities import distinct_pairs
from anonkit.identities.mentions import TextColumn, text_columns
from anonkit.identities.survey import IdentityFinder
from anonkit.identities.token_table import TokenTable
from anonkit.input.column_roles import ColumnRoles
from anonkit.plugin.contracts import Roles, Tokenizer

__all__ = ["TextIdentities"]


@attrs.frozen
class TextIdentities:
    """Finds which identities of some kinds each row of a raw batch mentions. Picklable."""

    tokenizers: tuple[Tokenizer, ...]
    """All tokenizers of the run: each may leave text beside the tokens of its columns."""
    column_roles: ColumnRoles
    table: TokenTable
    finders: tuple[IdentityFinder, ...]
    """One for each kind that is asked for."""

    @classmethod
    def wanted(
        cls,
        kinds: Iterable[str],
        tokenizers: tuple[Tokenizer, ...],
        column_roles: ColumnRoles,
        roles: Roles,
        table: TokenTable,
    ) -> TextIdentities:
        """Return the search for those of `kinds` that a tokenizer has and that have no column."""
        wanted = frozenset(kinds)
        finders = tuple(
            IdentityFinder.from_tokenizer(tokenizer, roles)
            for tokenizer in tokenizers
            if tokenizer.kind in wanted and not column_roles.identity[tokenizer.kind]
        )
        return cls(tokenizers, column_roles, table, finders)

    def __call__(self, batch: pa.RecordBatch) -> Mapping[str, pa.Array]:
        """Return the positions of each row's identities in the table, by kind: see `Batch.identities`."""
        if not self.finders:
            return {}
        texts = text_columns(self.column_roles.texts(self.tokenizers, batch))
        return {finder.kind: self._positions(finder, texts, len(batch)) for finder in self.finders}

    def _positions(self, finder: IdentityFinder, texts: list[TextColumn], rows: int) -> pa.Array:
        found = finder.mentioned(texts)
        table = self.table[finder.kind]
        known = table.positions(pa.array(found.identities, pa.string()))
        # Text may mention an identity that got no token: the survey may have refuted it.
        codes = known.fill_null(-1).to_numpy()[found.codes].astype(np.int64)
        in_rows, codes = distinct_pairs(found.rows[codes >= 0], codes[codes >= 0], len(table.identities))
        offsets = np.searchsorted(in_rows, np.arange(rows + 1)).astype(np.int32)
        return pa.ListArray.from_arrays(pa.array(offsets), pa.array(codes.astype(np.int32)))
