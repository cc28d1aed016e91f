"""Certificate subjects: the person of a distinguished name, by handle and by full name.

Hosts and robots have certificates, too, and are not people; a robot may act for a person, whose name is beside its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import chain, permutations

import attrs

from anonkit_std.tokenizers.finding.distinguished_names import TYPE, Attribute, parse
from anonkit_std.tokenizers.finding.person_names import (
    PersonName,
    is_derived,
    is_handle,
    is_likely_surname,
    person_name,
)

__all__ = ["Subject", "subject", "subjects"]

# Longer ones than any issuer writes are not read to their end.
_LONGEST = 4096
_BEGINS = re.compile(rf"\s*(?:\\?/|{TYPE}\s*=)")
# As tools print them: ``subject= /O=Example/CN=…``.
_INTRODUCED = re.compile(r"(?:(?:subject|identity|dn)\s?[=:]\s?)?", re.IGNORECASE)
_NAMES_A_HOLDER = re.compile(
    r"(?<![A-Za-z0-9])(?:CN|commonName|UID|USERID|SN|surname|E|emailAddress|"
    r"2\.5\.4\.3|0\.9\.2342\.19200300\.100\.1\.1)\s*=",
    re.IGNORECASE,
)
# What the subject of a proxy is followed by in a list of what it may do: `…/CN=UID:annak,/nova/Role=Production`.
_NEXT_ENTRY = re.compile(r",\s*(?=/)")
_PEOPLE = frozenset(
    ("people", "users", "personal certificate", "persons", "personal", "user", "members", "globus connect user")
)
_PROXIES = frozenset(("proxy", "limited proxy", "cron"))
# Accounts that a certificate of a person names in place of a handle.
_OF_NOBODY = frozenset(
    ("condor", "daemon", "nobody", "none", "null", "root", "undefined", "unknown", "unmapped", "user", "username")
)
# Of a person are one given name and one surname, or two; a hostile subject may have hundreds, and the square in pairs.
_MOST_PARTS = 4
_BETWEEN_PARTS = ("/", ",", ", ", "+", " + ")
# A person's number after the name.
_ENDS_IN_NUMBER = re.compile(r"[^\W\d_] [0-9]{4,12}\Z")
_ACCOUNT = re.compile(r"[a-z][a-z0-9_.-]{1,31}")


@attrs.frozen
class Subject:
    """The person that a certificate names."""

    handle: str | None
    names: tuple[str, ...]
    """Full names, parts between single blanks."""
    others: tuple[str, ...] = ()
    """Further handles, codes and addresses of the same person."""

    @property
    def identity(self) -> str:
        """The handle, or else the name."""
        return self.handle or self.names[0]


def subject(text: str) -> Subject | None:
    """Return the person of a distinguished name; None when `text` is none, or names no person."""
    return next(subjects(text), None)


def subjects(text: str) -> Iterator[Subject]:
    """Yield the person of each distinguished name in a list of entries."""
    start = _unquoted(text[:_LONGEST])
    if _BEGINS.match(start):
        yield from _subjects(start)


def _unquoted(text: str) -> str:
    """Return a distinguished name without what introduces it, and without quotes, of which the first may be missing."""
    start = text.lstrip("\"' ")
    start = start[_INTRODUCED.match(start).end() :]  # type: ignore[union-attr]  # it matches nothing as well
    is_quoted = start.endswith('"') and not start.endswith('\\"') and start.count('"') % 2
    return start[:-1] if is_quoted else start


# A job has its certificate in a column, and often in its command and its environment.
@lru_cache(maxsize=1 << 14)
def _subjects(start: str) -> tuple[Subject, ...]:
    return tuple(_each_subject(start))


def _each_subject(start: str) -> Iterator[Subject]:
    for entry in _NEXT_ENTRY.split(start) if start.lstrip().startswith("/") else [start]:
        if _NAMES_A_HOLDER.search(entry):
            found = _subject(parse(entry))
            if found:
                yield found


def _subject(attributes: Sequence[Attribute]) -> Subject | None:
    """Return the person that the attributes of a distinguished name are about; None for a host, a robot, nobody."""
    is_of_people = any(unit.type == "ou" and unit.value.casefold() in _PEOPLE for unit in attributes)
    numbered = dict(_numbered_accounts(attributes))
    common = [
        _Common(attribute, person_name(attribute.value, is_of_people=is_of_people))
        for attribute in attributes
        if attribute.type == "cn" and attribute.value not in numbered and not _user_id(attribute.value)
    ]
    people = [*(name.person for name in common), _given_and_surname(attributes)]
    names = tuple(dict.fromkeys(name for person in people for name in person.names))
    accounts = chain(numbered, _beside_names(people), _accounts(common, is_of_people=is_of_people))
    handles = [handle for handle in (*_user_ids(attributes), *accounts) if is_handle(handle)]
    if names:
        handles = [handle for handle in handles if handle.casefold() not in _OF_NOBODY]
    if not handles and not names:
        return None
    others = chain(
        handles[1:],
        _local_parts(attributes),
        (address for person in people for address in person.addresses),
        _likely_surnames(attributes),
        _parts_of_name(attributes) if names else (),
        _other_spellings(common, numbered),
    )
    distinct = dict.fromkeys(other for other in others if other not in handles[:1])
    return Subject(handles[0] if handles else None, names, tuple(distinct))


@attrs.frozen
class _Common:
    """A common name and the person that it names."""

    attribute: Attribute
    person: PersonName

    @property
    def is_written_otherwise(self) -> bool:
        """Whether none of the full names shows in what is written."""
        written = self.attribute.raw.casefold()
        return bool(self.person.names) and not any(name.casefold() in written for name in self.person.names)


def _user_ids(attributes: Sequence[Attribute]) -> Iterator[str]:
    """Yield the handles, or what is in their place, of ``UID=annak`` and ``CN=UID:annak``; empty for other names."""
    for attribute in attributes:
        if attribute.type in {"uid", "cn"}:
            yield attribute.value if attribute.type == "uid" else _user_id(attribute.value)


def _user_id(common: str) -> str:
    """Return the handle of a common name ``UID:annak``; nothing for another one."""
    return common[4:].strip() if common[:4].casefold() == "uid:" else ""


def _beside_names(people: Sequence[PersonName]) -> Iterator[str]:
    return (handle for person in people for handle in person.handles)


def _likely_surnames(attributes: Sequence[Attribute]) -> Iterator[str]:
    return (part.value for part in attributes if part.type == "sn" and is_likely_surname(part.value))


def _other_spellings(common: Sequence[_Common], numbered: Mapping[str, str]) -> Iterator[str]:
    """Yield what common names and numbered accounts look like where they are not written as the name or the handle."""
    yield from (name.attribute.raw.strip('"') for name in common if name.is_written_otherwise)
    yield from (spelling for account in numbered.items() for spelling in _with_number(*account))
    for name in common:
        if name.person.names and _ENDS_IN_NUMBER.search(name.attribute.value):
            yield name.attribute.value


def _numbered_accounts(attributes: Sequence[Attribute]) -> Iterator[tuple[str, str]]:
    """Yield the account, and the person's number, of ``…/OU=Users/CN=annak/CN=123456/CN=Anna Example``."""
    for unit, account, number in zip(attributes, attributes[1:], attributes[2:], strict=False):
        is_below_users = unit.type == "ou" and unit.value.casefold() == "users" and account.type == "cn"
        if is_below_users and number.value.isdecimal() and is_handle(account.value):
            yield account.value, number.value


def _with_number(account: str, number: str) -> Iterator[str]:
    """Yield account and number as subjects have them: a number alone is too common to be a spelling."""
    if account.casefold() not in _OF_NOBODY:
        yield from (f"{account}/CN={number}", f"{account}_CN_{number}")
        yield from (f"{number},CN={account}", f"{number}, CN={account}")


def _accounts(common: Sequence[_Common], *, is_of_people: bool) -> Iterator[str]:
    """Yield common names that are a handle: after a full name, made of the next one, or below a folder of people."""
    is_named = False
    for place, name in enumerate(common):
        value = name.attribute.value
        is_account = _ACCOUNT.fullmatch(value) and value not in _PROXIES and "." not in value
        following = [one.split(" ") for after in common[place + 1 : place + 2] for one in after.person.names]
        if is_account and (is_of_people or is_named or any(is_derived(value, words) for words in following)):
            yield value
        is_named |= bool(name.person.names)


def _given_and_surname(attributes: Sequence[Attribute]) -> PersonName:
    given = next((attribute.value for attribute in attributes if attribute.type == "gn"), "")
    surname = next((attribute.value for attribute in attributes if attribute.type == "sn"), "")
    return person_name(f"{given} {surname}", is_of_people=True) if given and surname else PersonName()


def _parts_of_name(attributes: Sequence[Attribute]) -> Iterator[str]:
    """Yield given name and surname with their types, ``SN=Example, GN=Anna``: alone either is too common a word."""
    parts = [attribute.written for attribute in attributes if attribute.type in {"gn", "sn"}]
    for first, second in permutations(parts[:_MOST_PARTS], 2):
        yield from (f"{first}{sign}{second}" for sign in _BETWEEN_PARTS)
    yield from parts


def _local_parts(attributes: Sequence[Attribute]) -> Iterator[str]:
    for attribute in attributes:
        local, sign, _ = attribute.value.partition("@")
        if attribute.type == "email" and sign and is_handle(local):
            yield local
