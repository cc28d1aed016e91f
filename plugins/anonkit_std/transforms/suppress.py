"""The transform `suppress`: it blanks the cells of some columns and drops others."""

from __future__ import annotations

from collections.abc import Mapping

import attrs
import pyarrow as pa

from anonkit.api import ConfigError, Transform
from anonkit_std.columns.leaves import replaced_columns, spelled_in, unknown_columns
from anonkit_std.options.transforms import SuppressOptions

__all__ = ["Suppress"]


@attrs.frozen
class Suppress(Transform):
    """Replaces the cells of some columns by null, lists and structs as a whole, and drops other columns."""

    options: SuppressOptions

    def __attrs_post_init__(self) -> None:
        if not self.options.columns and not self.options.drop:
            raise ConfigError(
                "[anonymizers.suppress]: nothing to suppress; name columns to blank (--suppress) or to leave out "
                "(--drop), or switch it off with --disable suppress"
            )

    def schema(self, schema: pa.Schema) -> pa.Schema:
        """Return the schema without the dropped columns. ConfigError for a column that does not exist."""
        blanked = unknown_columns("[anonymizers.suppress] columns", self.options.columns, schema)
        dropped = unknown_columns("[anonymizers.suppress] drop", self.options.drop, schema)
        if mistakes := blanked + dropped:
            raise ConfigError(mistakes)
        drop = self._dropped(schema)
        return pa.schema([field for field in schema if field.name not in drop], schema.metadata)

    def changes(self, schema: pa.Schema) -> Mapping[str, str]:
        """Return the columns that are blanked and those that are dropped, with these words."""
        return dict.fromkeys(self._blanked(schema), "blanked") | dict.fromkeys(self._dropped(schema), "dropped")

    def __call__(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """Return the batch with nulls in the blanked columns and without the dropped columns."""
        drop = self._dropped(batch.schema)
        shown = batch.select([name for name in batch.schema.names if name not in drop])
        blanks = ((name, pa.nulls(len(shown), shown.schema.field(name).type)) for name in self._blanked(shown.schema))
        return replaced_columns(shown, blanks)

    def _blanked(self, schema: pa.Schema) -> list[str]:
        return [spelled_in(schema, name) for name in self.options.columns]

    def _dropped(self, schema: pa.Schema) -> list[str]:
        return [spelled_in(schema, name) for name in self.options.drop]
