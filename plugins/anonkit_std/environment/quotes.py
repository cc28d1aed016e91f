"""The quotes of V2 environments in whole columns; `anonkit_std.environment.forms` has the rules."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from anonkit.arrow.offsets import Positions, totals

__all__ = ["outside", "unquoted"]


def outside(places: Positions, quotes: Positions) -> Positions:
    """Return the places that are outside of quotes; both arguments are positions in one block of bytes, ascending.

    The first quote opens, the second closes, and so on. A block of several texts can be given if each of them has an
    even number of quotes.
    """
    if not len(quotes):
        return places
    # There are few quotes and many places, so the quotes are searched for among the places.
    opened, closed = (np.searchsorted(places, quotes[side::2]) for side in (0, 1))
    opens, closes = (np.bincount(side, minlength=len(places) + 1) for side in (opened, closed))
    unquoted_places: Positions = places[totals(opens - closes)[1:-1] == 0]
    return unquoted_places


def unquoted(parts: pa.Array) -> pa.Array:
    """Return parts of environments (string) with their quotes undone."""
    # The quotes that the first step leaves are doubled ones inside of quotes.
    parts = pc.replace_substring_regex(parts, "'((?:[^']|'')*)'", r"\1")
    return pc.replace_substring(parts, "''", "'")
