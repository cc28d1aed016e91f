"""The literals that a garbler looks for: every spelling of every identity, with its rule and its token.

A literal is searched for in text whose ASCII letters are lower case, so it is kept that way itself. What one letter-case rule
cannot cover is spelled out: other letters in upper, lower and title case, composed and decomposed (Unicode Annex 15), and
the forms that a value takes inside JSON, a quoted HTCondor environment or a URL.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable, Iterator
from urllib.parse import quote

import attrs

from anonkit.contracts import Match

__all__ = ["Literal", "Literals", "spellings"]


@attrs.frozen
class Literal:
    """One spelling of an identity as a plugin gives it, where it may sit, and what takes its place."""

    text: str
    rule: Match
    token: str


@attrs.frozen
class Literals:
    """What to search for; the three tuples run in parallel, each pattern is there once. Small, picklable."""

    patterns: tuple[bytes, ...]
    """UTF-8, ASCII letters in lower case, not empty."""
    rules: tuple[Match, ...]
    tokens: tuple[str, ...]

    @classmethod
    def of(cls, literals: Iterable[Literal]) -> Literals:
        """Spell the literals out. Where two come to the same pattern, the earlier one keeps it."""
        found: dict[bytes, Literal] = {}
        for literal in literals:
            for spelling in spellings(literal.text):
                found.setdefault(spelling, literal)
        return cls(
            tuple(found),
            tuple(literal.rule for literal in found.values()),
            tuple(literal.token for literal in found.values()),
        )

    def before(self, first: Iterable[Literal]) -> Literals:
        """Return these literals behind others, which keep a pattern that both have."""
        leading = Literals.of(first)
        taken = set(leading.patterns)
        kept = [place for place, pattern in enumerate(self.patterns) if pattern not in taken]
        return Literals(
            (*leading.patterns, *(self.patterns[place] for place in kept)),
            (*leading.rules, *(self.rules[place] for place in kept)),
            (*leading.tokens, *(self.tokens[place] for place in kept)),
        )

    def __len__(self) -> int:
        return len(self.patterns)


def spellings(text: str) -> Iterator[bytes]:
    """Yield the patterns that find `text` whatever its letter case and escaping, the plain one first; none for no text."""
    seen: set[bytes] = set()
    for cased in _cases(text):
        for escaped in (cased, json.dumps(cased)[1:-1], cased.replace("'", "''"), quote(cased, safe="")):
            # Lone surrogates cannot stand in Arrow text, so such a spelling cannot be met.
            pattern = escaped.encode("utf-8", "ignore").lower()
            if pattern and pattern not in seen:
                seen.add(pattern)
                yield pattern


def _cases(text: str) -> Iterator[str]:
    yield text
    if not text.isascii():
        for form in ("NFC", "NFD"):
            normal = unicodedata.normalize(form, text)
            yield from (normal, normal.lower(), normal.upper(), normal.title())
