"""The encoded forms of a name: hex, base64, and reversed. A reader who decodes them finds the name.

Each is one pattern that the search finds anywhere. Forms that are so short that they occur by chance are left out.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator

from anonkit.plugin.contracts import FORMS, Form

__all__ = ["BASE64", "Margins", "encoded_forms"]

Margins = tuple[int, int]
"""The number of characters before and after a pattern that depend on the name, but not on the name alone."""

BASE64 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_"
"""Both alphabets."""

_SHORTEST_HEX, _SHORTEST_BASE64, _SHORTEST_REVERSED = (
    FORMS[form].shortest for form in (Form.HEX, Form.BASE64, Form.REVERSED)
)
_URL_ALPHABET = bytes.maketrans(b"+/", b"-_")


def encoded_forms(forms: Iterable[str]) -> Iterator[tuple[bytes, Margins]]:
    """Yield the patterns, in lower case, of a name in some letter cases, and the margins of each; no repeats."""
    seen: set[bytes] = set()
    for form in dict.fromkeys(forms):
        for pattern, margins in _patterns_of(form):
            if pattern not in seen:
                seen.add(pattern)
                yield pattern, margins


def _patterns_of(form: str) -> Iterator[tuple[bytes, Margins]]:
    """Yield the patterns of a name in one letter case, with the margins of each; they may repeat."""
    # A lone surrogate has no bytes to be encoded.
    data = form.encode("utf-8", "ignore")
    if len(data) >= _SHORTEST_HEX:
        yield data.hex().encode(), (0, 0)
    # A number backwards is another.
    if len(form) >= _SHORTEST_REVERSED and any(map(str.isalpha, form)) and form.casefold() != form.casefold()[::-1]:
        yield form[::-1].encode("utf-8", "ignore").lower(), (0, 0)
    for before in range(3):
        encoded, margins = _base64(data, before)
        if len(encoded) >= _SHORTEST_BASE64:
            yield encoded.lower(), margins
            if (in_url := encoded.translate(_URL_ALPHABET)) != encoded:
                yield in_url.lower(), margins


def _base64(data: bytes, before: int) -> tuple[bytes, Margins]:
    """Return the characters that depend on `data` alone when `before` bytes of its first group belong to other text."""
    encoded = base64.b64encode(bytes(before) + data).rstrip(b"=")
    first, last = -(-8 * before // 6), 8 * (before + len(data)) // 6
    return encoded[first:last], (int(before > 0), len(encoded) - last)
