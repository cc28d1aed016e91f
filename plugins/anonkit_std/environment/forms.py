"""The environment of a job, in the forms in which job records hold it.

- V2, the form of HTCondor since 6.7: entries ``NAME=value`` between blanks, tabs or line ends. ``'`` quotes any part of
  an entry, ``''`` inside quotes is one quote, and ``"`` and ``\\`` are ordinary characters.
- V1, the form before: entries end at ``;`` or a line end, on Windows at ``|``; nothing is quoted.
- JSON: an object, or a list of ``"NAME=value"`` or of ``{"name": …, "value": …}``.
"""

from __future__ import annotations

import enum
import json
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

__all__ = ["V1_ENTRIES", "Entries", "Form", "change_entries", "parse_environment", "read_environment", "unquoted_entry"]

Entries = list[tuple[str, str]]
"""Variables as (name, value), in their order, repeats included."""

_BLANKS = " \t\r\n"
# Found one by one: of a group that repeats itself `re` remembers each pass, which takes gigabytes for a long entry.
_V2_QUOTED_OR_BLANKS = re.compile(r"'[^']*'|[ \t\r\n]+")
_V1_SEPARATOR = re.compile(r"[;\n]")
# A name that is no identifier.
_NAME = re.compile(r"""[^ \t\r\n;'"]+""")
# A bar is a character of many values; it separates entries only if a name like this one begins each of them.
_NAME_AT_BAR = re.compile(r"[A-Za-z_][A-Za-z0-9_.]*")


class Form(enum.Enum):
    """A form of an environment."""

    V2 = "V2"
    V1 = "V1"
    V1_BARS = "V1 of Windows"
    JSON = "JSON"


V1_ENTRIES = {Form.V1: re.compile(r"[^;\n]+"), Form.V1_BARS: re.compile(r"[^|]+")}
"""Patterns of an entry, without its separator, of the two forms of V1."""


def parse_environment(text: str) -> Entries | None:
    """Return the variables of an environment; None for text in none of the forms.

    Text without quotes may be in several forms. It is read in the one with the most variables; of equal ones V2 comes
    first, then V1 with semicolons.
    """
    found = read_environment(text)
    return None if found is None else found[1]


def read_environment(text: str) -> tuple[Form, Entries] | None:
    """Return the form of an environment and its variables; None for text in none of the forms.

    `parse_environment` says how the form is chosen.
    """
    if text.lstrip(_BLANKS).startswith(("{", "[")):
        found = _json(text)
        if found is not None:
            return Form.JSON, found
    new = _v2(text)
    # Only V2 has quotes. Without semicolons and bars V1 is split at line ends only, and so never finds more entries.
    if new is not None and ("'" in text or (";" not in text and "|" not in text)):
        return Form.V2, new
    readings = ((Form.V2, new), (Form.V1, _v1(text)), (Form.V1_BARS, _v1_bars(text)))
    possible = [(form, entries) for form, entries in readings if entries is not None]
    return max(possible, key=lambda reading: len(reading[1]), default=None)


def change_entries(text: str, change: Callable[[str], str]) -> str:
    """Return a V2 environment with each entry, given with its quotes, replaced by what `change` returns."""
    parts, end = list[str](), 0
    for start, stop in _v2_spans(text):
        parts += text[end:start], change(text[start:stop])
        end = stop
    return "".join((*parts, text[end:]))


def unquoted_entry(entry: str) -> str:
    """Return a V2 entry without its quotes."""
    return _unquoted(entry) if "'" in entry else entry


def _v2(text: str) -> Entries | None:
    """Return the variables of text that is V2; None for other text."""
    if text.count("'") % 2:
        return None
    return _named(unquoted_entry(text[start:stop]) for start, stop in _v2_spans(text))


def _v2_spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield where each entry begins and ends, in a text with balanced quotes."""
    start = 0
    for found in _V2_QUOTED_OR_BLANKS.finditer(text):
        low, high = found.span()
        if text[low] != "'":
            if low > start:
                yield start, low
            start = high
    if start < len(text):
        yield start, len(text)


def _unquoted(entry: str) -> str:
    """Return an entry with balanced quotes without them, and with one quote for two inside of others."""
    parts = entry.split("'")
    # An empty part between two quotes inside a quoted part is a doubled quote.
    parts[2:-1:2] = [part or "'" for part in parts[2:-1:2]]
    return "".join(parts)


def _v1(text: str) -> Entries | None:
    """Return the variables of text that is V1 with semicolons or line ends; None for other text."""
    pieces = (piece.lstrip(_BLANKS) for piece in _V1_SEPARATOR.split(text))
    return _named(piece for piece in pieces if piece)


def _v1_bars(text: str) -> Entries | None:
    """Return the variables of text that is V1 with bars; None for other text."""
    if "|" not in text:
        return None
    found = _named(piece for piece in text.split("|") if piece.strip(_BLANKS))
    return found if found and all(_NAME_AT_BAR.fullmatch(name) for name, _ in found) else None


def _named(entries: Iterable[str]) -> Entries | None:
    """Return entries as name and value; None if one has no valid name."""
    found = []
    for entry in entries:
        name, equals, value = entry.partition("=")
        if not equals or not (name.isidentifier() or _NAME.fullmatch(name)):
            return None
        found.append((name, value))
    return found


def _json(text: str) -> Entries | None:
    """Return the variables of text that is a JSON environment; None for other text."""
    try:
        return _json_entries(json.loads(text))
    except (ValueError, RecursionError):
        return None


def _json_entries(content: Any) -> Entries | None:
    if isinstance(content, dict):
        return [(_unicode(name), _spelled(value)) for name, value in content.items()]
    entries = [_item(item) for item in content]
    return None if None in entries else [entry for entry in entries if entry is not None]


def _item(item: Any) -> tuple[str, str] | None:
    """Return name and value of an element of a JSON list; None for an element that is no variable."""
    if isinstance(item, str):
        name, equals, value = _unicode(item).partition("=")
        return (name, value) if equals else None
    if isinstance(item, dict) and isinstance(item.get("name"), str):
        return _unicode(item["name"]), _spelled(item.get("value"))
    return None


def _spelled(value: Any) -> str:
    """Return a JSON value as the text of a variable: null is empty, numbers and objects are JSON."""
    if value is None:
        return ""
    return _unicode(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))


def _unicode(text: str) -> str:
    """Return the text with lone surrogates, which UTF-8 cannot hold, as escapes: ``\\ud83d``."""
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode()
