"""Forms in which a name is no longer text: hex, base64, and reversed. They give it away to whoever tries.

Each is one pattern for the search, which may stand anywhere. Only what is long enough to be no accident is looked for.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator

__all__ = ["BASE64", "Margins", "encoded_forms"]

Margins = tuple[int, int]
"""How many characters before and behind a pattern depend on the name, though not on the name alone."""

BASE64 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_"
"""Both alphabets."""

_LEAST_HEX_BYTES = 5
# The search ignores letter case, so a character of base64 stands for two of 64 at the most. Eight of them in a row by
# accident: once in 10^12 places, for each pattern. With 45 names (500 patterns) that is once in 2 GB of base64.
_LEAST_BASE64 = 8
_LEAST_REVERSED = 6

_URL_ALPHABET = bytes.maketrans(b"+/", b"-_")


def encoded_forms(forms: Iterable[str]) -> Iterator[tuple[bytes, Margins]]:
    """Yield the patterns, in lower case, of a name in some letter cases, and the margins of each; no repeats."""
    seen: set[bytes] = set()
    for form in dict.fromkeys(forms):
        for pattern, margins in _of(form):
            if pattern not in seen:
                seen.add(pattern)
                yield pattern, margins


def _of(form: str) -> Iterator[tuple[bytes, Margins]]:
    # A lone surrogate has no bytes to be encoded.
    data = form.encode("utf-8", "ignore")
    if len(data) >= _LEAST_HEX_BYTES:
        yield data.hex().encode(), (0, 0)
    if len(form) >= _LEAST_REVERSED and form.casefold() != form.casefold()[::-1]:
        yield form[::-1].encode("utf-8", "ignore").lower(), (0, 0)
    for before in range(3):
        encoded, margins = _base64(data, before)
        if len(encoded) >= _LEAST_BASE64:
            yield encoded.lower(), margins
            yield encoded.translate(_URL_ALPHABET).lower(), margins


def _base64(data: bytes, before: int) -> tuple[bytes, Margins]:
    """Return the characters that depend on `data` alone when `before` bytes of its first group are somebody else's."""
    encoded = base64.b64encode(bytes(before) + data).rstrip(b"=")
    first, last = -(-8 * before // 6), 8 * (before + len(data)) // 6
    return encoded[first:last], (int(before > 0), len(encoded) - last)
