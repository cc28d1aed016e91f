"""Weak names: handles and experiments that are words of job records, numbers, or very short.

In most text, such a name is an ordinary word: ``PATH``, ``/data/``, ``1``. It is replaced only where text names a
person or a group (`anonkit_std.tokenizers.places`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache, lru_cache
from importlib.resources import files

__all__ = ["is_weak"]

_SHORTEST_STRONG = 3
# A number, a version, a date or the like.
_NUMBER = re.compile(r"[+-]?(?:0x[0-9a-f]+|[0-9][0-9.,:_-]*)", re.IGNORECASE)


def is_weak(name: str, strong: Iterable[str] = (), weak: Iterable[str] = ()) -> bool:
    """Return whether a name is weak: by the lists `strong` and `weak`, or else by the shipped words and its length.

    Letter case does not matter. A name that is not ASCII is not weak for its length: two characters may be a full name.
    """
    folded = name.casefold()
    if folded in _folded(tuple(strong)):
        return False
    if folded in _folded(tuple(weak)):
        return True
    is_short = len(name) < _SHORTEST_STRONG and name.isascii()
    return is_short or folded in _words() or _NUMBER.fullmatch(name) is not None


# `is_weak` is called for each spelling of each identity with the same two lists.
@lru_cache(maxsize=32)
def _folded(words: tuple[str, ...]) -> frozenset[str]:
    return frozenset(map(str.casefold, words))


@cache
def _words() -> frozenset[str]:
    """Return the shipped words, in lower case."""
    lines = files(__package__).joinpath("weak_words.txt").read_text("utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())
