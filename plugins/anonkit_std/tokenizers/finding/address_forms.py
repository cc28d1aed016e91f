"""The forms of an IP address besides the usual one: as host names, binary protocols and name servers have it."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator

from anonkit.api import Alias, Boundary

__all__ = ["forms"]

# An address of `0.0.0.0/8`, which no host has, would be a small number or an empty one in hexadecimal.
_LEAST_NUMBER = 1 << 24
# Fewer groups make a year and two dashes of an address.
_LEAST_GROUPS = 3


def forms(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> Iterator[Alias]:
    """Yield every form but the one that `str` gives, each with where it may sit."""
    yield from _v4_forms(address) if isinstance(address, ipaddress.IPv4Address) else _v6_forms(address)
    yield Alias(address.reverse_pointer, Boundary.NUMBER)


def _v4_forms(address: ipaddress.IPv4Address) -> Iterator[Alias]:
    number = int(address)
    yield Alias(str(address).replace(".", "-"), Boundary.NUMBER)
    if number >= _LEAST_NUMBER:
        yield Alias(str(number), Boundary.NUMBER)
        yield Alias(f"{number:08x}", Boundary.WORD)
        yield Alias(f"0x{number:08x}", Boundary.WORD)
    # Mapped into IPv6; with the dotted form after `::ffff:` there is nothing to add to that.
    high, low = divmod(number, 1 << 16)
    yield Alias(f"::ffff:{high:x}:{low:x}", Boundary.WORD)
    # By hand: from Python 3.13 on, `exploded` has the dotted form in it.
    yield Alias(f"0000:0000:0000:0000:0000:ffff:{high:04x}:{low:04x}", Boundary.WORD)


def _v6_forms(address: ipaddress.IPv6Address) -> Iterator[Alias]:
    yield Alias(address.exploded, Boundary.NUMBER)
    yield Alias(address.exploded.replace(":", "-"), Boundary.NUMBER)
    if len([group for group in str(address).split(":") if group]) >= _LEAST_GROUPS:
        yield Alias(str(address).replace(":", "-"), Boundary.NUMBER)
