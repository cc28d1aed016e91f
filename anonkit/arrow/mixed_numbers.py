"""The mark of a column of text that holds numbers in some files and text in others.

Reporters write such a column's numbers as numbers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["MIXED", "is_mixed"]

MIXED = {b"anonkit.numeric": b"mixed"}
"""The metadata of the column's field."""


def is_mixed(field: pa.Field) -> bool:
    """Return whether a field has the mark."""
    metadata = field.metadata or {}
    return all(metadata.get(key) == value for key, value in MIXED.items())
