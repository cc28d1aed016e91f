"""The input of reporters: rows, and their context in the run."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

import attrs

from anonkit.catalogue import Column
from anonkit.plugin.contracts.operation import Operation
from anonkit.plugin.contracts.roles import Roles

if TYPE_CHECKING:
    import pyarrow as pa

    from anonkit.arrow.rows import Rows
    from anonkit.arrow.segments import Segments

__all__ = ["Batch", "Identities", "RunContext"]


@attrs.frozen(kw_only=True)
class Identities:
    """The identities of one kind in this run, in token order; position is what `Batch.identities` refers to."""

    kind: str
    tokens: tuple[str, ...]
    """As in lists: ``UR1``."""
    text_tokens: tuple[str, ...]
    """As in rows and text: ``UR_1``."""
    counts: tuple[int, ...]
    """Rows with the identity in its column; rows that mention it, for a kind that has no column."""
    valid: tuple[bool, ...]
    originals: tuple[str | None, ...] | None = None
    """The identities themselves, None for the null identity. Given only to a reporter that writes originals."""

    def __len__(self) -> int:
        return len(self.tokens)


@attrs.frozen(kw_only=True)
class RunContext:
    """The facts about the run for a reporter. The same in every process."""

    roles: Roles
    schema: pa.Schema
    """Of the row record: its columns in order, after anonymizing."""
    total_rows: int
    identities: Mapping[str, Identities]
    """By kind, in the order in which the anonymizers apply."""
    garbled: bool
    """False when the batches are raw."""
    text_prefixes: Mapping[str, str]
    """By kind: ``{"user": "UR_"}``."""
    garble: Callable[[pa.Array], pa.Array]
    """Garbles text that a reporter made out of anonymized cells (quotes undone, escapes resolved) or was given as an
    option; tokens in it stay. Strings in, strings out. Does nothing when `garbled` is False."""
    operations: Mapping[str, tuple[Operation, ...]] = attrs.field(factory=dict)
    """By column, the operations on its cells, in order: ``(Garbled(), Transformed("rounded down to 1h"))``. A column
    that stayed as it was is not in it; one that a transform dropped may be. Empty for raw batches."""
    columns: Mapping[str, Column] = attrs.field(factory=dict)
    """Class and catalogue entry of every column of the input, read or not, in the order in which they first appear."""
    job_column: str | None = None
    """The first column of the row record, which holds the number of the job; None when jobs are not numbered."""
    batch_schema: pa.Schema = attrs.field(default=attrs.Factory(lambda self: self.schema, takes_self=True))
    """Of `Batch.data`: the row record's columns in order, then others that were read."""


def _as_rows(data: Rows | pa.RecordBatch) -> Rows:
    from anonkit.arrow.rows import Rows

    return Rows.wrap(data)


@attrs.frozen(kw_only=True)
class Batch:
    """Some consecutive rows. Where one batch ends and the next begins means nothing."""

    _rows: Rows = attrs.field(alias="data", converter=_as_rows)
    first_row: int
    """The global number of the first row, from 0."""
    identities: Mapping[str, pa.Array]
    """By kind: for each row the positions of its identities in `RunContext.identities`; list<int32>, no nulls, none
    twice in a row. A kind that has a column: those in the row's cell, at least one, in their order there. A kind that
    lives in text alone, and that the reporter names in `mentioned_kinds`: those that the row's text mentions, if any,
    in the order of their tokens."""
    context: RunContext

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self._rows)

    @property
    def data(self) -> pa.RecordBatch:
        """The row record's columns in order, then other columns that a reporter asked for.

        Text that repeats itself is stored in segments, merged here. Asking for a column, or for rows, merges less.
        """
        return self._rows.data

    def column(self, name: str) -> pa.Array:
        """Return one column; KeyError when it was neither in the row record nor asked for."""
        return self._rows.column(name)

    def segments(self, name: str) -> Segments:
        """Return a column of text (string) as its segments, each distinct one once; a null has none.

        Where the text does not repeat itself, each value is one segment. KeyError as for `column`.
        """
        return self._rows.segments(name)

    def take(self, rows: pa.Array, names: Iterable[str]) -> pa.RecordBatch:
        """Return the named columns of the rows at some positions (integers), in that order."""
        return self._rows.take(rows, names)
