"""The forms in which a name is looked for, declared once: the replacer and the audit each implement them.

A form is found by both or claimed by neither. `FORMS` says which there are, how long a name must be to have one, and
where it may sit; `Boundary` says where a name may sit, and `Place` where a weak one may.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Iterable

import attrs

__all__ = ["FORMS", "INVISIBLE", "LEAST_GLUED", "Boundary", "Form", "FormRule", "Place", "is_distinctive", "visible"]

LEAST_GLUED = 3
"""Characters of the shortest name for which a change inside a word is a boundary (`Boundary.PART`)."""

INVISIBLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180e\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c"
    "\u202d\u202e\u2060\u2061\u2062\u2063\u2064\u2066\u2067\u2068\u2069\u3164\ufe00\ufe0e\ufe0f\ufeff\uffa0"
)
"""Characters that do not show: zero-width ones, soft hyphens, marks of direction. Inside a name they do not hide it."""

_DELETED = dict.fromkeys(map(ord, INVISIBLE))


def visible(text: str) -> str:
    """Return a text without the characters that do not show."""
    return text if text.isascii() else text.translate(_DELETED)


class Boundary(enum.Enum):
    """Where a literal may sit in text for it to be replaced there. `_` is neither a letter nor a digit."""

    WORD = "word"
    """No letter or digit on either side."""
    PREFIX = "prefix"
    """No letter or digit before it."""
    ANYWHERE = "anywhere"
    """No condition."""
    END = "end"
    """No letter or digit after it: the word of a name that was cut short ends there."""
    NUMBER = "number"
    """No ASCII digit on either side: an address is in ``host192.0.2.1x``, but not in ``1192.0.2.10``."""
    PART = "part"
    """As `WORD`, but a word also begins and ends inside another: between a letter and a digit, and where letter case
    changes, as in ``runAnnSAM``, ``ANNdata`` and ``2ann``. One capital before small letters begins a word and ends
    none: ``ann`` is not in ``Hann``. For names of three characters (`LEAST_GLUED`) and more; a shorter one is a word.
    """
    PART_PREFIX = "part-prefix"
    """As `PART` before it, and no condition after it."""
    NAMED = "named"
    """A weak name: it is replaced only in a place that the tokenizer declares (`Place`), with no letter or digit on
    either side. It has only the plain and the escaped form."""

    @classmethod
    def by_length(cls, literal: str) -> Boundary:
        """Return the rule for names of people: a short one is part of too many words to be replaced inside them."""
        if len(literal) >= 5 or is_distinctive(literal):
            return cls.ANYWHERE
        if len(literal) < LEAST_GLUED:
            return cls.WORD
        return cls.PART if len(literal) == 3 else cls.PART_PREFIX


_LETTER_THEN_DIGIT = re.compile(r"[^\W\d_][0-9]")
_BEYOND_HEX = re.compile(r"[^\W\d_a-fA-F]")


def is_distinctive(name: str) -> bool:
    """Return whether a digit follows a letter in a name, as in ``gm2``: such a name is part of no other word.

    Names that are hexadecimal digits are parts of checksums.
    """
    return len(name) >= LEAST_GLUED and bool(_LETTER_THEN_DIGIT.search(name) and _BEYOND_HEX.search(name))


@attrs.frozen
class Place:
    """A place where text names an identity: two regular expressions, in which letter case does not matter.

    They are over ASCII, without capturing groups and without assertions other than ``^`` and ``$``, so that any engine
    can combine them with a name.
    """

    before: str
    """For up to 64 bytes right before the name."""
    after: str = ""
    """For up to 8 bytes right after it."""

    @classmethod
    def values(cls, keys: Iterable[str]) -> Place:
        """Return the place of a value: after a key and an equals sign or a colon, with quotes or without."""
        named = "|".join(map(re.escape, keys))
        return cls(rf"""(?:^|[^A-Za-z0-9_])(?:{named})\\?["']? ?[=:] ?\\?["']?""")


class Form(enum.Enum):
    """A form in which a name is found."""

    PLAIN = "plain"
    """In any letter case and normal form, with invisible characters in it or without."""
    ESCAPED = "escaped"
    """In percent escapes, HTML entities, backslash escapes, doubled quotes, characters of other widths."""
    SPLIT = "split"
    """By quotes, backslashes, or line breaks with their indents."""
    CUT_SHORT = "cut short"
    """The beginning of a name of one word, of kinds for which a tokenizer gives it as an alias (`Boundary.END`)."""
    HEX = "hex"
    """Of the UTF-8 bytes."""
    BASE64 = "base64"
    """Of the UTF-8 bytes, in both alphabets, whatever precedes it; the length is that of the encoded text."""
    REVERSED = "reversed"
    """Of a name with a letter in it that is not the same both ways."""


@attrs.frozen
class FormRule:
    """The shortest name that has a form, and the form's boundary."""

    shortest: int
    """Characters; bytes for `HEX`, characters of the encoded text for `BASE64`. Shorter ones would occur by chance."""
    boundary: Boundary | None
    """None: the boundary of the name itself."""


# The search ignores letter case, so a character of base64 matches two of 64 at the most. Eight of them in a row by
# accident: once in 10^12 places, for each pattern. With 45 names (500 patterns) that is once in 2 GB of base64.
FORMS = {
    Form.PLAIN: FormRule(1, None),
    Form.ESCAPED: FormRule(1, None),
    Form.SPLIT: FormRule(5, None),
    Form.CUT_SHORT: FormRule(8, Boundary.END),
    Form.HEX: FormRule(5, Boundary.ANYWHERE),
    Form.BASE64: FormRule(8, Boundary.ANYWHERE),
    Form.REVERSED: FormRule(6, Boundary.ANYWHERE),
}
"""By form, the fewest characters or bytes of a name in it, and the boundary.

Aliases and spellings of all kinds have the plain, escaped and split forms; hex, base64 and reversed forms are those of
aliases that are plain text, not of an address backwards. Forms of addresses as numbers, and of names without
separators, are aliases that a tokenizer gives.
"""
