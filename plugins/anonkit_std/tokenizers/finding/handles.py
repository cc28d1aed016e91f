"""Finding handles in text by where they stand: Kerberos principals, certificates' user ids, home folders, groups.

The first two name an account for certain. A folder in the place of a home folder is only likely to be one.

Places are found in arrays: home folders by their bytes alone, principals once for each distinct text around an `@`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import attrs
import numpy as np
import pyarrow as pa

from anonkit.arrow.offsets import Bytes, Flags
from anonkit_std.columns.string_buffers import Ints
from anonkit_std.tokenizers.finding.scan import Scan

__all__ = ["Found", "group_member", "in_home_folders", "in_principals", "in_user_ids", "primary"]


@attrs.frozen(eq=False)
class Found:
    """Handles found in texts, with repeats: `handles[i]` is in the text at `rows[i]`."""

    rows: Ints
    handles: pa.Array
    """string, no nulls."""

    @classmethod
    def from_pairs(cls, pairs: Iterable[tuple[int, str]]) -> Found:
        """Return rows and handles that come in pairs."""
        rows, handles = zip(*pairs, strict=True) if (pairs := list(pairs)) else ((), ())
        return cls(np.array(rows, np.int64), pa.array(handles, pa.string()))


# What stands behind the `@` of a principal, its realm, and before it; before and behind the mark of a user id; behind a
# folder of home folders.
_REALM = re.compile(rb"[A-Z][A-Z0-9-]*(?:\.[A-Z][A-Z0-9-]*)+(?![A-Za-z0-9_-])")
_PRINCIPAL = re.compile(r"(?<![\w.+$%&@/\\-])(?<!\w['’])([^\W\d_][\w.+-]*)(?:/[\w.-]+){0,2}\Z")
_INTRODUCED = {b":": re.compile(rb"=\s*\Z"), b"=": re.compile(rb"(?:/|[,+]\s*)\Z")}
_USER_ID = re.compile(
    rb"""([^\x00-\x20/,"'`\\;&<>=:@%|{}\[\]]{2,64})(?=[/\x00-\x20,"`;&<>|{}\[\]]|'(?![A-Za-z0-9])|\Z)"""
)
# Without the slash at their end, which may begin the next, none overlaps another; whether the initial must be there.
_FOLDERS = {b"/home": False, b"/nashome": False, b"/users": False, b"/user": True}
_SHORTEST, _LONGEST = 3, 32


def _flags(members: bytes) -> Flags:
    return np.isin(np.arange(256), np.frombuffer(members, np.uint8))


_LETTERS, _DIGITS = b"abcdefghijklmnopqrstuvwxyz", b"0123456789"
_IN_HANDLE, _FIRST_IN_HANDLE = _flags(_LETTERS + _DIGITS + b"_-"), _flags(_LETTERS)
_AFTER_HANDLE = _flags(bytes(range(0x21)) + b"/\"'`,;:)]}>|&?#")
_IN_REALM = _flags(_LETTERS + _LETTERS.upper() + _DIGITS + b"_.-")
# What is before one of the others decides nothing about a principal.
_AROUND_PRIMARY = _flags(_LETTERS + _LETTERS.upper() + _DIGITS + b"_.+-/$%&@\\'" + bytes(range(128, 256)))

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


def in_principals(scan: Scan) -> Found:
    """Return the accounts of the Kerberos principals in the text."""
    signs = scan.places(b"@", before_capital=True)
    around = scan.slices(scan.run_before(signs, _AROUND_PRIMARY), scan.run_after(signs + 1, _IN_REALM))
    distinct = around.dictionary_encode()
    accounts = pa.array([_account(principal) for principal in distinct.dictionary.to_pylist()], pa.string())
    handles = accounts.take(distinct.indices)
    return Found(scan.rows(signs)[handles.is_valid().to_numpy(zero_copy_only=False)], handles.drop_null())


def _account(principal: bytes) -> str | None:
    before, _, realm = principal.rpartition(b"@")
    found = _PRINCIPAL.search(before.decode("utf-8", "ignore")) if _REALM.match(realm) else None
    return found and primary(found[1])


def in_user_ids(scan: Scan) -> Found:
    """Return the handles in ``CN=UID:annak`` and ``/UID=annak``."""
    return Found.from_pairs(_user_ids(scan))


def _user_ids(scan: Scan) -> Iterator[tuple[int, str]]:
    for row, before, behind in scan.around(b"UID"):
        introduced = _INTRODUCED.get(behind[:1])
        if introduced and introduced.search(before):
            found = _USER_ID.match(behind, 1)
            handle = found[1].decode("utf-8", "ignore") if found else ""
            if any(map(str.isalpha, handle)):
                yield row, handle


def in_home_folders(scan: Scan) -> Found:
    """Return the names right after a folder of home folders: ``/nashome/a/annak``, ``/pnfs/x/users/annak``."""
    which, stops = scan.find(tuple(_FOLDERS))
    # A slash, an initial and its slash, the longest handle, and the byte after it.
    windows = scan.windows(stops, 3 + _LONGEST + 1)
    initial = _FIRST_IN_HANDLE[windows[:, 1]] & (windows[:, 2] == ord("/")) & (windows[:, 3] == windows[:, 1])
    begins = np.where(initial, 3, 1)
    ends = _run_ends(windows, begins)
    places, sizes = np.arange(len(stops)), ends - begins
    right = (windows[:, 0] == ord("/")) & (initial | ~np.array([*_FOLDERS.values()], np.bool_)[which])
    right &= _FIRST_IN_HANDLE[windows[places, begins]] & _AFTER_HANDLE[windows[places, ends]]
    right &= (sizes >= _SHORTEST) & (sizes <= _LONGEST)
    handles = scan.slices((stops + begins)[right], (stops + ends)[right])
    return Found(scan.rows(stops[right]), handles.cast(pa.string()))


def _run_ends(windows: Bytes, begins: Ints) -> Ints:
    """Return where in each window the characters of a handle that begins at `begins` end, at most at the last byte."""
    out = ~_IN_HANDLE[windows]
    out &= np.arange(windows.shape[1]) >= begins[:, np.newaxis]
    out[:, -1] = True
    ends: Ints = out.argmax(axis=1)
    return ends
