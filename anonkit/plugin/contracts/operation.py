"""An operation on the cells of a column, for reporters; `str` describes it in words."""

from __future__ import annotations

import attrs

__all__ = ["Garbled", "Operation", "Tokenized", "Transformed"]


@attrs.frozen
class Tokenized:
    """The identities in the cells were replaced by tokens."""

    kind: str
    """Of the identities."""

    def __str__(self) -> str:
        return f"tokens of {self.kind}"


@attrs.frozen
class Garbled:
    """The identities in the column's text were replaced by tokens."""

    def __str__(self) -> str:
        return "garbled"


@attrs.frozen
class Transformed:
    """A transform changed the cells."""

    description: str
    """See `Transform.changes`."""

    def __str__(self) -> str:
        return self.description


Operation = Tokenized | Garbled | Transformed
"""An operation on the cells of a column."""
