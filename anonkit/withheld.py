"""What is written for values that are not published."""

from __future__ import annotations

__all__ = ["TOO_LONG", "WITHHELD"]

WITHHELD = "(withheld)"
"""What is written for a value that is withheld."""

TOO_LONG = "too long"
"""The reason why a value was withheld, in the place of a token: it has more than `[run] max_value_bytes`."""
