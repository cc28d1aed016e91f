"""Where the tables and keys of a TOML document are: the parser of the standard library does not say.

The document has been parsed, so whatever is scanned here is TOML. Inside inline tables nothing has a place of its own:
it is where the key of the table is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import attrs

__all__ = ["NOWHERE", "Places"]

Route = tuple[str, ...]

_BARE = r"[A-Za-z0-9_-]+"
_QUOTED = r'"(?:[^"\\]|\\.)*"|\'[^\']*\''
_KEY = rf"(?:{_BARE}|{_QUOTED})(?:[ \t]*\.[ \t]*(?:{_BARE}|{_QUOTED}))*"
_HEADER = re.compile(rf"[ \t]*\[{{1,2}}[ \t]*(?P<key>{_KEY})[ \t]*\]")
_ASSIGNMENT = re.compile(rf"[ \t]*(?P<key>{_KEY})[ \t]*=")
_PART = re.compile(rf"{_QUOTED}|{_BARE}")
_IN_VALUE = re.compile(r'"""|\'\'\'|"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'|#[^\n]*|[\[\]{}\n]')


@attrs.frozen
class Places:
    """Line and column, from 1, of each table and key by its path."""

    by_path: Mapping[Route, tuple[int, int]] = attrs.field(factory=dict)

    @classmethod
    def from_file(cls, path: Path) -> Places:
        """Return the places in a file that can be read."""
        return cls.from_text(path.read_bytes().decode("utf-8-sig"))

    @classmethod
    def from_text(cls, text: str) -> Places:
        """Return the places in a document."""
        found: dict[Route, tuple[int, int]] = {}
        table: Route = ()
        at = 0
        while at < len(text):
            if header := _HEADER.match(text, at):
                table = _path(header["key"])
                found.setdefault(table, _place(text, header.start("key") - 1))
                at = _line_end(text, header.end())
            elif assignment := _ASSIGNMENT.match(text, at):
                path = (*table, *_path(assignment["key"]))
                for length in range(len(table) + 1, len(path) + 1):
                    found.setdefault(path[:length], _place(text, assignment.start("key")))
                at = _value_end(text, assignment.end())
            else:
                at = _line_end(text, at)
        return cls(found)

    def describe(self, path: Route) -> str:
        """Return the place of a path, or of the nearest table around it: ``line 3, column 1``; empty when unknown."""
        for length in range(len(path), 0, -1):
            if place := self.by_path.get(path[:length]):
                return f"line {place[0]}, column {place[1]}"
        return ""


NOWHERE = Places()
"""The places of values that come from no document."""


def _path(key: str) -> Route:
    return tuple(part.strip("\"'") for part in _PART.findall(key))


def _place(text: str, at: int) -> tuple[int, int]:
    begin = text.rfind("\n", 0, at) + 1
    return text.count("\n", 0, at) + 1, at - begin + 1


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end + 1


def _value_end(text: str, at: int) -> int:
    """Return where the line after a value begins; brackets and long strings may go over several lines."""
    depth = 0
    while match := _IN_VALUE.search(text, at):
        found, at = match[0], match.end()
        if found in ('"""', "'''"):
            at = _string_end(text, at, found)
        elif found in "[{":
            depth += 1
        elif found in "]}":
            depth -= 1
        elif found == "\n" and depth <= 0:
            return at
    return len(text)


def _string_end(text: str, at: int, quotes: str) -> int:
    """Return where a string of several lines ends, given where its opening quotes end."""
    while (end := text.find(quotes, at)) >= 0:
        escapes = len(text[:end]) - len(text[:end].rstrip("\\"))
        if quotes == "'''" or escapes % 2 == 0:
            return end + len(quotes)
        at = end + 1
    return len(text)
