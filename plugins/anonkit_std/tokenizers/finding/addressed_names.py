"""Full names beside a mail address, ``Anna Example <annak@example.org>``, those that git is given, and in claims.

A command may have the name and the address in two options: ``--mail annak@example.org --name 'Anna Example'``. Headers
of mail have the name in quotes (``"Example, Anna" <…>``), in brackets after the address, or encoded
(``=?utf-8?Q?…?=``).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from functools import lru_cache
from itertools import chain

import attrs

from anonkit_std.tokenizers.finding.certificates import Subject
from anonkit_std.tokenizers.finding.person_names import is_handle, is_likely_surname, person_name
from anonkit_std.tokenizers.finding.scan import Scan

__all__ = ["MARKS", "WHOLE_TEXTS", "beside_addresses", "in_addresses"]

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
    '"given_name"',
    '"email"',
    '"eppn"',
    '"preferred_username"',
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
# The local part of an address may hold blanks when the name of an account does: `--mail van example@example.org`.
_OPTION_VALUE = re.compile(r"""[= ]["']?((?:[\w.+][\w.+-]{0,31} ){0,3}[\w.+-]{1,64})@[A-Za-z0-9]""")
_NAME_OPTION = re.compile(r"""(?<![\w-])--(?:[a-z]{2,12}-?)?name[= ]\\?(?:"([^"\\]{3,80})\\?"|'([^'\\]{3,80})\\?')""")
_CLAIMS = (b'"family_name', b'"given_name', b'"email', b'"eppn', b'"preferred_username')
_BRACKET, _CONFIGURED_NAME = b" <", b"user.name"
MARKS = (_BRACKET, _CONFIGURED_NAME, *_MAIL_OPTION, *_CLAIMS, *_HEADERS)
"""Every text with a name beside an address, in claims or given to git holds one of these."""
_CLAIM = r"""\\?" ?: ?\\?"([^"\\]{1,80})\\?\""""
_CLAIMED = {
    name: re.compile(rf'(?<=")(?:{name}){_CLAIM}')
    for name in ("name", "given_name", "family_name", "email|mail|eppn|sub|preferred_username")
}


# Of so many pairs in claims, as four people have, each is read; and of so many options with a name beside an address.
_MOST_PAIRS, _MOST_NAMES = 16, 2

_Claim = re.Match[str]
_Found = tuple[int, Iterator[Subject]]
"""The row of a text, and people in it."""


def in_addresses(scan: Scan) -> Iterator[tuple[int, Subject]]:
    """Yield row and person of each name beside an address, in claims, and of each that git is given."""
    steps = (_before_brackets, _in_headers, _given_to_git, _in_options, _in_claims)
    for row, people in chain.from_iterable(step(scan) for step in steps):
        for person in people:
            yield row, person


def beside_addresses(cell: str) -> Iterator[Subject]:
    """Yield the people that a list of mail addresses names: ``Anna Example <annak@example.org>, …``."""
    before, *rest = cell.split(" <")
    for after in rest:
        if local := _LOCAL.match(after):
            yield from _before_address(f"{before[-_REACH:]} ", local[1])
        before = after
    for commented in _IN_BRACKETS.finditer(cell):
        yield from _people(commented[2], commented[1])


def _before_brackets(scan: Scan) -> Iterator[_Found]:
    """``Anna Example <annak@example.org>``."""
    for row, before, after in scan.around(_BRACKET):
        if local := _LOCAL.match(_text(after[:80])):
            yield row, _before_address(f"{_text(before[-_REACH:])} ", local[1])


def _in_headers(scan: Scan) -> Iterator[_Found]:
    """``From: annak@example.org (Anna Example)``."""
    for _, row, _, after in scan.around_marks(_HEADERS):
        if commented := _IN_BRACKETS.match(_text(after)):
            yield row, _people(commented[2], commented[1])


def _given_to_git(scan: Scan) -> Iterator[_Found]:
    """``git -c user.name='Anna Example'``."""
    for row, _, after in scan.around(_CONFIGURED_NAME):
        if configured := _CONFIGURED.match(_text(after[:_REACH])):
            yield row, _people(configured[1], "")


def _in_options(scan: Scan) -> Iterator[_Found]:
    """``--mail annak@example.org --name 'Anna Example'``, in either order."""
    for _, row, before, after in scan.around_marks(_MAIL_OPTION):
        if address := _OPTION_VALUE.match(_text(after[:80])):
            text = f"{_text(before[-_REACH:])} "
            options = _NAME_OPTION.finditer(f"{text}{_text(after[:_REACH])}")
            named = [option for option in options if _full_names(option[1] or option[2])]
            for option in named if len(named) <= _MOST_NAMES else _beside(named, len(text)):
                yield row, _people(option[1] or option[2], address[1])


def _in_claims(scan: Scan) -> Iterator[_Found]:
    """``{"given_name": "Anna", "family_name": "Example"}``."""
    # An object has several claims, and each of them shows the others.
    found = {
        (row, person): None
        for which, row, before, after in scan.around_marks(_CLAIMS)
        for person in _of_claims(_text(before + _CLAIMS[which] + after))
    }
    for row, person in found:
        yield row, iter((person,))


def _text(data: bytes) -> str:
    return data.decode("utf-8", "ignore")


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
    """Yield the people that an object with claims of a token is about, by full name.

    Of many objects, the claims of each are beside each other, with no other of the same key between them.
    """
    whole, given, family, accounts = ([*pattern.finditer(text)] for pattern in _CLAIMED.values())
    are_few = len(accounts) * (len(whole) + len(given)) <= _MOST_PAIRS
    for name in whole:
        for handle in _handles(accounts, None if are_few else name.start()):
            yield from _people(name[1], handle)
    for name in given:
        for surname in family if len(given) * len(family) <= _MOST_PAIRS else _beside(family, name.start()):
            others = (surname[1],) if is_likely_surname(surname[1]) else ()
            for handle in _handles(accounts, None if are_few else name.start()):
                people = _people(f"{name[1]} {surname[1]}", handle)
                yield from (attrs.evolve(person, others=others) for person in people)


def _handles(accounts: Sequence[_Claim], place: int | None) -> Sequence[str]:
    """Return the handles of the accounts beside a place; without a place, the first of all as text sorts."""
    if place is None:
        return (min((account[1].partition("@")[0] for account in accounts), default=""),)
    return [account[1].partition("@")[0] for account in _beside(accounts, place)]


def _beside(found: Sequence[re.Match[str]], place: int) -> Sequence[re.Match[str]]:
    """Return the last of some matches before a place and the first after it."""
    after = bisect_left(found, place, key=re.Match.start)
    return found[max(after - 1, 0) : after + 1]


def _shown(words: str) -> str:
    """Return the words from the first that is written like a name: of ``mail to Anna Example`` the last two."""
    parts = words.split(" ")
    first = next((place for place, part in enumerate(parts) if part[:1] != part[:1].lower()), 0)
    return " ".join(parts[first:])


def _people(name: str, handle: str) -> Iterator[Subject]:
    names = _full_names(name)
    if names:
        yield Subject(handle if is_handle(handle) else None, names)


@lru_cache(maxsize=1 << 12)
def _full_names(name: str) -> tuple[str, ...]:
    return person_name(name).names
