"""File names made of data: safe on Linux, macOS and Windows, and never shared."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable

__all__ = ["distinct_stems", "safe_stem"]

MAX_BYTES = 180
"""Of a stem in UTF-8: a file name has 255, and prefix, suffix, compression and temporary names want their share."""

_FORBIDDEN = re.compile(r'[<>:"/\\|?*]')
_UNSEEN = frozenset(("Cc", "Cf", "Cn", "Cs", "Zl", "Zp"))
_DEVICES = re.compile(r"(?:con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])\s*(?:\.|$)", re.IGNORECASE)


def distinct_stems(names: Iterable[str]) -> dict[str, str]:
    """Return for each name the stem of its file; no two are one file, also where case and normalisation do not count.

    A name that had to be changed, or that would meet another's, gets ``~`` and a short hash. Of names that would meet,
    the first of `names` keeps its own.
    """
    stems: dict[str, str] = {}
    used: set[str] = set()
    for name in dict.fromkeys(names):
        stem = next(candidate for candidate in _candidates(name) if _folded(candidate) not in used)
        used.add(_folded(stem))
        stems[name] = stem
    return stems


def safe_stem(name: str) -> str:
    """Return `name` with all that a file system might stumble over replaced or cut off; a safe name stays as it is."""
    text = "".join("_" if unicodedata.category(character) in _UNSEEN else character for character in name)
    text = _FORBIDDEN.sub("_", text)
    text = _shortened(text)
    if text.startswith("."):
        text = f"_{text[1:]}"
    text = text.rstrip(". ")
    if _DEVICES.match(text):
        text = f"_{text[1:]}"
    return text or "_"


def _candidates(name: str) -> Iterable[str]:
    stem = safe_stem(name)
    if stem == name:
        yield stem
    digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()
    for length in range(8, len(digest) + 1):
        yield f"{stem}~{digest[:length]}"


def _shortened(text: str) -> str:
    return text.encode()[:MAX_BYTES].decode("utf-8", "ignore")


def _folded(stem: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", stem).casefold())
