"""Replacing tokens in text by the identities that they mean.

A token is one of the mapping's, spelled as in lists or as in text. It ends where its digits end (``UR_12`` is not
``UR_1`` and a 2), and does not begin within a word: not after a letter of the case that it begins with (``INDEX_1``
holds no ``EX_1``; ``homeUR_1`` holds ``UR_1``). Of two tokens that begin in one place the longer one counts. The token
of the null identity stays, as do tokens that the mapping does not have or has forgotten.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import attrs

from anonkit.mapping.file import Mapping
from anonkit.mapping.tokens import Tokens

__all__ = ["Restorer"]

_MOST_DIGITS = 2 * 18 + 1
# After the dot, the number within a group.
_DIGITS = re.compile(rb"([0-9]+)(?:\.[0-9]+)?")

Chunks = Iterator[bytes]


@attrs.define
class Restorer:
    """Replaces tokens in text that comes in chunks, wherever it is cut."""

    originals: dict[bytes, bytes]
    """By token, the text that replaces it."""
    prefixes: tuple[bytes, ...]
    """The beginnings of tokens, none of them empty."""
    places: int = 0
    """Tokens that were replaced."""
    found: set[bytes] = attrs.field(factory=set)
    """The distinct ones among them."""

    @classmethod
    def from_mapping(cls, mapping: Mapping, written: Callable[[str], str]) -> Restorer:
        """Return the restorer of a mapping; `written` returns an original as that sort of file has it."""
        known = Tokens.from_mapping(mapping).known
        originals = {
            token.encode(): written(revealed.identity).encode()
            for token, revealed in known.items()
            if revealed.identity is not None
        }
        prefixes = {prefix for kind in mapping.kinds.values() for prefix in (kind.prefix, kind.text_prefix)}
        # An empty prefix would make every number a token.
        longest_first = sorted((prefix.encode() for prefix in prefixes if prefix), key=len, reverse=True)
        return cls(originals, tuple(longest_first))

    def __call__(self, chunks: Chunks) -> Chunks:
        """Yield the text of the chunks with originals instead of tokens."""
        pattern = re.compile(b"|".join(map(_beginning, self.prefixes)) or rb"(?!)")
        # The longest token, and one byte more, to see that its digits end there.
        reach = max(map(len, self.prefixes), default=0) + _MOST_DIGITS + 1
        before, pending = b"", b""
        for chunk in chunks:
            pending += chunk
            if (safe := len(pending) - reach) > 0:
                restored, pending, before = self._restored(pattern, before, pending, safe)
                yield restored
        yield self._restored(pattern, before, pending, len(pending))[0]

    def _restored(
        self, pattern: re.Pattern[bytes], before: bytes, text: bytes, safe: int
    ) -> tuple[bytes, bytes, bytes]:
        """Replace the tokens that begin in the first `safe` bytes of `text`.

        `before` is the byte before it. Return the restored text, the rest of the text, and the byte before the rest.
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
            self.found.add(token)
        rest = max(start, end)
        done.append(whole[start:rest])
        return b"".join(done), whole[rest:], whole[max(rest - 1, 0) : rest]

    def _token(self, text: bytes, at: int) -> bytes | None:
        """Return the longest token of the mapping that begins at `at`; None when none does, or inside of a word."""
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
