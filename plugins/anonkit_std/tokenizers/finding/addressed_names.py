"""Full names beside a mail address, ``Anna Example <annak@example.org>``, and those that git is given."""

from __future__ import annotations

import re
from collections.abc import Iterator

from anonkit_std.tokenizers.finding.certificates import Subject
from anonkit_std.tokenizers.finding.person_names import is_handle, person_name
from anonkit_std.tokenizers.finding.scan import Scan

__all__ = ["WHOLE_TEXTS", "in_addresses"]

WHOLE_TEXTS = ("--author", "user.name", "From:", "mail ", "Author:", "mailx ")
"""Marks of texts in which a name may be beside an address."""

_WORD = r"[^\W\d_][\w'\u2019.-]{0,30}"
_NAME = re.compile(rf"""(?:^|[\s"'=:,;])({_WORD}(?: {_WORD}){{1,3}}) \Z""")
_LOCAL = re.compile(r"([\w.+-]{1,64})@[A-Za-z0-9]")
_CONFIGURED = re.compile(r"""=\\?["']([^"'\\]{3,80})""")
_REACH = 140


def in_addresses(scan: Scan) -> Iterator[tuple[int, Subject]]:
    """Yield row and person of each name before an address in angle brackets, and of each name that git is given."""
    for row, before, behind in scan.around(b" <"):
        local = _LOCAL.match(behind[:80].decode("utf-8", "ignore"))
        name = _NAME.search(f"{before[-_REACH:].decode('utf-8', 'ignore')} ") if local else None
        if local and name:
            yield from ((row, one) for one in _people(_shown(name[1]), local[1]))
    for row, _, behind in scan.around(b"user.name"):
        if configured := _CONFIGURED.match(behind[:_REACH].decode("utf-8", "ignore")):
            yield from ((row, one) for one in _people(configured[1], ""))


def _shown(words: str) -> str:
    """Return the words from the first that is written like a name: of ``mail to Anna Example`` the last two."""
    parts = words.split(" ")
    first = next((place for place, part in enumerate(parts) if part[:1] != part[:1].lower()), 0)
    return " ".join(parts[first:])


def _people(name: str, handle: str) -> Iterator[Subject]:
    names = person_name(name).names
    if names:
        yield Subject(handle if is_handle(handle) else None, names)
