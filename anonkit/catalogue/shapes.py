"""Columns that hold numbers or versions: a value of that shape is neither a handle nor an address."""

from __future__ import annotations

from functools import lru_cache

from anonkit.catalogue.attributes import attribute

__all__ = ["own_shape"]

_NUMBER = r"^\s*[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?\s*$"
_VERSION = r"^\s*v?[0-9]{1,6}(?:[._-][0-9A-Za-z]{1,12}){0,8}\s*$"
_NUMBERS = frozenset(("integer", "real"))


@lru_cache(maxsize=4096)
def own_shape(column: str) -> str | None:
    """Return the pattern (RE2) of the numbers or versions that a column is known to hold; None for another column."""
    known = attribute(column)
    if known is not None and known.type in _NUMBERS:
        return _NUMBER
    return _VERSION if column.casefold().endswith("version") else None
