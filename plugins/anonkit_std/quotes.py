"""HTCondor's single quotes, undone column by column; `environment` has the rules."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from anonkit_std.string_buffers import data_of, offsets_of, strings, totals_before

__all__ = ["hide_quoted_blanks", "unquoted"]

_QUOTE, _BLANK = ord("'"), ord(" ")
_HELD = "\x01"
"""Stands for a quoted blank; text without control characters cannot hold it."""


def hide_quoted_blanks(texts: pa.Array) -> pa.Array:
    """Return the texts with only those blanks that part their entries; the others are hidden until `unquoted`.

    They have no control characters, and quotes are balanced in each.
    """
    offsets = offsets_of(texts)
    data = data_of(texts)[offsets[0] : offsets[-1]]
    quotes = np.flatnonzero(data == _QUOTE)
    if not len(quotes):
        return texts
    blanks = np.flatnonzero(data == _BLANK)
    # Balanced in each text, so that pairs run on from one to the next; few quotes are sought among many blanks.
    opened, closed = (np.searchsorted(blanks, quotes[side::2]) for side in (0, 1))
    opens, closes = (np.bincount(places, minlength=len(blanks) + 1) for places in (opened, closed))
    held = data.copy()
    held[blanks[totals_before(opens - closes)[1:-1] > 0]] = ord(_HELD)
    return strings(offsets - offsets[0], pa.py_buffer(held))


def unquoted(parts: pa.Array) -> pa.Array:
    """Return the parts without the quotes that are not part of the text."""
    # What is left of quotes after the first step stood doubled inside others.
    parts = pc.replace_substring_regex(parts, "'((?:[^']|'')*)'", r"\1")
    return pc.replace_substring(pc.replace_substring(parts, "''", "'"), _HELD, " ")
