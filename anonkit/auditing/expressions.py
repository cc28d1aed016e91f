"""The expressions that the scan searches for: each matches in all places of its pattern, and in some more."""

from __future__ import annotations

from anonkit.auditing.matcher import Expression, escaped
from anonkit.auditing.patterns import Pattern
from anonkit.plugin.contracts import LEAST_GLUED, Boundary

__all__ = ["AFTER_WORD", "BYTES_AFTER", "SHORT", "bytes_after", "expression", "scanned"]

_BEFORE_WORD = b"(?:^|[^0-9a-z])"
AFTER_WORD = b"(?:[^0-9a-z]|$)"
# Bytes after a name that decide whether it is a finding.
BYTES_AFTER = 8
# A scan needs no more bytes of a long handle; the others are compared in each place that it finds.
_SCANNED = 64
# Many words hold short names, so the scan itself has to look at their neighbours.
SHORT = 4


def scanned(text: bytes) -> bytes:
    """Return the part of a name that the scan searches for."""
    return text[:_SCANNED]


def expression(pattern: Pattern) -> Expression:
    """Return the expression of a pattern, which ends where the pattern does, or `bytes_after` bytes later.

    Weak names, which have the rule `Boundary.NAMED`, are found by `WeakNames`.
    """
    if len(pattern.text) > SHORT:
        return Expression.from_literal(scanned(pattern.text), cased=pattern.cased)
    if pattern.rule in (Boundary.PART, Boundary.PART_PREFIX) and len(pattern.text.decode()) >= LEAST_GLUED:
        return Expression(_in_parts(pattern), cased=True)
    found = escaped(pattern.text)
    if pattern.rule in (Boundary.WORD, Boundary.PREFIX, Boundary.PART, Boundary.PART_PREFIX):
        found = _BEFORE_WORD + found
    if pattern.rule in (Boundary.WORD, Boundary.END, Boundary.PART):
        found += AFTER_WORD
    return Expression(found, pattern.cased)


def bytes_after(pattern: Pattern) -> int:
    """Return how many bytes after a name its expression may match; `WeakNames` gives the ends of the names."""
    return 0 if pattern.rule is Boundary.NAMED else int(len(pattern.text) <= SHORT)


def _in_parts(pattern: Pattern) -> bytes:
    """Return the expression of a short name that may be a part of a word; it also matches in some other places."""
    first, middle, last = (escaped(part) for part in (pattern.text[:1], pattern.text[1:-1], pattern.text[-1:]))
    begins = b"(?i:%b)" % first
    if first.isalpha():
        begins = b"(?:(?:^|[^A-Za-z])(?i:%b)|[A-Za-z]%b|[A-Z][A-Z]%b)" % (first, first.upper(), first)
    ends = b"(?i:%b)" % last
    if pattern.rule is Boundary.PART and last.isalpha():
        ends = b"(?:(?i:%b)(?:[^a-z]|$)|%b[a-z])" % (last, last.upper())
    return b"%b(?i:%b)%b" % (begins, middle, ends)
