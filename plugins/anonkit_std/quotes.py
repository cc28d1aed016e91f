"""HTCondor's single quotes, undone column by column; `environment` has the rules."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from anonkit_std.string_buffers import data_of, offsets_of, strings

__all__ = ["split_unquoted", "unquoted"]

_QUOTE, _BLANK = ord("'"), ord(" ")
_HELD = "\x01"
"""Stands for a quoted blank; printable text cannot hold it."""


def split_unquoted(texts: pa.Array) -> pa.Array:
    """Return printable ASCII texts, whose quotes are balanced, split at the blanks outside quotes (list<string>).

    The parts are still quoted; `unquoted` undoes that.
    """
    data = data_of(texts)
    quotes = np.flatnonzero(data == _QUOTE)
    if len(quotes):
        # Balanced in each text, so counting may run on from one to the next.
        blanks = np.flatnonzero(data == _BLANK)
        data = data.copy()
        data[blanks[np.searchsorted(quotes, blanks) % 2 == 1]] = ord(_HELD)
        texts = strings(offsets_of(texts), pa.py_buffer(data))
    return pc.split_pattern(texts, " ")


def unquoted(parts: pa.Array) -> pa.Array:
    """Return the parts without the quotes that are not part of the text."""
    # What is left of quotes after the first step stood doubled inside others.
    parts = pc.replace_substring_regex(parts, "'((?:[^']|'')*)'", r"\1")
    return pc.replace_substring(pc.replace_substring(parts, "''", "'"), _HELD, " ")
