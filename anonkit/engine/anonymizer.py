"""The anonymizer: one raw batch in, one anonymized batch out, before any reporter sees the rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import cached_property

import attrs
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from anonkit.arrow.rows import Rows
from anonkit.catalogue.shapes import own_shape
from anonkit.engine.operations import transformed
from anonkit.identities.batch_identities import identity_codes
from anonkit.identities.shared_names import SharedCounts, SharedNames
from anonkit.identities.token_table import KindTable, TokenTable
from anonkit.identities.weak_words import WeakWords
from anonkit.input.column_roles import ColumnRoles
from anonkit.plugin.contracts import Boundary, Identities, Tokenizer, Transform
from anonkit.text.replace import TextReplacer, TokenPreserver

__all__ = ["Anonymized", "Anonymizer"]


@attrs.frozen
class Anonymized:
    """The columns of a batch after anonymizing, and the codes of the identities in its cells (`Batch.identities`)."""

    data: pa.RecordBatch
    identities: Mapping[str, pa.Array]
    left: Mapping[str, int] = attrs.field(factory=dict)
    """By token of a weak name: how often the word was left in text."""


@attrs.frozen(slots=False)
class Anonymizer:
    """Tokenizes identity columns, garbles text, applies transforms. Small, picklable; the same in every process."""

    tokenizers: tuple[Tokenizer, ...]
    transforms: tuple[Transform, ...]
    column_roles: ColumnRoles
    table: TokenTable
    garble: TextReplacer
    garble_names: Mapping[str, TextReplacer] = attrs.field(factory=dict)
    """For text columns in which each word names an identity, so that weak names are replaced too."""

    def __call__(self, batch: pa.RecordBatch) -> Anonymized:
        """Return the batch with tokens for identities. Text that repeats itself is returned in segments.

        InputError for an identity that pass one did not find.
        """
        columns = {name: batch.column(name) for name in batch.schema.names}
        identities: dict[str, pa.Array] = {}
        for tokenizer in self.tokenizers:
            for place, name in enumerate(self.column_roles.identity[tokenizer.kind]):
                encoded, counted = columns[name].dictionary_encode(), place == 0
                nulls = counted and encoded.null_count > 0
                positions = self._positions(tokenizer, encoded.dictionary, with_null=nulls)
                columns[name] = self._rendered(tokenizer, encoded.dictionary, positions).take(encoded.indices)
                if counted:
                    identities[tokenizer.kind] = _in_rows(positions, encoded)
        for name in self.column_roles.text:
            columns[name] = self._garbled(name, columns[name])
        left = self._weak_words([columns[name] for name in self.column_roles.text])
        fields = [batch.schema.field(name).with_type(column.type) for name, column in columns.items()]
        anonymized = pa.RecordBatch.from_arrays(list(columns.values()), schema=pa.schema(fields))
        for transform in self.transforms:
            anonymized = transformed(transform, anonymized)
        return Anonymized(anonymized, identities, left)

    def _garbled(self, name: str, column: pa.Array) -> pa.Array:
        """Return a column of text with tokens, but for values of the shape that the catalogue knows them to have."""
        garble = self.garble_names.get(name, self.garble)
        shape = own_shape(name)
        if shape is None or not pa.types.is_string(column.type):
            return garble.to_segments(column)
        in_shape = pc.match_substring_regex(column, shape)
        if pc.all(in_shape).as_py():
            return column
        return pc.if_else(pc.fill_null(in_shape, False), column, garble(column))

    def shared(self, anonymized: Anonymized, first_row: int) -> SharedCounts:
        """Return how often names of kinds that know weak ones are in the text of others, in a sample of the rows."""
        counts: SharedCounts = Counter()
        for count in self._shared_names:
            owners = anonymized.identities[count.table.kind]
            counts.update(count(Rows(anonymized.data), owners, first_row))
        return counts

    @property
    def weak_tokens(self) -> frozenset[str]:
        """The tokens of weak names."""
        literals = self.garble.literals
        return frozenset(
            token for rule, token in zip(literals.rules, literals.tokens, strict=True) if rule is Boundary.NAMED
        )

    @cached_property
    def _shared_names(self) -> tuple[SharedNames, ...]:
        return tuple(
            SharedNames(self.table[tokenizer.kind], tuple(self.column_roles.text))
            for tokenizer in self.tokenizers
            if tokenizer.places() and self.column_roles.identity[tokenizer.kind]
        )

    @cached_property
    def _weak_words(self) -> WeakWords:
        return WeakWords.from_literals(self.garble.literals)

    def codes(self, batch: pa.RecordBatch) -> Mapping[str, pa.Array]:
        """Return the codes of a raw batch's identities."""
        codes: dict[str, pa.Array] = {}
        for tokenizer in self.tokenizers:
            for name in self.column_roles.identity[tokenizer.kind][:1]:
                encoded = batch.column(name).dictionary_encode()
                positions = self._positions(tokenizer, encoded.dictionary, with_null=encoded.null_count > 0)
                codes[tokenizer.kind] = _in_rows(positions, encoded)
        return codes

    @cached_property
    def token_preserver(self) -> TokenPreserver:
        """Garbles text that was made of anonymized cells, and leaves the tokens in it alone."""
        return TokenPreserver(
            self.garble, [token for kind in self.table.values() for token in kind.text_tokens.to_pylist()]
        )

    def published(self) -> dict[str, Identities]:
        """Return the identities without originals, by kind."""
        return {kind: table.published(originals=False) for kind, table in self.table.items()}

    def _positions(self, tokenizer: Tokenizer, distinct: pa.Array, *, with_null: bool) -> pa.Array:
        """Return the positions of distinct cells and, if wanted, of a null cell after them."""
        cells = pa.concat_arrays([distinct, pa.nulls(1, distinct.type)]) if with_null else distinct
        return _positions(tokenizer, self.table[tokenizer.kind], cells)

    def _rendered(self, tokenizer: Tokenizer, distinct: pa.Array, positions: pa.Array) -> pa.Array:
        """Return distinct cells with tokens; `positions` may have one more item, for null."""
        positions = positions.slice(0, len(distinct))
        flat = positions.flatten()
        cell_tokens = self.table[tokenizer.kind].text_tokens.take(flat)
        if len(flat) > len(positions):
            cell_tokens = pa.ListArray.from_arrays(positions.offsets, cell_tokens)
        residual = tokenizer.residual(distinct)
        return tokenizer.render_cell(cell_tokens, None if residual is None else self.garble(residual)).cast(pa.string())


def _in_rows(positions: pa.Array, encoded: pa.DictionaryArray) -> pa.Array:
    """Return the positions of each row's cell, given those of distinct cells, and of null after them."""
    return positions.take(pc.fill_null(encoded.indices, len(encoded.dictionary)))


def _positions(tokenizer: Tokenizer, kind: KindTable, cells: pa.Array) -> pa.Array:
    """Return for each cell the positions of its identities in the table, at least one: list<int32>."""
    rows, codes, identities = identity_codes(tokenizer, cells)
    offsets = np.searchsorted(rows.to_numpy(), np.arange(len(cells) + 1)).astype(np.int32)
    return pa.ListArray.from_arrays(pa.array(offsets), kind.positions(identities).take(codes))
