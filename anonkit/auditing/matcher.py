"""Searching bytes for many expressions in one scan, with the library Hyperscan.

It reads half a gigabyte a second and more, for a hundred literals as for ten thousand, and can check letter case and
neighbours. Above that number, literals are in a `LiteralTable`. The replacer uses another library, so that a mistake in
one does not hide in both.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import attrs
import hyperscan

from anonkit.auditing.literal_table import SHORTEST, LiteralTable

__all__ = ["Expression", "Found", "Matcher", "escaped"]

Found = list[tuple[int, int]]
"""Number of an expression, and where in the bytes it ends."""

# Compiling so many takes a second.
_MOST_LITERALS = 10_000


@attrs.frozen
class Expression:
    """A pattern in the syntax that Hyperscan shares with Perl, over bytes."""

    syntax: bytes = b""
    cased: bool = False
    literal: bytes = b""
    """The text that a pattern without operators matches; then `syntax` is empty."""

    @classmethod
    def from_literal(cls, text: bytes, *, cased: bool = False) -> Expression:
        """Return the expression of a literal, which may hold any bytes."""
        return cls(cased=cased, literal=text)

    @property
    def pattern(self) -> bytes:
        """The expression's pattern; a literal is escaped here, because most literals are never compiled."""
        return escaped(self.literal) if self.literal else self.syntax


class Matcher:
    """Finds the ends of matches. Pickled compiled, because compiling ten thousand expressions takes seconds."""

    def __init__(self, expressions: Sequence[Expression], *, most_literals: int = _MOST_LITERALS) -> None:
        """Prepare the search; more than `most_literals` literals go into a table, which needs no compiling."""
        literals = {
            number: expression.literal
            for number, expression in enumerate(expressions)
            if len(expression.literal) >= SHORTEST
        }
        self._table = None
        if len(literals) > most_literals:
            self._table = LiteralTable(literals, frozenset(which for which in literals if expressions[which].cased))
        else:
            literals = {}
        compiled = [number for number in range(len(expressions)) if number not in literals]
        self._database = _compiled(tuple((number, expressions[number]) for number in compiled)) if compiled else None

    def __getstate__(self) -> tuple[LiteralTable | None, bytes]:
        return self._table, b"" if self._database is None else hyperscan.dumpb(self._database)

    def __setstate__(self, state: tuple[LiteralTable | None, bytes]) -> None:
        self._table, compiled = state
        self._database = None
        if compiled:
            self._database = hyperscan.loadb(compiled, hyperscan.HS_MODE_BLOCK)
            self._database.scratch = hyperscan.Scratch(self._database)

    def __call__(self, data: bytes) -> Found:
        """Return (number of the expression, end) of all matches; those of one expression are sorted by end."""
        found: Found = []
        if self._database is not None and data:

            def note(which: int, start: int, end: int, flags: int, context: object) -> None:
                found.append((which, end))

            self._database.scan(data, match_event_handler=note)
        return found if self._table is None else found + self._table(data)


# An audit that is done once more looks for the same names.
@lru_cache(maxsize=4)
def _compiled(numbered: Sequence[tuple[int, Expression]]) -> hyperscan.Database:
    database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
    database.compile(
        expressions=[expression.pattern for _, expression in numbered],
        ids=[number for number, _ in numbered],
        elements=len(numbered),
        flags=[0 if expression.cased else hyperscan.HS_FLAG_CASELESS for _, expression in numbered],
    )
    return database


def escaped(text: bytes) -> bytes:
    """Return the pattern of a literal, which may hold any bytes."""
    # A short cut for most literals, of which there may be a hundred thousand.
    if text.isalnum():
        return text
    return b"".join(map(_ESCAPED.__getitem__, text))


_ESCAPED = [bytes([sign]) if bytes([sign]).isalnum() else b"\\x%02x" % sign for sign in range(256)]
