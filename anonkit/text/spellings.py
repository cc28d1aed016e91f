"""The literals that a garbler looks for: every spelling of every identity, with its rule and its token.

A literal is searched for in text whose ASCII letters are lower case, so it is kept that way itself. What one rule for
letter case cannot cover is spelled out: other letters in upper, lower and title case, composed and decomposed (Unicode
Annex 15), and the forms that a value takes inside JSON, a quoted HTCondor environment or a URL. What is no longer text
(hex, base64, reversed) is looked for as well: see `encoded_forms`.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from urllib.parse import quote, quote_plus

import attrs

from anonkit.plugin.contracts import Boundary
from anonkit.text.encoded_forms import Margins, encoded_forms

__all__ = ["Literal", "Literals", "cased_forms", "spellings"]

# What nobody escapes, as most names are.
_SAME_EVERYWHERE = re.compile(r"[A-Za-z0-9_.~-]*")

_LETTER_CASES: tuple[Callable[[str], str], ...] = (str.lower, str.upper, str.title, str.casefold)


@attrs.frozen
class Literal:
    """One spelling of an identity as a plugin gives it, where it may sit, and what takes its place."""

    text: str
    rule: Boundary
    token: str
    disguised: bool = False
    """Whether it is looked for in hex, in base64 and reversed, too: anywhere, if it is long enough."""


@attrs.frozen
class Literals:
    """What to search for; the three tuples run in parallel, each pattern is there once. Small, picklable."""

    patterns: tuple[bytes, ...]
    """UTF-8, ASCII letters in lower case, not empty."""
    rules: tuple[Boundary, ...]
    tokens: tuple[str, ...]
    disguised: Mapping[bytes, Margins] = attrs.field(factory=dict)
    """The patterns that are no text, and how many characters before and behind each tell of the identity as well."""

    @classmethod
    def from_literals(cls, literals: Iterable[Literal]) -> Literals:
        """Spell the literals out. Where two come to the same pattern, the earlier one keeps it.

        It then sits wherever either of the two may: no rule of one identity leaves another to be read. Disguises come
        behind all that is plain.
        """
        tokens: dict[bytes, str] = {}
        rules: dict[bytes, Boundary] = {}
        margins: dict[bytes, Margins] = {}
        given = list(literals)
        for literal in given:
            for spelling in spellings(literal.text):
                tokens.setdefault(spelling, literal.token)
                rules[spelling] = _either(rules.get(spelling, literal.rule), literal.rule)
        for literal in given:
            for pattern, beside in encoded_forms(cased_forms(literal.text)) if literal.disguised else ():
                if pattern not in tokens:
                    margins[pattern] = beside
                tokens.setdefault(pattern, literal.token)
                rules[pattern] = Boundary.ANYWHERE
        return cls(tuple(tokens), tuple(rules.values()), tuple(tokens.values()), margins)

    def before(self, first: Iterable[Literal]) -> Literals:
        """Return these literals behind others, which keep a pattern that both have."""
        leading = Literals.from_literals(first)
        taken = set(leading.patterns)
        kept = [place for place, pattern in enumerate(self.patterns) if pattern not in taken]
        return Literals(
            (*leading.patterns, *(self.patterns[place] for place in kept)),
            (*leading.rules, *(self.rules[place] for place in kept)),
            (*leading.tokens, *(self.tokens[place] for place in kept)),
            {pattern: beside for pattern, beside in self.disguised.items() if pattern not in taken},
        )

    def __len__(self) -> int:
        return len(self.patterns)


def _either(one: Boundary, other: Boundary) -> Boundary:
    """Return the narrowest rule that allows all that either allows."""
    if one is other or other is Boundary.WORD:
        return one
    return other if one is Boundary.WORD else Boundary.ANYWHERE


def cased_forms(text: str) -> Iterator[str]:
    """Yield a text in the letter cases in which names are written, composed and decomposed; with repeats."""
    for cased in (text, *(case(text) for case in _LETTER_CASES)):
        yield from (cased, *(() if text.isascii() else _forms(cased)))


def spellings(text: str) -> Iterator[bytes]:
    """Yield the patterns that find `text` in any letter case and escaping, the plain one first; none for no text."""
    seen: set[bytes] = set()
    for cased in _cases(text):
        for escaped in _escapes(cased):
            pattern = escaped.lower()
            if pattern and pattern not in seen:
                seen.add(pattern)
                yield pattern


def _cases(text: str) -> Iterator[str]:
    yield text
    if text.isascii():
        return
    for form in (text, *_forms(text)):
        yield form
        for case in _LETTER_CASES:
            for cased in (case(form), case(form.casefold())):
                yield from (cased, *_forms(cased))


def _forms(text: str) -> tuple[str, ...]:
    return tuple(unicodedata.normalize(form, text) for form in ("NFC", "NFD", "NFKC"))


def _escapes(text: str) -> Iterator[bytes]:
    """Yield a text as it is, and as JSON, a quoted environment and URLs write it."""
    if _SAME_EVERYWHERE.fullmatch(text):
        yield text.encode()
        return
    # Lone surrogates cannot stand in Arrow text, so only the escape of one can be met.
    encodable = _encodable(text)
    if encodable:
        yield text.encode()
    yield json.dumps(text)[1:-1].encode()
    if encodable:
        yield json.dumps(text, ensure_ascii=False)[1:-1].encode()
        yield text.replace("'", "''").encode()
        # Forms write a blank as a plus sign; some writers leave slashes alone, JavaScript some more.
        for written in (quote(text, safe=""), quote(text), quote(text, safe="!'()*"), quote_plus(text)):
            yield written.encode()


def _encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
