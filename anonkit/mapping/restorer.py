"""Tokens in text, back to what they stand for.

A token is one that the mapping has given, spelled as in lists or as in text. It ends where its digits end (``UR_12`` is
not ``UR_1`` and a 2), and does not begin within a word: not behind a letter of the case that it begins with
(``INDEX_1`` holds no ``EX_1``; ``homeUR_1`` holds ``UR_1``). Of two that begin in one place the longer one counts. The
token of the null identity, and tokens that the mapping does not know or has forgotten, stay.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import attrs

from anonkit.mapping.file import Mapping
from anonkit.mapping.tokens import Tokens

__all__ = ["Restorer"]

_MOST_DIGITS = 2 * 18 + 1
# Behind a dot, the number within a group.
_DIGITS = re.compile(rb"([0-9]+)(?:\.[0-9]+)?")

Chunks = Iterator[bytes]


@attrs.define
class Restorer:
    """Replaces tokens in text that comes in pieces; how it is cut does not matter."""

    originals: dict[bytes, bytes]
    """By token, what is written instead."""
    prefixes: tuple[bytes, ...]
    """What tokens begin with, none of them empty."""
    places: int = 0
    met: set[bytes] = attrs.field(factory=set)

    @classmethod
    def from_mapping(cls, mapping: Mapping, written: Callable[[str], str]) -> Restorer:
        """Return what restores tokens of a mapping; `written` says how an original is written in that sort of file."""
        known = Tokens.from_mapping(mapping).known
        originals = {
            token.encode(): written(one.identity).encode() for token, one in known.items() if one.identity is not None
        }
        prefixes = {prefix for held in mapping.kinds.values() for prefix in (held.prefix, held.text_prefix)}
        # A prefix that is empty would make every number a token.
        return cls(originals, tuple(sorted((one.encode() for one in prefixes if one), key=len, reverse=True)))

    def __call__(self, chunks: Chunks) -> Chunks:
        """Yield the text of the chunks with originals instead of tokens."""
        pattern = re.compile(b"|".join(map(_beginning, self.prefixes)) or rb"(?!)")
        # What a token can be at most, and one byte more, to see that its digits end there.
        reach = max(map(len, self.prefixes), default=0) + _MOST_DIGITS + 1
        before, pending = b"", b""
        for chunk in chunks:
            pending += chunk
            if (safe := len(pending) - reach) > 0:
                piece, pending, before = self._restored(pattern, before, pending, safe)
                yield piece
        yield self._restored(pattern, before, pending, len(pending))[0]

    def _restored(
        self, pattern: re.Pattern[bytes], before: bytes, text: bytes, safe: int
    ) -> tuple[bytes, bytes, bytes]:
        """Replace the tokens that begin in the first `safe` bytes of `text`.

        `before` is the byte before it. Return what is done, what is left, and the byte before that.
        """
        whole = before + text
        done, at, end = [], len(before), len(before) + safe
        start = at
        while (found := pattern.search(whole, at)) and found.start() < end:
            token = self._token(whole, found.start())
            if token is None:
                at = found.start() + 1
                continue
            done += [whole[start : found.start()], self.originals[token]]
            start = at = found.start() + len(token)
            self.places += 1
            self.met.add(token)
        rest = max(start, end)
        done.append(whole[start:rest])
        return b"".join(done), whole[rest:], whole[max(rest - 1, 0) : rest]

    def _token(self, text: bytes, at: int) -> bytes | None:
        """Return the longest token that begins there."""
        for prefix in self.prefixes:
            if text.startswith(prefix, at) and (digits := _DIGITS.match(text, at + len(prefix))):
                for end in (digits.end(), digits.end(1)):
                    token = text[at:end]
                    if token in self.originals and not _within_word(text, at):
                        return token
        return None


def _beginning(prefix: bytes) -> bytes:
    return re.escape(prefix) + rb"(?=[0-9])"


def _within_word(text: bytes, at: int) -> bool:
    first, before = text[at : at + 1], text[at - 1 : at] if at else b""
    return (first.isupper() and before.isupper()) or (first.islower() and before.islower())
