"""Names in every disguise that the documents promise to see through, made here by the plainest means."""

from __future__ import annotations

import base64
import ipaddress
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

__all__ = ["Canary", "address_canaries", "base64_canaries", "name_canaries"]


class Canary(NamedTuple):
    """A text from which anybody could read whose it is."""

    variant: str
    text: str
    core: str
    """The part of the text that is due to the name alone."""


def name_canaries(name: str) -> Iterator[Canary]:
    """Yield the disguises of a name of at least eight ASCII letters."""
    return (Canary(variant, text, text) for variant, text in _spelled(name))


def _spelled(name: str) -> Iterator[tuple[str, str]]:
    yield from (("plain", name), ("upper", name.upper()), ("title", name.title()))
    wide = "".join(chr(ord(sign) + 0xFEE0) for sign in name)
    assert unicodedata.normalize("NFKC", wide) == name
    yield "wide", wide
    first, rest = f"{ord(name[0]):02x}", name[1:]
    yield "percent", "".join(f"%{ord(sign):02X}" for sign in name)
    yield "percent in part", f"%{first}{rest}"
    yield "percent twice", f"%25{first}{rest}"
    yield "entity, decimal", f"&#{ord(name[0])};{rest}"
    yield "entity, hexadecimal", "".join(f"&#x{ord(sign):x};" for sign in name)
    yield "escape of four digits", f"\\u00{first}{rest}"
    yield "escape of two digits", f"\\x{first}{rest}"
    yield "hex", name.encode().hex()
    yield "hex, upper", name.encode().hex().upper()
    yield "reversed", name[::-1]
    yield "double quotes within", f'{name[:3]}""{name[3:]}'
    yield "backslash within", f"{name[:3]}\\{name[3:]}"


def base64_canaries(name: str) -> Iterator[Canary]:
    """Yield a name in base64, behind none, one and two other bytes, which move its bits."""
    for before in range(3):
        data = f"{'~' * before}{name}?>".encode()
        first, last = -(-8 * before // 6), 8 * (before + len(name)) // 6
        for variant, encode in (("base64", base64.b64encode), ("base64 for URLs", base64.urlsafe_b64encode)):
            text = encode(data).decode()
            yield Canary(f"{variant}, behind {before}", text, text[first:last])


def address_canaries(address: str) -> Iterator[Canary]:
    """Yield the disguises of an IPv4 address."""
    return (Canary(variant, text, text) for variant, text in _addressed(ipaddress.IPv4Address(address)))


def _addressed(address: ipaddress.IPv4Address) -> Iterator[tuple[str, str]]:
    high, low = divmod(int(address), 1 << 16)
    dotted = str(address)
    yield from (("plain", dotted), ("dashed", dotted.replace(".", "-")), ("integer", str(int(address))))
    yield "hex", f"{int(address):08x}"
    yield "hex with 0x", f"0x{int(address):08X}"
    yield "mapped", f"::ffff:{dotted}"
    yield "mapped, in groups", f"::ffff:{high:x}:{low:x}"
    yield "reverse DNS", address.reverse_pointer
    yield "percent", dotted.replace(".", "%2E")
    yield "sinful", f"<{dotted}:9618?addrs={dotted.replace('.', '-')}-9618>"
