"""One raw batch in, one anonymized batch out: what pass two does to the rows before any reporter sees them."""

from __future__ import annotations

from collections.abc import Mapping

import attrs
import pyarrow as pa
import pyarrow.compute as pc

from anonkit.engine.operations import operations, transformed, transformed_schema
from anonkit.errors import InputError
from anonkit.identities.survey import identity_codes
from anonkit.identities.token_table import KindTable, TokenTable
from anonkit.input.column_roles import ColumnRoles
from anonkit.plugin.contracts import Operation, Tokenizer, Transform
from anonkit.text.replace import TextReplacer

__all__ = ["Anonymized", "Anonymizer"]


@attrs.frozen
class Anonymized:
    """The columns of a batch after anonymizing, and the codes of its identities (see `Batch.identities`)."""

    data: pa.RecordBatch
    identities: Mapping[str, pa.Array]


@attrs.frozen
class Anonymizer:
    """Tokenizes identity columns, garbles text, applies transforms. Small, picklable; the same in every process."""

    tokenizers: tuple[Tokenizer, ...]
    transforms: tuple[Transform, ...]
    layout: ColumnRoles
    table: TokenTable
    garble: TextReplacer

    def __call__(self, batch: pa.RecordBatch) -> Anonymized:
        """Return the batch with tokens for identities; text that repeats itself comes in segments, and may come so.

        InputError for an identity that pass one did not meet.
        """
        columns = {name: batch.column(name) for name in batch.schema.names}
        identities: dict[str, pa.Array] = {}
        for tokenizer in self.tokenizers:
            for place, name in enumerate(self.layout.identity[tokenizer.kind]):
                encoded, counted = columns[name].dictionary_encode(), place == 0
                nulls = counted and encoded.null_count > 0
                positions = self._positions(tokenizer, encoded.dictionary, with_null=nulls)
                columns[name] = self._written(tokenizer, encoded.dictionary, positions).take(encoded.indices)
                if counted:
                    identities[tokenizer.kind] = _in_rows(positions, encoded)
        for name in self.layout.text:
            columns[name] = self.garble.to_segments(columns[name])
        fields = [batch.schema.field(name).with_type(column.type) for name, column in columns.items()]
        anonymized = pa.RecordBatch.from_arrays(list(columns.values()), schema=pa.schema(fields))
        for transform in self.transforms:
            anonymized = transformed(transform, anonymized)
        return Anonymized(anonymized, identities)

    def codes(self, batch: pa.RecordBatch) -> Mapping[str, pa.Array]:
        """Return the codes of a raw batch's identities."""
        found: dict[str, pa.Array] = {}
        for tokenizer in self.tokenizers:
            for name in self.layout.identity[tokenizer.kind][:1]:
                encoded = batch.column(name).dictionary_encode()
                positions = self._positions(tokenizer, encoded.dictionary, with_null=encoded.null_count > 0)
                found[tokenizer.kind] = _in_rows(positions, encoded)
        return found

    def schema(self, schema: pa.Schema) -> pa.Schema:
        """Return the schema of the anonymized batches of raw batches of `schema`."""
        return transformed_schema(self.transforms, self.layout.tokenized(schema))

    def operations(self, schema: pa.Schema) -> Mapping[str, tuple[Operation, ...]]:
        """Return what is done to the columns of raw batches of `schema`; see `RunContext.operations`."""
        return operations(self.transforms, self.layout, schema)

    def _positions(self, tokenizer: Tokenizer, distinct: pa.Array, *, with_null: bool) -> pa.Array:
        """Return the positions of distinct cells, and at the end of a null cell."""
        cells = pa.concat_arrays([distinct, pa.nulls(1, distinct.type)]) if with_null else distinct
        return _positions(tokenizer, self.table[tokenizer.kind], cells)

    def _written(self, tokenizer: Tokenizer, distinct: pa.Array, positions: pa.Array) -> pa.Array:
        """Return distinct cells as they are written; there may be more positions."""
        positions = positions.slice(0, len(distinct))
        tokens = self.table[tokenizer.kind].text_tokens
        if pa.types.is_list(positions.type):
            written_tokens = pa.ListArray.from_arrays(positions.offsets, tokens.take(positions.values))
        else:
            written_tokens = tokens.take(positions)
        residual = tokenizer.residual(distinct)
        return tokenizer.render_cell(written_tokens, None if residual is None else self.garble(residual)).cast(
            pa.string()
        )


def _in_rows(positions: pa.Array, encoded: pa.DictionaryArray) -> pa.Array:
    """Return the positions of each row's cell from those of distinct ones, and of null behind them."""
    return positions.take(pc.fill_null(encoded.indices, len(encoded.dictionary)))


def _positions(tokenizer: Tokenizer, kind: KindTable, cells: pa.Array) -> pa.Array:
    """Return for each cell the position of its identity in the table (int32), or of its identities (list<int32>)."""
    rows, codes, identities = identity_codes(tokenizer, cells)
    places = pc.index_in(identities, value_set=kind.known_identities)
    if places.null_count:
        raise InputError(
            f"an input file changed while it was being read: it holds a {tokenizer.kind} that was not there before; "
            "run again when the files are complete"
        )
    positions = places.take(codes)
    if len(positions) == len(cells):
        return positions
    ends = pc.value_counts(rows).field("counts") if len(rows) else pa.array([], pa.int64())
    offsets = pa.array([0, *pc.cumulative_sum(ends).to_pylist()], pa.int32())
    return pa.ListArray.from_arrays(offsets, positions)
