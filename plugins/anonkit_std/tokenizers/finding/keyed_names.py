"""Full names as values of keys: ``"prodUserName": "Anna Example"``, ``GlobalUserName: Anna Example``."""

from __future__ import annotations

import re
from collections.abc import Iterator

from anonkit_std.tokenizers.finding.certificates import Subject
from anonkit_std.tokenizers.finding.person_names import person_name
from anonkit_std.tokenizers.finding.scan import Scan

__all__ = ["MARKS", "WHOLE_TEXTS", "in_named_keys"]

MARKS = (
    b"userName", b"UserName", b"Username", b"UserIdentity", b"fullName", b"FullName", b"full_name", b"realName",
    b"real_name", b"displayName", b"DisplayName", b"display_name", b"author", b"Author", b"creator", b"gecos", b"GECOS",
)  # fmt: skip
"""Every text with such a key holds one of these: the ends of keys of people."""
WHOLE_TEXTS = tuple(mark.decode() for mark in MARKS)
"""Marks of texts in which a full name may follow."""
_WORD = r"[^\W\d_a-z][^\W\d_]*(?:['’.-][^\W\d_]+)*\.?"
_NAME = rf"{_WORD}(?: (?:{_WORD}|[a-z]{{2,3}})){{0,3}} {_WORD}"
# The value, or the first of its own keys: ``"authors": [{"name": "Anna Example"``.
_KEY = r"""s?\\{0,3}["']? ?[=:] ?(?:\[? ?\{ ?\\{0,3}["']name\\{0,3}["'] ?: ?)?\\{0,3}["']"""
_QUOTED = re.compile(rf"""{_KEY}({_NAME})\\{{0,3}}["']""")
_BARE = re.compile(rf"""(?:>|=|: ?)({_NAME})(?=</|\s*(?:[,;&|\n]|\Z)|\s+[\w-]+[=:]|\s+-)""")
# An author is often a collaboration where no quotes are; a displayed name is often a title.
_QUOTED_ALONE = frozenset((b"author", b"Author", b"creator", b"displayName", b"DisplayName", b"display_name"))
_GROUPS = re.compile(r"\b(?:Collaborations?|Consortium|Laborator(?:y|ies)|Univers\w+|Institut\w*|Team|Group|Project)\b")


def in_named_keys(scan: Scan) -> Iterator[tuple[int, Subject]]:
    """Yield row and person of each full name that is the value of such a key."""
    for which, row, _, after in scan.around_marks(MARKS):
        text = after.decode("utf-8", "ignore")
        value = _QUOTED.match(text) or (None if MARKS[which] in _QUOTED_ALONE else _BARE.match(text))
        names = person_name(value[1]).names if value and not _GROUPS.search(value[1]) else ()
        if names:
            yield row, Subject(None, names)
