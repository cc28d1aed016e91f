"""What changes anonymized rows before any reporter sees them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["Transform"]


class Transform(ABC):
    """Suppresses, generalises or perturbs anonymized rows: one batch in, one batch of as many rows out.

    What becomes of a row depends on nothing but the row, so where batches are cut does not show. What is drawn at
    random is drawn when the transform is made: that happens once, and all processes get copies.
    """

    accepts_segments: ClassVar[bool] = False
    """Whether columns of text (string) may come as lists of segments (`anonkit.arrow.segments`), and go back so."""

    def schema(self, schema: pa.Schema) -> pa.Schema:
        """Return the schema of the batches that come out. Default: unchanged.

        Asked before a row is read: ConfigError for options that do not fit the columns.
        """
        return schema

    def changes(self, schema: pa.Schema) -> Mapping[str, str]:
        """Return in a few words what is done to columns of batches of `schema`: ``{"QDate": "rounded down to 1h"}``.

        For whoever gets the outputs, so without originals and secret options. A column that is dropped may be named.
        Default: nothing.
        """
        return {}

    @abstractmethod
    def __call__(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """Return the changed batch: its schema is `schema` of the batch's, its rows are the same, in the same order."""
