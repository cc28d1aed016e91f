"""Finding handles in text by where they stand: Kerberos principals, certificates' user ids, home folders, groups.

The first two name an account for certain. What stands in a home folder's place is only likely to be one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from anonkit_std.tokenizers.finding.scan import Scan

__all__ = ["Found", "group_member", "in_home_folders", "in_principals", "in_user_ids", "primary"]

Found = tuple[int, str]
"""The row of a text, and a handle that stands in it."""

# What stands behind the `@` of a principal, its realm, and before it; before and behind the mark of a user id; behind a
# folder of home folders.
_REALM = re.compile(rb"[A-Z][A-Z0-9-]*(?:\.[A-Z][A-Z0-9-]*)+(?![A-Za-z0-9_-])")
_PRINCIPAL = re.compile(r"(?<![\w.+$%&@/\\-])(?<!\w['’])([^\W\d_][\w.+-]*)(?:/[\w.-]+){0,2}\Z")
_INTRODUCED = {b":": re.compile(rb"=\s*\Z"), b"=": re.compile(rb"(?:/|[,+]\s*)\Z")}
_USER_ID = re.compile(
    rb"""([^\x00-\x20/,"'`\\;&<>=:@%|{}\[\]]{2,64})(?=[/\x00-\x20,"`;&<>|{}\[\]]|'(?![A-Za-z0-9])|\Z)"""
)
_FOLDER = re.compile(rb"(?:([a-z])/(?=\1))?([a-z][a-z0-9_-]{2,31})(?=[/\x00-\x20\"'`,;:)\]}>|&?#]|\Z)")
_INITIAL_FOLDER = re.compile(rb"([a-z])/(\1[a-z0-9_-]{2,31})(?=[/\x00-\x20\"'`,;:)\]}>|&?#]|\Z)")
# Without the slash at their end, which may begin the next, none stands across another.
_FOLDERS = {b"/home": _FOLDER, b"/nashome": _FOLDER, b"/users": _FOLDER, b"/user": _INITIAL_FOLDER}

# Services have principals as well: `host/node1.example.org@EXAMPLE.ORG`.
_SERVICES = frozenset(
    (
        "host", "http", "https", "ftp", "nfs", "cifs", "ldap", "imap", "smtp", "pop", "dns", "afs", "krbtgt",
        "kadmin", "condor", "mysql", "postgres",
    )
)  # fmt: skip


def primary(principal: str) -> str | None:
    """Return whose a principal is: what stands before its instance and realm; None for a service's and an odd one."""
    account = re.split("[/@]", principal.strip(), maxsplit=1)[0]
    return account if account and account.casefold() not in _SERVICES else None


def group_member(group: str) -> str | None:
    """Return who uses an accounting group: the last part of ``group_nova.prod.annak@example.org``; None for nobody."""
    found = re.match(r"\s*[\w-]+(?:\.[\w-]+)*\.([A-Za-z][\w-]{2,31})(?:@[\w.-]+)?\s*\Z", group, re.ASCII)
    return found[1] if found else None


def in_principals(scan: Scan) -> Iterator[Found]:
    """Yield whose the Kerberos principals in the text are."""
    for row, before, behind in scan.around(b"@", before_capital=True):
        if _REALM.match(behind):
            found = _PRINCIPAL.search(before.decode("utf-8", "ignore"))
            account = found and primary(found[1])
            if account:
                yield row, account


def in_user_ids(scan: Scan) -> Iterator[Found]:
    """Yield the handles in ``CN=UID:annak`` and ``/UID=annak``."""
    for row, before, behind in scan.around(b"UID"):
        introduced = _INTRODUCED.get(behind[:1])
        if introduced and introduced.search(before):
            found = _USER_ID.match(behind, 1)
            handle = found[1].decode("utf-8", "ignore") if found else ""
            if any(map(str.isalpha, handle)):
                yield row, handle


def in_home_folders(scan: Scan) -> Iterator[Found]:
    """Yield what stands right behind a folder of home folders: ``/nashome/a/annak``, ``/pnfs/x/users/annak``."""
    for mark, (row, _, behind) in scan.around_any(tuple(_FOLDERS)):
        found = _FOLDERS[mark].match(behind, 1) if behind.startswith(b"/") else None
        if found:
            yield row, found[2].decode()
