"""Whether a name can be read in a text, by the plainest means: every layer is undone by itself, again and again.

It shares nothing with the program that is tested, and is as slow as it looks.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Callable

__all__ = ["readable"]

_LAYERS = 6
_MOST = 400
_INVISIBLE = re.compile("[\u200b-\u200d\u2060\ufeff\u00ad\u034f\u180e]")


def _points(pattern: str, base: int) -> Callable[[str], str]:
    compiled = re.compile(pattern)

    def undone(text: str) -> str:
        return compiled.sub(lambda found: _sign(int(found[1], base), found[0]), text)

    return undone


def _sign(code: int, written: str) -> str:
    return chr(code) if code < 0x110000 else written


_UNDONE: tuple[Callable[[str], str], ...] = (
    _points(r"%([0-9A-Fa-f]{2})", 16),
    html.unescape,
    _points(r"\\u([0-9A-Fa-f]{4})", 16),
    _points(r"\\U([0-9A-Fa-f]{8})", 16),
    _points(r"\\u\{0*([0-9A-Fa-f]{1,6})\}", 16),
    _points(r"\\x([0-9A-Fa-f]{2})", 16),
    _points(r"\\([0-7]{3})", 8),
    lambda text: text.replace("\\\\", "\\"),
    lambda text: text.replace("''", "'").replace('""', '"'),
)
_LAST: tuple[Callable[[str], str], ...] = (
    lambda text: text,
    lambda text: re.sub(r"[\\'\"\n]", "", text),
    lambda text: text[::-1],
    lambda text: "".join(bytes.fromhex(run).decode("latin-1") for run in re.findall(r"(?:[0-9a-f]{2}){5,}", text)),
)


def readable(text: str, name: str) -> bool:
    """Return whether somebody who undoes up to six layers of escapes reads the name, in whatever letter case."""
    seen, front = set[str](), {text}
    for _ in range(_LAYERS):
        if any(_shows(one, name) for one in front):
            return True
        seen |= front
        front = {undo(one) for one in front for undo in _UNDONE} - seen
        front = set(sorted(front)[:_MOST])
    return any(_shows(one, name) for one in front)


def _shows(text: str, name: str) -> bool:
    plain = unicodedata.normalize("NFKC", _INVISIBLE.sub("", text)).casefold()
    return any(name in last(plain) for last in _LAST)
