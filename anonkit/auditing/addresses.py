"""The forms in which an IP address is written."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator
from functools import lru_cache

from anonkit.plugin.contracts import Boundary

__all__ = ["Address", "address_forms", "as_address", "lead_of", "read_address"]

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_LIKE_AN_ADDRESS = re.compile(r"(?s:[0-9A-Fa-f:.]*[.:][0-9A-Fa-f:.]*(?:%.*)?)")

# All characters that may belong to an address, from one inside it on.
_STRETCH = re.compile(rb"[0-9A-Fa-f:]+(?:\.[0-9]{1,3}){0,3}")


def as_address(text: str) -> Address | None:
    """Return the address that the text is, or None."""
    # A short cut for most patterns, which are no addresses.
    if not _LIKE_AN_ADDRESS.fullmatch(text):
        return None
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None


def address_forms(address: Address) -> Iterator[tuple[str, Boundary, str]]:
    """Yield every form besides the usual one, with its boundary and the name of its variant."""
    if isinstance(address, ipaddress.IPv4Address):
        yield from _of_v4(address)
    else:
        yield from _of_v6(address)


def _of_v4(address: ipaddress.IPv4Address) -> Iterator[tuple[str, Boundary, str]]:
    number = int(address)
    octets = str(address).split(".")
    digits = f"{number:08x}"
    # As accounting records pad them.
    yield ".".join(octet.zfill(3) for octet in octets), Boundary.NUMBER, "SPELLED"
    # No host has an address in `0.0.0.0/8`; as numbers these are small, and many small numbers are no addresses.
    if octets[0] != "0":
        yield str(number), Boundary.NUMBER, "NUMBER"
        yield digits, Boundary.WORD, "HEX_NUMBER"
        yield f"0x{digits}", Boundary.WORD, "HEX_NUMBER"
    for high, low in {(digits[:4], digits[4:]), (digits[:4].lstrip("0") or "0", digits[4:].lstrip("0") or "0")}:
        yield f"ffff:{high}:{low}", Boundary.WORD, "MAPPED"
    yield "-".join(octets), Boundary.NUMBER, "DASHED"
    yield f"{'.'.join(reversed(octets))}.in-addr.arpa", Boundary.NUMBER, "REVERSE_DNS"


def _of_v6(address: ipaddress.IPv6Address) -> Iterator[tuple[str, Boundary, str]]:
    groups = address.exploded.split(":")
    short = [group.lstrip("0") or "0" for group in groups]
    yield address.exploded, Boundary.NUMBER, "SPELLED"
    yield ":".join(short), Boundary.NUMBER, "SPELLED"
    for spelled in dict.fromkeys((str(address), address.exploded, ":".join(short))):
        yield spelled.replace(":", "-"), Boundary.NUMBER, "DASHED"
    yield address.reverse_pointer, Boundary.NUMBER, "REVERSE_DNS"
    # The search reads on from here; where no group leads, the forms above are all.
    if lead := lead_of(address):
        yield lead, Boundary.ANYWHERE, "SPELLED"


def lead_of(address: ipaddress.IPv6Address) -> str:
    """Return the text that begins every spelling of an address, after zeros; empty when its first group is zero."""
    group = address.exploded[:4].lstrip("0")
    return f"{group}:" if group else ""


def read_address(data: bytes, start: int) -> tuple[Address, int, int] | None:
    """Return the IPv6 address that a lead at `start` begins, with its start and stop; None where none can be read."""
    while start and data[start - 1 : start] == b"0":
        start -= 1
    if start and data[start - 1 : start] in _INSIDE:
        return None
    found = _STRETCH.match(data, start, start + 64)
    if found is None:
        return None
    for stop in range(found.end(), start + 2, -1):
        address = _parsed(data[start:stop])
        if address is not None:
            return address, start, stop
    return None


_INSIDE = frozenset(bytes([sign]) for sign in b"0123456789abcdefABCDEF:")


@lru_cache(maxsize=1 << 16)
def _parsed(text: bytes) -> ipaddress.IPv6Address | None:
    try:
        return ipaddress.IPv6Address(text.decode())
    except ValueError:
        return None
