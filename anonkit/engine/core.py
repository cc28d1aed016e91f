"""The core of every run, over files or over a stream: tokenizers and transforms, bound to the columns of one schema."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import attrs
import pyarrow as pa

from anonkit.config.model import Config
from anonkit.engine.anonymizer import Anonymizer
from anonkit.engine.operations import transformed_schema
from anonkit.engine.passes import Surveyor
from anonkit.engine.plugins import Plugins
from anonkit.engine.text_identities import TextIdentities
from anonkit.identities.token_table import TokenTable, literals
from anonkit.input.batches import BatchLimits
from anonkit.input.column_roles import ColumnRoles
from anonkit.input.measures import measures_of
from anonkit.input.normalize import CellNormalizer
from anonkit.plugin.contracts import Boundary, Roles, Tokenizer, Transform
from anonkit.plugin.guard import plugin_errors
from anonkit.text.replace import TextReplacer

__all__ = ["TokenizingCore"]


@attrs.frozen
class TokenizingCore:
    """Makes the two passes: first the survey, then, once identities have tokens, the anonymizer."""

    tokenizers: tuple[Tokenizer, ...]
    transforms: tuple[Transform, ...]
    roles: Roles
    schema: pa.Schema
    """Of the raw batches, with unified types: the row record's columns first, then others that are needed."""
    column_roles: ColumnRoles
    cells: CellNormalizer
    limits: BatchLimits

    @classmethod
    def from_plugins(cls, plugins: Plugins, config: Config, schema: pa.Schema, record: Sequence[str]) -> TokenizingCore:
        """Assign the columns of `schema`, of which `record` makes up a row record, to the plugins' tokenizers.

        InputError, PluginConflictError: see `ColumnRoles.from_schema`.
        """
        column_roles = ColumnRoles.from_schema(schema, record, plugins.tokenizers, config.roles)
        run = config.run
        cells = CellNormalizer(
            run.null_values,
            run.max_value_bytes,
            run.placeholders,
            column_roles.identity_columns,
            measures_of(config.preset),
        )
        limits = BatchLimits(run.batch_rows)
        return cls(plugins.tokenizers, plugins.transforms, config.roles, schema, column_roles, cells, limits)

    def with_tokenizers(self, tokenizers: Sequence[Tokenizer]) -> TokenizingCore:
        """Return the core that has these tokenizers instead, and no transforms. Errors as for `from_plugins`."""
        column_roles = ColumnRoles.from_schema(self.schema, self.column_roles.record, tokenizers, self.roles)
        return attrs.evolve(self, tokenizers=tuple(tokenizers), transforms=(), column_roles=column_roles)

    def learning_from(self, more: pa.Schema) -> TokenizingCore:
        """Return the core with a survey that also reads the columns of `more`; without transforms."""
        schema = pa.schema([*self.schema, *more])
        column_roles = ColumnRoles.from_schema(schema, self.column_roles.record, self.tokenizers, self.roles)
        cells = attrs.evolve(self.cells, identity_columns=column_roles.identity_columns)
        return attrs.evolve(self, schema=schema, transforms=(), column_roles=column_roles, cells=cells)

    @property
    def tokenized_schema(self) -> pa.Schema:
        """The schema of batches with tokens in the identity columns."""
        return self.column_roles.tokenized(self.schema)

    @property
    def anonymized_schema(self) -> pa.Schema:
        """The schema of the batches that reporters get, after all transforms. PluginError."""
        with plugin_errors("an anonymizer"):
            return transformed_schema(self.transforms, self.tokenized_schema)

    def surveyor(self) -> Surveyor:
        """Return what finds the identities of its tokenizers in batches."""
        return Surveyor.from_tokenizers(self.tokenizers, self.column_roles, self.roles)

    def anonymizer(self, table: TokenTable) -> Anonymizer:
        """Return the anonymizer that writes the tokens of `table`."""
        replacer = TextReplacer(literals(self.tokenizers, table))
        named = self._replacers_of_names(table) if Boundary.NAMED in replacer.literals.rules else {}
        return Anonymizer(self.tokenizers, self.transforms, self.column_roles, table, replacer, named)

    def _replacers_of_names(self, table: TokenTable) -> Mapping[str, TextReplacer]:
        """Return the replacers of the text columns in which each word names an identity, by column."""
        with plugin_errors("an anonymizer"):
            kinds = {
                column: frozenset(
                    tokenizer.kind for tokenizer in self.tokenizers if tokenizer.names_in(column, self.roles)
                )
                for column in self.column_roles.text
            }
        replacers = {named: TextReplacer(literals(self.tokenizers, table, named)) for named in set(kinds.values())}
        return {column: replacers[named] for column, named in kinds.items() if named}

    def text_identities(self, kinds: Iterable[str], table: TokenTable) -> TextIdentities:
        """Return the search for the identities of `kinds` that the text of each row mentions; see `TextIdentities`."""
        return TextIdentities.wanted(kinds, self.tokenizers, self.column_roles, self.roles, table)
