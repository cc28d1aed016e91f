"""The secrets in a JSON text replaced in place: every other byte of the text stays."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import attrs

__all__ = ["blank_json"]

IsSecret = Callable[[str, str], bool]
_DECODER = json.JSONDecoder(strict=False)
# A string (perhaps not closed), a sign, or a number or literal.
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"?|[{}\[\],:]|[^\s{}\[\],:"]+', re.DOTALL)


def blank_json(text: str, *, is_secret: IsSecret, placeholder: str, in_text: Callable[[str], str]) -> str:
    """Return valid JSON with the placeholder in place of each secret.

    `is_secret` is asked with a name and its value: of a key, of ``{"name": …, "value": …}``, of ``"NAME=value"``.
    Every other string is replaced by what `in_text` returns for it; both have their escapes.
    """
    blanking = _Blanking(text, is_secret, json.dumps(placeholder), in_text)
    for token in _TOKEN.finditer(text):
        blanking.take(token)
    return blanking.result()


@attrs.define
class _Level:
    """An object or a list that is not closed yet."""

    is_object: bool
    key: str | None
    """The key of the next value; of a list, the key of the list."""
    wants_key: bool
    """Whether the next string is a key."""
    name: str | None = None
    """The value of its key `name`."""
    value: re.Match[str] | None = None
    """The token of the value of its key `value`."""


@attrs.define
class _Blanking:
    """Takes the tokens of a text in order, and collects the changes."""

    text: str
    is_secret: IsSecret
    placeholder: str
    """As a JSON string, with its quotes."""
    in_text: Callable[[str], str]
    levels: list[_Level] = attrs.field(factory=lambda: [_Level(False, None, False)])
    """The open objects and lists; the first is around the whole text."""
    changes: dict[tuple[int, int], str] = attrs.field(factory=dict)
    """New text by begin and end in the text."""

    def take(self, token: re.Match[str]) -> None:
        """Take the next token of `_TOKEN`."""
        level, sign = self.levels[-1], token[0]
        if sign in "{[":
            inherited = None if sign == "{" else level.key
            self.levels.append(_Level(sign == "{", inherited, sign == "{"))
        elif sign in "}]":
            self._close(self.levels.pop())
        elif sign == ",":
            level.wants_key = level.is_object
        elif sign != ":":
            if level.wants_key:
                level.key, level.wants_key = _decoded(sign), False
            else:
                self._value(level, token)

    def result(self) -> str:
        """Return the text with the changes."""
        pieces, done = [], 0
        for (start, stop), new in sorted(self.changes.items()):
            pieces += [self.text[done:start], new]
            done = stop
        return "".join((*pieces, self.text[done:]))

    def _value(self, level: _Level, token: re.Match[str]) -> None:
        """Take a value that is no object or list."""
        decoded = _decoded(token[0])
        if level.is_object and level.key is not None:
            if level.key.casefold() == "name":
                level.name = decoded
            elif level.key.casefold() == "value":
                level.value = token
        if token[0] == "null":
            return
        if level.key is not None and self.is_secret(level.key, decoded):
            self.changes[token.span()] = self.placeholder
        elif token[0].startswith('"'):
            self.changes[token.span()] = self._string(token[0], decoded)

    def _string(self, spelled: str, decoded: str) -> str:
        """Return a string as JSON, given as it is spelled and without escapes, with its secrets replaced."""
        name, equals, value = decoded.partition("=")
        if equals and not value.strip() and "=" in spelled:
            # A value of blanks is no secret, but the escape of a line break would be taken for one.
            before, _, blank = spelled[1:-1].partition("=")
            return f'"{self.in_text(before)}={blank}"'
        if not equals or not self.is_secret(name, value):
            return f'"{self.in_text(spelled[1:-1])}"'
        before = spelled.partition("=")[0] if "=" in spelled else f'"{json.dumps(name)[1:-1]}'
        return f"{before}={self.placeholder[1:]}"

    def _close(self, level: _Level) -> None:
        """Replace the value in an object ``{"name": …, "value": …}`` whose name is that of a secret."""
        if level.name is None or level.value is None or level.value[0] == "null":
            return
        if self.is_secret(level.name, _decoded(level.value[0])):
            self.changes[level.value.span()] = self.placeholder


def _decoded(token: str) -> str:
    """Return the text of a JSON string; a number or literal as it is."""
    if not token.startswith('"'):
        return token
    decoded: str = _DECODER.decode(token)
    return decoded
