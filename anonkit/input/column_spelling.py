"""Columns by the names that the operator gives: as the input spells them, or in another letter case."""

from __future__ import annotations

from collections.abc import Collection

__all__ = ["in_input"]


def in_input(column: str, names: Collection[str]) -> str:
    """Return the name among `names` that is equal to `column`, or else the only one that differs in letter case alone.

    `column` itself when there is none, or more than one.
    """
    if column in names:
        return column
    folded = column.casefold()
    alike = [name for name in names if name.casefold() == folded]
    return alike[0] if len(alike) == 1 else column
