"""The garbler's rule, written out one character at a time: slow, obvious, and what the fast one is compared with."""

from __future__ import annotations

from anonkit.contracts import Match
from anonkit.literals import Literals

DIGITS = frozenset("0123456789")


def _allowed(text: str, start: int, end: int, rule: Match) -> bool:
    before = text[start - 1] if start > 0 else " "
    after = text[end] if end < len(text) else " "
    if rule is Match.ANYWHERE:
        return True
    if rule is Match.PREFIX:
        return not before.isalnum()
    if rule is Match.END:
        return not after.isalnum()
    if rule is Match.WORD:
        return not before.isalnum() and not after.isalnum()
    return before not in DIGITS and after not in DIGITS


def _ascii_lower(text: str) -> str:
    return "".join(char.lower() if char.isascii() else char for char in text)


def garble(text: str | None, literals: Literals) -> str | None:
    """Return `text` with, from left to right, the longest allowed literal replaced at each place."""
    if text is None:
        return None
    lowered = _ascii_lower(text)
    known = [
        (pattern.decode(), rule, token)
        for pattern, rule, token in zip(literals.patterns, literals.rules, literals.tokens, strict=True)
    ]
    out = ""
    at = 0
    while at < len(text):
        standing = [
            (len(pattern), token)
            for pattern, rule, token in known
            if lowered.startswith(pattern, at) and _allowed(text, at, at + len(pattern), rule)
        ]
        if standing:
            length, token = max(standing, key=lambda pair: pair[0])
            out += token
            at += length
        else:
            out += text[at]
            at += 1
    return out
