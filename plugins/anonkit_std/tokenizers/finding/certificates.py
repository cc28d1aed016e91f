"""Certificate subjects: who a distinguished name names, by handle and by full name.

Two spellings are in use: ``/DC=org/OU=People/CN=Anna Example/CN=UID:annak`` and RFC 2253's, back to front, with commas.
Hosts and robots have certificates, too, and are nobody; a robot may act for somebody, whose name stands beside its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

import attrs

__all__ = ["Subject", "name_spellings", "subject"]

_SLASHED = re.compile(r"/(?=[A-Za-z][A-Za-z0-9.]*=)")
_BETWEEN_COMMAS = re.compile(r'(?:\\.|"[^"]*"|[^,\\"])+', re.DOTALL)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_IS_SUBJECT = re.compile(r"(?=.*\b(?:CN|UID)\s*=)\s*(?:/|[A-Za-z][A-Za-z0-9.]*\s*=)", re.DOTALL | re.IGNORECASE)
# What the subject of a proxy is followed by in a list of what it may do: `…/CN=UID:annak,/nova/Role=Production`.
_NEXT_ENTRY = re.compile(r",\s*/")

_HANDLE = re.compile(r"(?=.*[^\W\d_])[\w.$+'()-]{2,64}")
_NAME_PART = re.compile(r"[^\W\d_]+(?:['’.-]+[^\W\d_]+)*\.?")
# `Robot: …`, `host/…`
_SORT_OF_HOLDER = re.compile(r"[A-Za-z]+\s*[:/]")
# Words of the names of accounts that no person bears.
_OFFICES = frozenset(
    (
        "account", "accounts", "admin", "administrator", "analysis", "cert", "certificate", "computing", "cron",
        "data", "experiment", "grid", "group", "host", "job", "jobs", "limited", "manager", "monte", "carlo",
        "operations", "operator", "ops", "pilot", "pool", "pro", "production", "proxy", "robot", "robots", "role",
        "server", "service", "services", "shared", "simulation", "submit", "support", "system", "team", "test",
        "testing", "tokens", "user", "users", "virtual",
    )
)  # fmt: skip
_SEPARATORS = (" ", "_", "-", ".", "")


@attrs.frozen
class Subject:
    """Whom a certificate names."""

    handle: str | None
    names: tuple[str, ...]
    """Full names, parts between single blanks."""


def subject(text: str) -> Subject | None:
    """Return whom a distinguished name names; None when `text` is none, or names nobody."""
    if not _IS_SUBJECT.match(text):
        return None
    attributes = list(_attributes(text))
    commons = [value for key, value in attributes if key == "cn"]
    users = [value for key, value in attributes if key in {"uid", "userid"}]
    users += [value[4:].strip() for value in commons if value[:4].casefold() == "uid:"]
    handles = [*users, *_account(attributes)]
    handle = next((one for one in handles if _HANDLE.fullmatch(one)), None)
    names = tuple(dict.fromkeys(name for value in commons if value != handle for name in _name(value)))
    return Subject(handle, names) if handle or names else None


def name_spellings(name: str) -> Iterator[str]:
    """Yield the ways in which programs write a full name, itself first: other separators, the surname first."""
    parts = name.split(" ")
    # Most forget what stands between the first name and the surname.
    for given, surname in dict.fromkeys([(tuple(parts[:-1]), parts[-1]), (tuple(parts[:1]), parts[-1])]):
        for separator in _SEPARATORS:
            yield separator.join((*given, surname))
            yield separator.join((surname, *given))
        yield f"{surname}, {' '.join(given)}"


def _attributes(text: str) -> Iterator[tuple[str, str]]:
    """Yield type, in lower case, and value of each attribute, in the order of the subject's ``/`` form."""
    stripped = text.strip()
    if stripped.startswith("/"):
        parts: Iterable[str] = _SLASHED.split(_NEXT_ENTRY.split(stripped)[0])
    else:
        parts = reversed([_ESCAPED.sub(r"\1", part) for part in _BETWEEN_COMMAS.findall(stripped)])
    for part in parts:
        key, equals, value = part.partition("=")
        if equals:
            yield key.strip().casefold(), value.strip().strip('"')


def _account(attributes: Sequence[tuple[str, str]]) -> Iterator[str]:
    """Yield the account of ``…/OU=Users/CN=annak/CN=123456/CN=Anna Example``."""
    for (above, unit), (key, value), (_, number) in zip(attributes, attributes[1:], attributes[2:], strict=False):
        if (above, unit.casefold(), key) == ("ou", "users", "cn") and number.isdecimal():
            yield value


def _name(value: str) -> Iterator[str]:
    """Yield the person's name that a common name is, without the number that some issuers put behind it."""
    if _SORT_OF_HOLDER.match(value):
        return
    parts = value.split()
    while parts and any(map(str.isdigit, parts[-1])):
        parts.pop()
    if len(parts) < 2 or not all(map(_NAME_PART.fullmatch, parts)):
        return
    words = {part.casefold() for part in parts}
    if not words & _OFFICES and sum(len(part) for part in parts) >= 4:
        yield " ".join(parts)
