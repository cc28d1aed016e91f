"""Text of unknown origin, made safe for a terminal and for the lines of a report."""

from __future__ import annotations

__all__ = ["printable"]


def printable(text: str) -> str:
    r"""Return `text` on one line, each character that does not print as an escape: ``\n``, ``\x1b``, ``\u202e``.

    `str.isprintable` decides: controls, separators of lines and paragraphs, format characters (bidirectional,
    zero-width), surrogates, blanks other than the space and unassigned code points do not print. A backslash stays.
    """
    return text if text.isprintable() else "".join(map(_printable_character, text))


def _printable_character(character: str) -> str:
    return character if character.isprintable() else character.encode("unicode_escape").decode("ascii")
