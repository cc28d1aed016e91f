"""The facts about one published file."""

from __future__ import annotations

import attrs

__all__ = ["OutputInfo"]


@attrs.frozen(kw_only=True)
class OutputInfo:
    """One published file."""

    name: str
    size: int
    sha256: str
    reporter: str
    garbled: bool
