"""HTCondor's single quotes, undone column by column; `anonkit_std.environment.forms` has the rules."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from anonkit.arrow.offsets import Positions, totals

__all__ = ["outside", "unquoted"]


def outside(places: Positions, quotes: Positions) -> Positions:
    """Return those of the places that are outside quotes, of which the first opens, the second closes, and so on.

    Both ascend. If quotes are balanced in each text, those of a whole column can be given at once.
    """
    if not len(quotes):
        return places
    # Few quotes are sought among many places.
    opened, closed = (np.searchsorted(places, quotes[side::2]) for side in (0, 1))
    opens, closes = (np.bincount(side, minlength=len(places) + 1) for side in (opened, closed))
    free: Positions = places[totals(opens - closes)[1:-1] == 0]
    return free


def unquoted(parts: pa.Array) -> pa.Array:
    """Return the parts without the quotes that are not part of the text."""
    # Quotes that the first step leaves were doubled inside others.
    parts = pc.replace_substring_regex(parts, "'((?:[^']|'')*)'", r"\1")
    return pc.replace_substring(parts, "''", "'")
