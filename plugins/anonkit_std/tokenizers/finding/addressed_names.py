"""Full names beside a mail address, ``Anna Example <annak@example.org>``, those that git is given, and in claims.

A command may have the name and the address in two options: ``--mail annak@example.org --name 'Anna Example'``. Headers
of mail have the name in quotes (``"Example, Anna" <…>``), in brackets after the address, or encoded
(``=?utf-8?Q?…?=``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from itertools import product

import attrs

from anonkit_std.tokenizers.finding.certificates import Subject
from anonkit_std.tokenizers.finding.person_names import is_handle, is_likely_surname, person_name
from anonkit_std.tokenizers.finding.scan import Scan

__all__ = ["MARKS", "WHOLE_TEXTS", "in_addresses"]

WHOLE_TEXTS = (
    "--author",
    "user.name",
    "From:",
    "To:",
    "Cc:",
    "Sender:",
    "Signed-off-by:",
    "Co-authored-by:",
    "=?",
    "--submitter-",
    "--author-",
    "--owner-",
    "--contact-",
    "mail ",
    "Author:",
    "mailx ",
    "--mail",
    "--email",
    '"family_name"',
    '"email"',
)
"""Marks of texts in which a name may be beside an address."""

_WORD = r"[^\W\d_][\w'\u2019.-]{0,30}"
_NAME = re.compile(rf"""(?:^|[\s"'=:,;])({_WORD}(?: {_WORD}){{1,3}}) \Z""")
_QUOTED_NAME = re.compile(r"""["']([^"'<>@\\:;=]{3,80})\\?["'] \Z""")
_ENCODED_NAME = re.compile(r"(=\?[\w-]{1,20}\?[QqBb]\?[^?\s]{1,120}\?=)\"? \Z")
_LOCAL = re.compile(r"([\w.+-]{1,64})@[A-Za-z0-9]")
_CONFIGURED = re.compile(r"""=\\?["']([^"'\\]{3,80})""")
_HEADERS = (b"From: ", b"To: ", b"Cc: ", b"Sender: ", b"Reply-To: ")
_IN_BRACKETS = re.compile(r"([\w.+-]{1,64})@[A-Za-z0-9][\w.-]{0,128} \(([^()@]{3,80})\)")
_REACH = 140
_MAIL_OPTION = (b"--mail", b"--email", b"-email", b"--mail-user", b"--notify-user")
_OPTION_VALUE = re.compile(r"""[= ]["']?([\w.+-]{1,64})@[A-Za-z0-9]""")
_NAME_OPTION = re.compile(r"""(?<![\w-])--(?:[a-z]{2,12}-?)?name[= ]\\?(?:"([^"\\]{3,80})\\?"|'([^'\\]{3,80})\\?')""")
_CLAIMS = (b'"family_name', b'"email')
_BRACKET, _CONFIGURED_NAME = b" <", b"user.name"
MARKS = (_BRACKET, _CONFIGURED_NAME, *_MAIL_OPTION, *_CLAIMS, *_HEADERS)
"""Every text with a name beside an address, in claims or given to git holds one of these."""
_CLAIM = r"""\\?" ?: ?\\?"([^"\\]{1,80})\\?\""""
_CLAIMED = {
    name: re.compile(rf'(?<=")(?:{name}){_CLAIM}')
    for name in ("name", "given_name", "family_name", "email|mail|eppn|sub|preferred_username")
}


def in_addresses(scan: Scan) -> Iterator[tuple[int, Subject]]:
    """Yield row and person of each name beside an address, in claims, and of each that git is given."""
    for row, before, behind in scan.around(_BRACKET):
        if local := _LOCAL.match(behind[:80].decode("utf-8", "ignore")):
            ending = f"{before[-_REACH:].decode('utf-8', 'ignore')} "
            yield from ((row, person) for person in _before_address(ending, local[1]))
    for _, row, _, behind in scan.around_marks(_HEADERS):
        if commented := _IN_BRACKETS.match(behind.decode("utf-8", "ignore")):
            yield from ((row, person) for person in _people(commented[2], commented[1]))
    for row, _, behind in scan.around(_CONFIGURED_NAME):
        if configured := _CONFIGURED.match(behind[:_REACH].decode("utf-8", "ignore")):
            yield from ((row, person) for person in _people(configured[1], ""))
    for _, row, before, behind in scan.around_marks(_MAIL_OPTION):
        address = _OPTION_VALUE.match(behind[:80].decode("utf-8", "ignore"))
        if address:
            around = f"{before[-_REACH:].decode('utf-8', 'ignore')} {behind[:_REACH].decode('utf-8', 'ignore')}"
            for named in _NAME_OPTION.finditer(around):
                yield from ((row, person) for person in _people(named[1] or named[2], address[1]))
    for which, row, before, behind in scan.around_marks(_CLAIMS):
        claims = (before + _CLAIMS[which] + behind).decode("utf-8", "ignore")
        yield from ((row, person) for person in _of_claims(claims))


def _before_address(text: str, local: str) -> Iterator[Subject]:
    """Yield the person that a text ends in, before a blank and the address with that local part."""
    if name := _NAME.search(text):
        yield from _people(_shown(name[1]), local)
    elif name := _QUOTED_NAME.search(text):
        yield from _people(name[1], local)
    elif encoded := _ENCODED_NAME.search(text):
        for person in _people(_decoded(encoded[1]), local):
            yield attrs.evolve(person, others=(encoded[1],))


def _decoded(header: str) -> str:
    """Return the text of a word of a mail header that is encoded, or nothing when it cannot be read."""
    try:
        return str(make_header(decode_header(header)))
    except (HeaderParseError, LookupError, ValueError):
        return ""


def _of_claims(text: str) -> Iterator[Subject]:
    """Yield the people that an object with claims of a token is about, by full name."""
    *of_names, of_account = ({found[1] for found in pattern.finditer(text)} for pattern in _CLAIMED.values())
    whole, given, family = of_names
    local = min((account.partition("@")[0] for account in of_account), default="")
    for name in whole:
        yield from _people(name, local)
    for first, last in product(given, family):
        surname = (last,) if is_likely_surname(last) else ()
        yield from (attrs.evolve(person, others=surname) for person in _people(f"{first} {last}", local))


def _shown(words: str) -> str:
    """Return the words from the first that is written like a name: of ``mail to Anna Example`` the last two."""
    parts = words.split(" ")
    first = next((place for place, part in enumerate(parts) if part[:1] != part[:1].lower()), 0)
    return " ".join(parts[first:])


def _people(name: str, handle: str) -> Iterator[Subject]:
    names = person_name(name).names
    if names:
        yield Subject(handle if is_handle(handle) else None, names)
