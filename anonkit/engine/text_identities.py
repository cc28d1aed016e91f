"""The identities that the text of each row mentions, of kinds that have no column: for reporters that ask for them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import attrs
import numpy as np
import pyarrow as pa

from anonkit.identities.mentions import KeywordSearch, TextColumn, text_columns
from anonkit.identities.survey import distinct_pairs, mentioned
from anonkit.identities.token_table import TokenTable
from anonkit.input.column_roles import ColumnRoles
from anonkit.plugin.contracts import Roles, Tokenizer

__all__ = ["TextIdentities"]


@attrs.frozen
class TextIdentities:
    """Finds which identities of some kinds each row of a raw batch mentions. Picklable."""

    tokenizers: tuple[Tokenizer, ...]
    """Of the run: each may leave text beside the tokens of its columns."""
    column_roles: ColumnRoles
    roles: Roles
    table: TokenTable
    keywords: Mapping[str, KeywordSearch | None]
    """By kind that is asked for."""

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
        keywords = {
            tokenizer.kind: KeywordSearch.from_tokenizer(tokenizer)
            for tokenizer in tokenizers
            if tokenizer.kind in wanted and not column_roles.identity[tokenizer.kind]
        }
        return cls(tokenizers, column_roles, roles, table, keywords)

    def __call__(self, batch: pa.RecordBatch) -> Mapping[str, pa.Array]:
        """Return the positions of each row's identities in the table, by kind: see `Batch.identities`."""
        if not self.keywords:
            return {}
        texts = text_columns(self.column_roles.texts(self.tokenizers, batch))
        return {
            tokenizer.kind: self._positions(tokenizer, texts, len(batch))
            for tokenizer in self.tokenizers
            if tokenizer.kind in self.keywords
        }

    def _positions(self, tokenizer: Tokenizer, texts: list[TextColumn], rows: int) -> pa.Array:
        found = mentioned(tokenizer, texts, self.keywords[tokenizer.kind], self.roles)
        known = self.table[tokenizer.kind].positions(pa.array(found.identities, pa.string()))
        # Text may mention an identity that got no token: the survey may have refuted it.
        codes = known.fill_null(-1).to_numpy()[found.codes].astype(np.int64)
        in_rows, codes = distinct_pairs(
            found.rows[codes >= 0], codes[codes >= 0], len(self.table[tokenizer.kind].identities)
        )
        offsets = np.searchsorted(in_rows, np.arange(rows + 1)).astype(np.int32)
        return pa.ListArray.from_arrays(pa.array(offsets), pa.array(codes.astype(np.int32)))
