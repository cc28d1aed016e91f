"""Unicode's normal forms of hostile text.

Putting a run of accents in order takes time by the square of their number, so there is a bound on it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Literal

__all__ = ["MOST_MARKS", "is_mark", "normalized"]

MOST_MARKS = 32
"""Of a run of combining marks so many are normalized; the rest is cut off. Languages need a few (Unicode Annex 15)."""

_LONG_RUN = re.compile(rf"[^\x00-\x7f]{{{MOST_MARKS + 1},}}")


def normalized(form: Literal["NFC", "NFD", "NFKC", "NFKD"], text: str) -> str:
    """Return a text in a normal form, without the combining marks past `MOST_MARKS` in a run."""
    if text.isascii():
        return text
    return unicodedata.normalize(form, _LONG_RUN.sub(lambda run: _with_first_marks(run[0]), text))


# A name of other letters is normalized for each of its spellings and beginnings.
@lru_cache(maxsize=1 << 12)
def is_mark(char: str) -> bool:
    """Return whether a character is a combining mark, or is made of such."""
    if not unicodedata.combining(char) and unicodedata.decomposition(char):
        char = unicodedata.normalize("NFKD", char)[0]
    return unicodedata.combining(char) != 0


def _with_first_marks(run: str) -> str:
    return "".join(_first_marks(run)) if any(map(is_mark, set(run))) else run


def _first_marks(run: str) -> Iterator[str]:
    marks = 0
    for char in run:
        marks = marks + 1 if is_mark(char) else 0
        if marks <= MOST_MARKS:
            yield char
