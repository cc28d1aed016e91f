"""The contract of transforms, which change anonymized rows before any reporter gets them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["Transform"]


class Transform(ABC):
    """Suppresses, generalises or perturbs anonymized rows: one batch in, one batch of as many rows out.

    The result for a row depends only on the row and on facts learnt from all rows, so it does not matter where batches
    are cut. Random numbers are drawn when the transform is made: that happens once, and all processes get
    copies.
    """

    accepts_segments: ClassVar[bool] = False
    """Whether columns of text (string) may come as lists of segments (`anonkit.arrow.segments`), and go back so."""

    def schema(self, schema: pa.Schema) -> pa.Schema:
        """Return the schema of the batches that come out. Default: unchanged.

        Asked before a row is read: ConfigError for options that do not fit the columns.
        """
        return schema

    def learned_columns(self, schema: pa.Schema) -> Sequence[str]:
        """Return the columns of raw batches of `schema` that `learn` must see before rows are changed. Default: none.

        Without any, the rows are not read for this transform.
        """
        return ()

    def learn(self, batch: pa.RecordBatch) -> Any:
        """Return the facts of a raw batch of `learned_columns`: picklable and small. `merge` joins them with others."""
        return None

    def merge(self, left: Any, right: Any) -> Any:
        """Return the joined facts of two results of `learn`; the order does not matter."""
        return left

    def with_learned(self, learned: Any) -> Transform:
        """Return the transform that knows the facts of all rows. Default: the same transform."""
        return self

    def preview(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """Return a raw batch of learnt columns as later transforms get them, which learn from it. Default: the same."""
        return batch

    def warnings(self, schema: pa.Schema) -> Sequence[str]:
        """Return warnings for the operator: exact values that stay in batches of `schema` beside changed ones."""
        return ()

    def changes(self, schema: pa.Schema) -> Mapping[str, str]:
        """Return descriptions of the changes to columns of batches of `schema`: ``{"QDate": "rounded down to 1h"}``.

        Readers of the outputs see it, so it holds no originals and no secrets. A column that is dropped may be named.
        Default: nothing.
        """
        return {}

    def placeholders(self) -> Sequence[str]:
        """Return the texts that are written instead of values: a name in one is no finding of the audit. Default: none.

        They must be unlike the values of jobs: ``(secret)``.
        """
        return ()

    @abstractmethod
    def __call__(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """Return the changed batch: its schema is `schema` of the batch's, its rows are the same, in the same order."""
