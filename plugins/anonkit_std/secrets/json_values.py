"""Secrets in JSON, blanked in place: not a byte of what is around them changes."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import attrs

__all__ = ["blank_json"]

IsSecret = Callable[[str, str], bool]
_DECODER = json.JSONDecoder(strict=False)
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"?|[{}\[\],:]|[^\s{}\[\],:"]+', re.DOTALL)


def blank_json(text: str, *, is_secret: IsSecret, placeholder: str, loosely: Callable[[str], str]) -> str:
    """Return valid JSON with the placeholder for each secret: a value by its key, one in ``{"name": …, "value": …}``,
    an item ``"NAME=value"``. Every other string is what `loosely` makes of it, as it is spelled.
    """
    blanking = _Blanking(text, is_secret, json.dumps(placeholder), loosely)
    for token in _TOKEN.finditer(text):
        blanking.take(token)
    return blanking.result()


@attrs.define
class _Level:
    """An object or a list that is open; `key` is that of the next value, or of the list."""

    is_object: bool
    key: str | None
    wants_key: bool
    name: str | None = None
    value: re.Match[str] | None = None


@attrs.define
class _Blanking:
    text: str
    is_secret: IsSecret
    placeholder: str
    loosely: Callable[[str], str]
    levels: list[_Level] = attrs.field(factory=lambda: [_Level(False, None, False)])
    changes: dict[tuple[int, int], str] = attrs.field(factory=dict)

    def take(self, token: re.Match[str]) -> None:
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
        pieces, done = [], 0
        for (start, stop), new in sorted(self.changes.items()):
            pieces += [self.text[done:start], new]
            done = stop
        return "".join((*pieces, self.text[done:]))

    def _value(self, level: _Level, token: re.Match[str]) -> None:
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
            self.changes[token.span()] = self._item(token[0], decoded)

    def _item(self, spelled: str, decoded: str) -> str:
        name, equals, value = decoded.partition("=")
        if equals and not value.strip() and "=" in spelled:
            # No secret; spelled as an escape, a line break would look like one.
            before, _, blank = spelled[1:-1].partition("=")
            return f'"{self.loosely(before)}={blank}"'
        if not equals or not self.is_secret(name, value):
            return f'"{self.loosely(spelled[1:-1])}"'
        before = spelled.partition("=")[0] if "=" in spelled else f'"{json.dumps(name)[1:-1]}'
        return f"{before}={self.placeholder[1:]}"

    def _close(self, level: _Level) -> None:
        if level.name is None or level.value is None or level.value[0] == "null":
            return
        if self.is_secret(level.name, _decoded(level.value[0])):
            self.changes[level.value.span()] = self.placeholder


def _decoded(token: str) -> str:
    if not token.startswith('"'):
        return token
    decoded: str = _DECODER.decode(token)
    return decoded
