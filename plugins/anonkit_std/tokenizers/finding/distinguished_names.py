r"""Distinguished names as programs print them, read into types and values.

Three forms are in use: OpenSSL's ``/DC=org/CN=Anna Example``, RFC 4514's, back to front, with commas, and that of newer
OpenSSL, front to back, with commas. Values may hold escapes (``\,``, ``\C3\A9``, ``\xC3\xA9``, ``\U00E9``), quotes, a
comma or a slash of their own, or be BER in hexadecimal digits; a part may hold several values (``CN=Anna+UID=annak``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import attrs

__all__ = ["TYPE", "Attribute", "parse", "unescaped"]

TYPE = r"(?:[A-Za-z][A-Za-z0-9-]*|(?:OID\.|oid\.)?[0-9]{1,9}(?:\.[0-9]{1,9}){2,12})"
"""A type of attribute: a short name, a long name, or an object identifier."""

_NAMES = {
    "commonname": "cn", "2.5.4.3": "cn", "userid": "uid", "0.9.2342.19200300.100.1.1": "uid", "surname": "sn",
    "2.5.4.4": "sn", "g": "gn", "givenname": "gn", "2.5.4.42": "gn", "emailaddress": "email", "e": "email",
    "mail": "email", "1.2.840.113549.1.9.1": "email", "organizationalunitname": "ou", "organizationname": "o",
}  # fmt: skip
_LOWEST = frozenset(("cn", "uid", "email", "sn", "gn", "serialnumber"))
_SLASHED = re.compile(rf"(?<!\\)/(?={TYPE}\s?=)")
_SEPARATED = re.compile(rf'\\.|"(?:[^"\\]|\\.)*"|([,;])\s*(?={TYPE}\s*=)', re.DOTALL)
_JOINED = re.compile(rf'\\.|"(?:[^"\\]|\\.)*"|(\+)\s*(?={TYPE}\s*=)', re.DOTALL)
_ESCAPES = re.compile(r"(?:\\{1,4}[xX]?[0-9A-Fa-f]{2})+|\\U[0-9A-Fa-f]{4}|\\W[0-9A-Fa-f]{8}|\\(.)", re.DOTALL)
_PAIR = re.compile(r"[0-9A-Fa-f]{2}")
_BER = re.compile(r"#((?:[0-9A-Fa-f]{2}){3,})\Z")
_ENCODINGS = {0x1E: "utf-16-be", 0x1C: "utf-32-be", 0x14: "latin-1"}


@attrs.frozen
class Attribute:
    """One value of a distinguished name."""

    type: str
    """In lower case, a short name where there is one."""
    value: str
    raw: str
    """The value as it is written, with its escapes."""
    written: str
    """Type and value as they are written."""


def parse(text: str) -> list[Attribute]:
    """Return the attributes of a distinguished name, the most general first; nothing for another text."""
    stripped = _stripped(text)
    if stripped.startswith(("/", "\\/")):
        parts = _SLASHED.split(stripped.replace("\\/", "/") if stripped.startswith("\\") else stripped)[1:]
    else:
        parts = _cut(_SEPARATED, stripped)
    found = [[*_attributes(part)] for part in parts]
    if not stripped.startswith(("/", "\\")) and _is_back_to_front(found):
        found.reverse()
    return [attribute for part in found for attribute in part]


def unescaped(value: str) -> str:
    """Return a value without escapes, quotes and encodings."""
    value = _stripped(value)
    ber = _BER.match(value)
    if ber:
        return _ber(bytes.fromhex(ber[1]))
    if len(value) > 1 and value[0] == value[-1] == '"':
        value = value[1:-1]
    return _ESCAPES.sub(_character, value).replace("\0", "") if "\\" in value else value


def _stripped(text: str) -> str:
    """Return a text without blanks around it, but for one that is escaped at its end."""
    stripped = text.strip()
    backslashes = len(stripped) - len(stripped.rstrip("\\"))
    return f"{stripped} " if backslashes % 2 and text.rstrip() != text else stripped


def _cut(pattern: re.Pattern[str], text: str) -> list[str]:
    """Return what is between the places where the first group of a pattern matches."""
    parts, start = [], 0
    for found in pattern.finditer(text):
        if found[1]:
            parts.append(text[start : found.start()])
            start = found.end()
    return [*parts, text[start:]]


def _attributes(part: str) -> Iterator[Attribute]:
    for piece in _cut(_JOINED, part):
        type_, equals, value = piece.partition("=")
        if equals:
            name = type_.strip().casefold().removeprefix("oid.")
            yield Attribute(_NAMES.get(name, name), unescaped(value), value.strip(), piece.strip())


def _is_back_to_front(parts: list[list[Attribute]]) -> bool:
    """Return whether the first part is of a person, or the last of a country: RFC 4514's order."""
    named = [part[0].type for part in parts if part]
    return bool(named) and (named[0] in _LOWEST or named[-1] not in _LOWEST)


def _character(escape: re.Match[str]) -> str:
    text = escape[0]
    if escape[1]:
        return escape[1]
    if text[1] in "UW":
        code = int(text[2:], 16)
        return chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else ""
    data = bytes(int(pair, 16) for pair in _PAIR.findall(text))
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data.decode("latin-1")


def _ber(data: bytes) -> str:
    """Return the text of a string in BER with a length of one byte or two."""
    start = 3 if data[1] == 0x81 else 2
    return data[start:].decode(_ENCODINGS.get(data[0], "utf-8"), "replace")
