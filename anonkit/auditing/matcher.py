"""Many literals in one scan: Hyperscan, a regular expression library made for that.

It reads half a gigabyte a second and more whether it looks for a hundred literals or for ten thousand, and knows letter
case and class of neighbour. More literals than that are in a `LiteralTable`. The garbler uses another library, on
purpose.
"""

from __future__ import annotations

from collections.abc import Sequence

import attrs
import hyperscan

from anonkit.auditing.literal_table import SHORTEST, LiteralTable

__all__ = ["Expression", "Matcher", "escaped"]

Found = list[tuple[int, int]]

# Compiling so many takes a second.
_MOST_LITERALS = 10_000


@attrs.frozen
class Expression:
    """A pattern in the syntax that Hyperscan shares with Perl, over bytes."""

    syntax: bytes = b""
    cased: bool = False
    literal: bytes = b""
    """When the pattern is nothing else: the text that it matches; then `syntax` is empty."""

    @classmethod
    def from_literal(cls, text: bytes, *, cased: bool = False) -> Expression:
        """Return the pattern of a literal, whatever bytes it holds."""
        return cls(cased=cased, literal=text)

    @property
    def pattern(self) -> bytes:
        """The pattern, of a literal as well: it is escaped when it is needed, since most literals are not compiled."""
        return escaped(self.literal) if self.literal else self.syntax


class Matcher:
    """Finds where expressions end. Pickled compiled: compiling takes seconds for ten thousand of them."""

    def __init__(self, expressions: Sequence[Expression], *, most_literals: int = _MOST_LITERALS) -> None:
        """More than `most_literals` literals are looked for in a table, which needs no compiling."""
        literals = {number: one.literal for number, one in enumerate(expressions) if len(one.literal) >= SHORTEST}
        self._table = None
        if len(literals) > most_literals:
            self._table = LiteralTable(literals, frozenset(which for which in literals if expressions[which].cased))
        else:
            literals = {}
        compiled = [number for number in range(len(expressions)) if number not in literals]
        self._database = _compiled([expressions[number] for number in compiled], compiled) if compiled else None

    def __getstate__(self) -> tuple[LiteralTable | None, bytes]:
        return self._table, b"" if self._database is None else hyperscan.dumpb(self._database)

    def __setstate__(self, state: tuple[LiteralTable | None, bytes]) -> None:
        self._table, compiled = state
        self._database = None
        if compiled:
            self._database = hyperscan.loadb(compiled, hyperscan.HS_MODE_BLOCK)
            self._database.scratch = hyperscan.Scratch(self._database)

    def __call__(self, data: bytes) -> Found:
        """Return (number of the expression, end) of all matches, those of one expression by end."""
        found: Found = []
        if self._database is not None and data:

            def note(which: int, start: int, end: int, flags: int, context: object) -> None:
                found.append((which, end))

            self._database.scan(data, match_event_handler=note)
        return found if self._table is None else found + self._table(data)


def _compiled(expressions: Sequence[Expression], numbers: Sequence[int]) -> hyperscan.Database:
    database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
    database.compile(
        expressions=[one.pattern for one in expressions],
        ids=numbers,
        elements=len(expressions),
        flags=[0 if one.cased else hyperscan.HS_FLAG_CASELESS for one in expressions],
    )
    return database


def escaped(text: bytes) -> bytes:
    """Return the pattern of a literal, whatever bytes it holds."""
    # Most are, and there may be a hundred thousand.
    if text.isalnum():
        return text
    return b"".join(map(_ESCAPED.__getitem__, text))


_ESCAPED = [bytes([sign]) if bytes([sign]).isalnum() else b"\\x%02x" % sign for sign in range(256)]
