"""A text with its labels: which of its characters tell an identity, and which may go with it."""

from __future__ import annotations

import attrs

__all__ = ["Cell", "Label", "Span"]

Span = tuple[int, int]
"""First character, and the one after the last."""


@attrs.frozen
class Label:
    """A mention: all its characters must go. `kind` is that of the identity, or ``secret``."""

    start: int
    end: int
    kind: str
    identity: str


@attrs.frozen
class Cell:
    """One text of a data set: of a row and a column, and of one key or place of its value when the column is nested."""

    data_set: str
    row: int
    column: str
    leaf: str
    shape: str
    text: str
    labels: tuple[Label, ...]
    optional: tuple[Span, ...]
    """What may be replaced or stay: a domain, a personal number, an escape's other half."""
