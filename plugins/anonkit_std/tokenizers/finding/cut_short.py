"""Names that another program has cut short, to fit a column or a file name: they still betray whose they are."""

from __future__ import annotations

from collections.abc import Iterator

from anonkit.api import Alias, Boundary

__all__ = ["cut_short"]

# Shorter beginnings are those of too many words. Longer ones than file systems and databases allow are for the audit.
_SHORTEST, _LONGEST = 8, 256


def cut_short(name: str) -> Iterator[Alias]:
    """Yield the beginnings of a name of more than 8 characters; a name of several words is left whole."""
    if not any(map(str.isspace, name)):
        for length in range(_SHORTEST, min(len(name), _LONGEST)):
            yield Alias(name[:length], Boundary.END)
