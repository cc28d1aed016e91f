"""HTCondor's single quotes, undone column by column; `environment` has the rules."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from anonkit.arrow.offsets import Positions, totals

__all__ = ["outside", "unquoted"]


def outside(places: Positions, quotes: Positions) -> Positions:
    """Return those of the places that are outside quotes, of which the first opens, the second closes, and so on.

    Both ascend. Quotes that are balanced in each text can so be handed over for a whole column.
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
    # What is left of quotes after the first step stood doubled inside others.
    parts = pc.replace_substring_regex(parts, "'((?:[^']|'')*)'", r"\1")
    return pc.replace_substring(parts, "''", "'")
