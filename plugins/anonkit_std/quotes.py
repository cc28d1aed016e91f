"""HTCondor's single quotes, undone column by column; `environment` has the rules."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from anonkit_std.string_buffers import Ints, places_of, totals_before

__all__ = ["places_outside", "unquoted"]


def places_outside(texts: pa.Array, character: str) -> Ints:
    """Return where in the bytes of the texts an ASCII character is outside quotes, which are balanced in each text."""
    quotes, places = places_of(texts, "'"), places_of(texts, character)
    if not len(quotes):
        return places
    # Balanced in each text, so that pairs run on from one to the next; few quotes are sought among many places.
    opened, closed = (np.searchsorted(places, quotes[side::2]) for side in (0, 1))
    opens, closes = (np.bincount(side, minlength=len(places) + 1) for side in (opened, closed))
    outside: Ints = places[totals_before(opens - closes)[1:-1] == 0]
    return outside


def unquoted(parts: pa.Array) -> pa.Array:
    """Return the parts without the quotes that are not part of the text."""
    # What is left of quotes after the first step stood doubled inside others.
    parts = pc.replace_substring_regex(parts, "'((?:[^']|'')*)'", r"\1")
    return pc.replace_substring(parts, "''", "'")
