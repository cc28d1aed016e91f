"""Blanks the values of variables and options that hold passwords, tokens and keys, and these wherever they stand.

Most text holds none: `Triggers` says which values may, and only those are looked at in Python.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

import attrs
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from anonkit.api import Transform
from anonkit_std.options.secrets import SecretsOptions
from anonkit_std.secret_names import SecretNames
from anonkit_std.secret_triggers import Triggers
from anonkit_std.secret_values import SecretValues
from anonkit_std.transforms.columns import change_distinct, change_leaves, is_text, leaves, replaced_columns

__all__ = ["Secrets"]


@attrs.frozen(slots=False)
class Secrets(Transform):
    """Blanks secrets in all text, that in lists and structs as well."""

    options: SecretsOptions

    def __reduce__(self) -> tuple[type[Secrets], tuple[SecretsOptions]]:
        return Secrets, (self.options,)

    def changes(self, schema: pa.Schema) -> Mapping[str, str]:
        """Return the columns that hold text."""
        return {field.name: "secrets blanked" for field in schema if any(map(is_text, leaves(field.type)))}

    def __call__(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """Return the batch without the secrets in its text."""
        names = self.changes(batch.schema)
        return replaced_columns(batch, ((name, change_leaves(batch.column(name), self._blanked)) for name in names))

    @cached_property
    def _names(self) -> SecretNames:
        return SecretNames(self.options)

    @cached_property
    def _triggers(self) -> Triggers:
        return Triggers(self._names)

    @cached_property
    def _values(self) -> SecretValues:
        return SecretValues(self._names, self.options.formats, self.options.placeholder)

    def _blanked(self, array: pa.Array) -> pa.Array:
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
