"""The marks of everything by which users are found in text: a text without a mark is not read."""

from __future__ import annotations

from anonkit_std.tokenizers.finding import (
    addressed_names,
    commands,
    data_sets,
    folders,
    handles,
    keyed_handles,
    keyed_names,
    subjects,
    windows_homes,
)

__all__ = ["MARKS", "WHOLE_TEXTS"]

_FINDERS = (handles, data_sets, commands, keyed_handles, keyed_names, folders, subjects, addressed_names, windows_homes)

MARKS = tuple(dict.fromkeys(mark for finder in _FINDERS for mark in finder.MARKS))
"""Every text with a handle or a full name holds one of these."""
WHOLE_TEXTS = (
    *subjects.WHOLE_TEXTS,
    *commands.WHOLE_TEXTS,
    *addressed_names.WHOLE_TEXTS,
    *keyed_handles.WHOLE_TEXTS,
    *keyed_names.WHOLE_TEXTS,
    *windows_homes.WHOLE_TEXTS,
)
"""Marks of texts in which a handle follows a blank, or a name holds one."""
