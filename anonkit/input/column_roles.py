"""Which column is what: part of the row record or not, identities, text, or neither."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import attrs
import pyarrow as pa

from anonkit.arrow.nested import holds_text
from anonkit.errors import InputError, PluginConflictError, nearest
from anonkit.plugin.contracts import Roles, Tokenizer

__all__ = ["ColumnRoles"]


@attrs.frozen
class ColumnRoles:
    """Which column is what."""

    record: tuple[str, ...]
    """Columns of the row record, in order."""
    extra: tuple[str, ...]
    """Columns that only reporters asked for."""
    identity: Mapping[str, tuple[str, ...]]
    """By kind, the columns of identities, the counted one first."""
    text: tuple[str, ...]
    """Columns that are garbled."""

    @classmethod
    def from_schema(
        cls,
        schema: pa.Schema,
        record: Sequence[str],
        tokenizers: Sequence[Tokenizer],
        roles: Roles,
    ) -> ColumnRoles:
        """Lay out the columns of `schema`, which holds those of the record first.

        InputError for a column that a tokenizer wants and that `schema` lacks, or has as lists or structs;
        PluginConflictError for one that two want.
        """
        identity: dict[str, tuple[str, ...]] = {}
        claimed: dict[str, str] = {}
        for tokenizer in tokenizers:
            columns = tuple(dict.fromkeys(tokenizer.columns(schema, roles)))
            for column in columns:
                _check_identity_column(tokenizer, column, schema)
                if column in claimed:
                    raise PluginConflictError(
                        f"column {column!r} is claimed by the anonymizers {claimed[column]} and {tokenizer.kind}; "
                        "give it to one of them"
                    )
                claimed[column] = tokenizer.kind
            identity[tokenizer.kind] = columns
        for tokenizer in tokenizers:
            further = [name for name in tokenizer.optional_columns(schema, roles) if _is_free(name, claimed, schema)]
            claimed |= dict.fromkeys(further, tokenizer.kind)
            identity[tokenizer.kind] += tuple(dict.fromkeys(further))
        text = tuple(field.name for field in schema if field.name not in claimed and holds_text(field.type))
        return cls(tuple(record), tuple(name for name in schema.names if name not in record), identity, text)

    @property
    def identity_columns(self) -> frozenset[str]:
        """The columns of identities of any kind."""
        return frozenset(name for columns in self.identity.values() for name in columns)

    def tokenized(self, schema: pa.Schema) -> pa.Schema:
        """Return the schema that `schema` becomes when cells of identities are tokens, which are text."""
        claimed = self.identity_columns
        return pa.schema([field.with_type(pa.string()) if field.name in claimed else field for field in schema])

    def texts(self, tokenizers: Sequence[Tokenizer], batch: pa.RecordBatch) -> list[tuple[str, pa.Array]]:
        """Return all that is garbled in a raw batch, by column: text, and the rest of tokenized cells."""
        return [*((column, batch.column(column)) for column in self.text), *self.residuals(tokenizers, batch)]

    def residuals(self, tokenizers: Sequence[Tokenizer], batch: pa.RecordBatch) -> list[tuple[str, pa.Array]]:
        """Return the text that is left of the cells of a raw batch beside their tokens, by column."""
        texts: list[tuple[str, pa.Array]] = []
        for tokenizer in tokenizers:
            for column in self.identity[tokenizer.kind]:
                encoded = batch.column(column).dictionary_encode()
                residual = tokenizer.residual(encoded.dictionary)
                if residual is not None:
                    texts.append((column, residual.take(encoded.indices)))
        return texts


def _is_free(column: str, claimed: Mapping[str, str], schema: pa.Schema) -> bool:
    known = column in schema.names and not pa.types.is_nested(schema.field(column).type)
    return known and column not in claimed


def _check_identity_column(tokenizer: Tokenizer, column: str, schema: pa.Schema) -> None:
    if column not in schema.names:
        raise InputError(
            f"anonymizer {tokenizer.kind} needs a column {column!r}, and no input file has it"
            f"{nearest(column, schema.names)}"
        )
    if pa.types.is_nested(schema.field(column).type):
        raise InputError(
            f"column {column!r} holds lists or structs, and anonymizer {tokenizer.kind} needs text or numbers; "
            "name another column, or convert the files"
        )
