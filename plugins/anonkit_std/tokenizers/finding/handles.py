"""Finding handles in text by where they are: Kerberos principals, certificates' user ids, accounting groups.

Places are found in arrays, principals are read once for each distinct text around an `@`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import attrs
import numpy as np
import pyarrow as pa

from anonkit.arrow.offsets import Flags, Positions
from anonkit_std.tokenizers.finding.scan import Scan

__all__ = ["MARKS", "Found", "group_members", "in_principals", "in_user_ids", "local_parts", "primary"]


@attrs.frozen(eq=False)
class Found:
    """Handles found in texts, with repeats: `handles[i]` is in the text at `rows[i]`."""

    rows: Positions
    handles: pa.Array
    """string, no nulls."""

    @classmethod
    def from_pairs(cls, pairs: Iterable[tuple[int, str]]) -> Found:
        """Return rows and handles that come in pairs."""
        rows, handles = zip(*pairs, strict=True) if (pairs := list(pairs)) else ((), ())
        return cls(np.array(rows, np.int64), pa.array(handles, pa.string()))


# At signs whose surroundings are in memory at a time: these may be hundreds of bytes for each, all of them the same.
_AT_A_TIME = 1 << 14
_CAPITALS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_USER_ID_MARK = b"UID"
MARKS = (_USER_ID_MARK, *(b"@%c" % letter for letter in _CAPITALS))
"""Every text with a principal or a user ID holds one of these."""
# The text after the `@` of a principal (its realm) and before it; the text before and after the mark of a user ID.
_REALM = re.compile(rb"[A-Z][A-Z0-9-]*(?:\.[A-Z][A-Z0-9-]*)+(?![A-Za-z0-9_-])")
_PRINCIPAL = re.compile(r"(?<![\w.+$%&@/\\-])(?<!\w['’])([^\W\d_][\w.+-]*)(?:/[\w.-]+){0,2}\Z")
_INTRODUCED = {b":": re.compile(rb"=\s*\Z"), b"=": re.compile(rb"(?:/|[,+]\s*)\Z")}
_USER_ID = re.compile(
    rb"""([^\x00-\x20/,"'`\\;&<>=:@%|{}\[\]]{2,64})(?=[/\x00-\x20,"`;&<>|{}\[\]]|'(?![A-Za-z0-9])|\Z)"""
)


def _flags(members: bytes) -> Flags:
    return np.isin(np.arange(256), np.frombuffer(members, np.uint8))


_LETTERS, _DIGITS = b"abcdefghijklmnopqrstuvwxyz", b"0123456789"
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


# Slots of machines are written like principals: `slot1_2@NODE1.EXAMPLE.ORG`.
_SLOT = re.compile(r"(?:slot|vm|glidein)[0-9_]+(?:_\w+)*", re.IGNORECASE)
_GROUP = re.compile(r"([\w-]{1,128}(?:\.[\w-]{1,128}){0,12})\.([A-Za-z][\w-]{2,31})(?:@[\w.-]+)?", re.ASCII)
_USER_ALONE = re.compile(r"(?!group_)[A-Za-z][\w-]{2,31}", re.ASCII)
_GIVEN = re.compile(r"[a-z]{2,20}")
_SUBGROUPS = frozenset(
    (
        "analysis", "background", "calibration", "cron", "default", "dev", "express", "high", "highprio", "interactive",
        "keepup", "long", "low", "mc", "merge", "normal", "opportunistic", "pilot", "prio", "priority", "prod",
        "production", "reco", "short", "sim", "simulation", "test", "user", "users",
    )
)  # fmt: skip


def primary(principal: str) -> str | None:
    """Return the user of a principal: the text before its instance and realm; None for a service's and an odd one."""
    account, *rest = re.split("[/@]", principal.strip())
    is_nobody = account.casefold() in _SERVICES or _SLOT.fullmatch(account) or rest[-1:] == ["unmapped"]
    return account if account and not is_nobody else None


def group_members(group: str) -> tuple[str, ...]:
    """Return who may use an accounting group: the last part of ``group_nova.prod.annak@example.org``, or a user alone.

    A handle may have a dot of its own: of ``group_nova.anna.example`` the last two parts are returned as well, first.
    """
    found = _GROUP.fullmatch(group.strip())
    if not found:
        alone = group.strip().partition("@")[0]
        return (alone,) if _USER_ALONE.fullmatch(alone) else ()
    above, member = found[1].rpartition(".")[2], found[2]
    is_dotted = "." in found[1] and above not in _SUBGROUPS and _GIVEN.fullmatch(above) and member.islower()
    return (f"{above}.{member}", member) if is_dotted else (member,)


_ADDRESS = re.compile(r"(?<![\w.+-])([\w+][\w.+-]{0,63})@(?=[\w-])")


# Without a domain mail goes to an account of the access point. These say when it is sent, or that it is not.
_ACCOUNT_ALONE = re.compile(r"(?!(?:always|complete|error|false|never|no|none|true|yes)\Z)[a-z][a-z0-9_.-]{2,31}")


def local_parts(addresses: str) -> Iterator[str]:
    """Yield what is before the at signs of mail addresses, as far as it may be a person's handle; an account alone."""
    if _ACCOUNT_ALONE.fullmatch(addresses.strip()):
        yield addresses.strip()
    for found in _ADDRESS.finditer(addresses):
        if any(map(str.isalpha, found[1])):
            yield found[1]


def in_principals(scan: Scan) -> Found:
    """Return the accounts of the Kerberos principals in the text."""
    signs = scan.places(b"@", before_capital=True)
    found = [_accounts(scan, signs[at : at + _AT_A_TIME]) for at in range(0, signs.size, _AT_A_TIME)]
    rows = np.concatenate([signs[:0], *(part.rows for part in found)])
    return Found(rows, pa.concat_arrays([pa.array([], pa.string()), *(part.handles for part in found)]))


def _accounts(scan: Scan, signs: Positions) -> Found:
    """Return the accounts of the principals with these at signs."""
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
    for row, before, after in scan.around(_USER_ID_MARK):
        introduced = _INTRODUCED.get(after[:1])
        if introduced and introduced.search(before):
            found = _USER_ID.match(after, 1)
            handle = found[1].decode("utf-8", "ignore") if found else ""
            if any(map(str.isalpha, handle)):
                yield row, handle
