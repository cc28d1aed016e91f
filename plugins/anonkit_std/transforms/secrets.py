"""The transform `secrets`: it replaces passwords, tokens and keys in text by a placeholder.

Most text holds none. `Triggers` finds the values that may, and Python reads only those.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import ClassVar

import attrs
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from anonkit.api import Transform
from anonkit.arrow.nested import map_leaves
from anonkit.arrow.segments import Segments, is_segmented
from anonkit_std.columns.leaves import change_distinct, holds_text, is_text, replaced_columns
from anonkit_std.options.secrets import SecretsOptions
from anonkit_std.secrets.named_fields import blank_named
from anonkit_std.secrets.names import SecretNames
from anonkit_std.secrets.triggers import Triggers
from anonkit_std.secrets.values import SecretValues

__all__ = ["Secrets"]


@attrs.frozen(slots=False)
class Secrets(Transform):
    """Replaces secrets in all text, also inside lists and structs."""

    accepts_segments: ClassVar[bool] = True

    options: SecretsOptions

    # The search cannot be pickled: each worker builds its own.
    def __reduce__(self) -> tuple[type[Secrets], tuple[SecretsOptions]]:
        return Secrets, (self.options,)

    def changes(self, schema: pa.Schema) -> Mapping[str, str]:
        """Return the columns that hold text."""
        return {field.name: "secrets blanked" for field in schema if holds_text(field.type)}

    def placeholders(self) -> Sequence[str]:
        """Return the placeholder of the options."""
        return (self.options.placeholder,)

    def __call__(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """Return the batch without the secrets in its text."""
        names = self.changes(batch.schema)
        return replaced_columns(batch, ((name, self._column(batch.column(name))) for name in names))

    def _column(self, column: pa.Array) -> pa.Array:
        if is_segmented(column.type):
            return self._in_segments(column)
        return blank_named(map_leaves(column, self._in_leaf), self._names)

    def _in_segments(self, column: pa.Array) -> pa.Array:
        """Return a column of segments with its secrets replaced."""
        segments = Segments.from_lists(column)
        rows = self._triggers.suspects_in(segments)
        if not rows.size:
            return column
        changed = change_distinct(segments.take(rows).to_strings(), self._values)
        return segments.replace_values(rows, changed).to_lists(column)

    @cached_property
    def _names(self) -> SecretNames:
        return SecretNames(self.options)

    @cached_property
    def _triggers(self) -> Triggers:
        return Triggers(self._names)

    @cached_property
    def _values(self) -> SecretValues:
        return SecretValues(self._names, self.options.formats, self.options.placeholder)

    def _in_leaf(self, array: pa.Array) -> pa.Array:
        """Return an array of text with its secrets replaced; one of another type as it is."""
        if not is_text(array.type):
            return array
        texts = array.cast(pa.string())
        rows = self._triggers.suspects(texts)
        if not rows.size:
            return array
        suspected = np.zeros(len(texts), np.bool_)
        suspected[rows] = True
        changed = change_distinct(texts.take(pa.array(rows)), self._values)
        return pc.replace_with_mask(texts, pa.array(suspected), changed).cast(array.type)
