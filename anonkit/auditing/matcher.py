"""Many literals in one scan: Hyperscan, a regular expression library made for that.

It reads half a gigabyte a second and more whether it looks for a hundred literals or for a hundred thousand, and knows
letter case and class of neighbour. The garbler uses another library, on purpose.
"""

from __future__ import annotations

from collections.abc import Sequence

import attrs
import hyperscan

__all__ = ["Expression", "Matcher", "escaped"]

Found = list[tuple[int, int]]


@attrs.frozen
class Expression:
    """A pattern in the syntax that Hyperscan shares with Perl, over bytes."""

    pattern: bytes
    cased: bool = False


class Matcher:
    """Finds where expressions end. Pickled compiled: compiling takes seconds for a hundred thousand of them."""

    def __init__(self, expressions: Sequence[Expression]) -> None:
        self._database = None
        if expressions:
            self._database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
            self._database.compile(
                expressions=[one.pattern for one in expressions],
                ids=list(range(len(expressions))),
                elements=len(expressions),
                flags=[0 if one.cased else hyperscan.HS_FLAG_CASELESS for one in expressions],
            )

    def __getstate__(self) -> bytes:
        return b"" if self._database is None else hyperscan.dumpb(self._database)

    def __setstate__(self, compiled: bytes) -> None:
        self._database = None
        if compiled:
            self._database = hyperscan.loadb(compiled, hyperscan.HS_MODE_BLOCK)
            self._database.scratch = hyperscan.Scratch(self._database)

    def __call__(self, data: bytes) -> Found:
        """Return (number of the expression, end) of all matches, by end."""
        found: Found = []
        if self._database is not None and data:

            def note(which: int, start: int, end: int, flags: int, context: object) -> None:
                found.append((which, end))

            self._database.scan(data, match_event_handler=note)
        return found


def escaped(text: bytes) -> bytes:
    """Return the pattern of a literal, whatever bytes it holds."""
    # Most are, and there may be a hundred thousand.
    if text.isalnum():
        return text
    return b"".join(bytes([sign]) if chr(sign).isalnum() and sign < 128 else b"\\x%02x" % sign for sign in text)
