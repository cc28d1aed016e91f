r"""Escapes in strings of new ClassAds: ``\n``, ``\"``, ``\303\251``.

XML, expressions in JSON, and `-long:new` have them. The long form is in old ClassAds: there only a quotation mark has a
backslash before it.
"""

from __future__ import annotations

import re

__all__ = ["STRING", "in_old_form", "unescaped"]

STRING = r'"(?:[^"\\]|\\.)*"'
"""A string of new ClassAds."""

_ESCAPE = re.compile(rb"\\([0-3][0-7]{2}|[0-7]{1,2}|.)", re.DOTALL)
_LETTERS = {b"a": b"\a", b"b": b"\b", b"f": b"\f", b"n": b"\n", b"r": b"\r", b"t": b"\t", b"v": b"\v"}
_STRING = re.compile(STRING, re.DOTALL)


def unescaped(text: str) -> str:
    """Return the characters of a string, given without its quotes. Bytes that are not UTF-8 become U+FFFD."""
    if "\\" not in text:
        return text
    return _ESCAPE.sub(_bytes, text.encode("utf-8", "replace")).decode("utf-8", "replace")


def _bytes(escape: re.Match[bytes]) -> bytes:
    found = escape[1]
    return bytes([int(found, 8)]) if found.isdigit() and found < b"8" else _LETTERS.get(found, found)


def in_old_form(expression: str) -> str:
    """Return an expression with its strings as the long form has them."""
    return _STRING.sub(_old, expression) if "\\" in expression else expression


def _old(string: re.Match[str]) -> str:
    return '"' + unescaped(string[0][1:-1]).replace('"', '\\"') + '"'
