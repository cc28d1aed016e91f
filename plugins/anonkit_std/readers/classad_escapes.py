r"""Escapes in strings of new ClassAds: ``\n``, ``\"``, ``\303\251``.

Ads in XML, expressions in JSON and the output of `-long:new` have them. The long form is that of old ClassAds, in which
only a quotation mark is escaped.
"""

from __future__ import annotations

import re

__all__ = ["STRING", "in_old_form", "unescaped"]

STRING = r'"(?:[^"\\]|\\.)*"'
"""A string of new ClassAds, as a regular expression for DOTALL."""

# A backslash and an octal byte, a letter, or any other character, which stands for itself.
_ESCAPE = re.compile(rb"\\([0-3][0-7]{2}|[0-7]{1,2}|.)", re.DOTALL)
_LETTERS = {b"a": b"\a", b"b": b"\b", b"f": b"\f", b"n": b"\n", b"r": b"\r", b"t": b"\t", b"v": b"\v"}
_STRING = re.compile(STRING, re.DOTALL)


def unescaped(text: str) -> str:
    """Return a string without its escapes, given without its quotes; bytes that are not UTF-8 become U+FFFD."""
    if "\\" not in text:
        return text
    return _ESCAPE.sub(_unescaped_byte, text.encode("utf-8", "replace")).decode("utf-8", "replace")


def _unescaped_byte(escape: re.Match[bytes]) -> bytes:
    found = escape[1]
    return bytes([int(found, 8)]) if found.isdigit() and found < b"8" else _LETTERS.get(found, found)


def in_old_form(expression: str) -> str:
    """Return an expression of new ClassAds with the escapes of its strings changed to those of the long form."""
    return _STRING.sub(_string_in_old_form, expression) if "\\" in expression else expression


def _string_in_old_form(string: re.Match[str]) -> str:
    return '"' + unescaped(string[0][1:-1]).replace('"', '\\"') + '"'
