"""The reader `classad_new`: ads in brackets, as `condor_history -long:new` and the `classad` library print them.

Ads may be elements of a list in braces. Comments are left out.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import Any

import attrs

from anonkit.api import BadRecord, FileHead, NoOptions
from anonkit_std.readers.classad_escapes import STRING, unescaped
from anonkit_std.readers.classad_values import attribute_name, expression_text, literal
from anonkit_std.readers.json_values import Records
from anonkit_std.readers.text_reader import MARK, Block, Parsed, TextReader

__all__ = ["ClassAdNewReader"]

# A name in single quotes; a comment to the end of the line or between `/*` and `*/`.
_QUOTED = r"'(?:[^'\\]|\\.)*'"
_COMMENT = r"//[^\n]*(?:\n|\Z)|/\*[^*]*\*+(?:[^/*][^*]*\*+)*/"
# A string or a quoted name, a comment, the beginning of one of these without its end, or a bracket or separator.
_TOKEN = re.compile(
    rf"""(?P<text>{STRING}|{_QUOTED})|(?P<comment>{_COMMENT})|(?P<open>"|'|/\*)|(?P<mark>[][(){{}};,])""", re.DOTALL
)
_BYTE_TOKEN = re.compile(_TOKEN.pattern.encode(), re.DOTALL)
# The beginning of a file: the first attribute of the first ad.
_START = re.compile(
    rf"[\s{{]*(?:(?:{_COMMENT})[\s{{]*)*\[(?:{_COMMENT}|;|\s)*(?:[A-Za-z_]\w*|{_QUOTED})\s*=[^=]".encode(), re.DOTALL
)
# The name of an attribute and its equals sign, which is no comparison.
_NAME = re.compile(rf"\s*([A-Za-z_]\w*|{_QUOTED})\s*=(?![=?!])", re.DOTALL)
_SIMPLE = re.compile(
    r"[\s;]*([A-Za-z_]\w*)\s*=\s*"
    r'(?:"([^"\\]*)"|(-?(?:0|[1-9][0-9]{0,17}))|(-?(?:0|[1-9][0-9]*)\.[0-9]+(?:[eE][-+]?[0-9]+)?))\s*(?:;|\Z)'
)
"""An attribute that is a string without escapes, or a number; most are."""
# Strings one after another are joined.
_ADJACENT = re.compile(rf"{STRING}(?:\s*{STRING})*", re.DOTALL)
_STRING = re.compile(STRING, re.DOTALL)
# A string, or blanks.
_RUN = re.compile(rf"(?P<text>{STRING}|{_QUOTED})|\s+", re.DOTALL)
# A hexadecimal or octal number.
_BASED = re.compile(r"([-+]?)(?:0[xX]([0-9A-Fa-f]+)|0([0-7]+))")
# Blanks, commas, braces and comments between ads.
_BETWEEN = re.compile(rf"(?:[\s,{{}}]|{_COMMENT})*".encode(), re.DOTALL)
_CLOSING = {"{": "}", "[": "]", "(": ")"}
_DEEPEST = 32
_NOT_WHOLE, _OTHER = "an ad that is not whole", "text between the ads"
_NO_AD = "it is no ad: NAME = VALUE; NAME = VALUE"


class ClassAdNewReader(TextReader):
    """Reads ads in brackets."""

    def __init__(self, options: NoOptions) -> None:
        """Take no options."""

    def recognizes(self, head: FileHead) -> bool:
        """Return whether the file begins like an ad in brackets."""
        return bool(_START.match(head.data.removeprefix(MARK)))

    def end_of_records(self, data: bytes, header: Any, last: bool) -> int:
        """Return the position after the last ad that ends in the data."""
        return max((end for _, end in _extents(data)), default=0)

    def parse(self, block: Block, header: Any, columns: Collection[str] | None) -> Parsed:
        """Return the ads of a block."""
        ads = Records()
        before = len(MARK) if block.data.startswith(MARK) else 0
        for start, end in _extents(block.data):
            ads.bad += _between(block, before, start)
            try:
                ads.objects.append(_ad(block.data[start:end].decode("utf-8", "replace"), 0))
            except ValueError:
                ads.bad.append(BadRecord(_NO_AD, *block.line_and_column(start)))
            before = end
        rest = _between(block, before, len(block.data))
        parsed = ads.parsed(columns)
        return attrs.evolve(parsed, broken=rest[0]) if rest else parsed


def _extents(data: bytes) -> Iterator[tuple[int, int]]:
    """Yield, for each ad that ends in the data, the position of its first byte and the position after its last."""
    depth = start = 0
    for token in _BYTE_TOKEN.finditer(data):
        if token["open"]:
            return
        if token["mark"] == b"[":
            start, depth = (start, depth + 1) if depth else (token.start(), 1)
        elif token["mark"] == b"]" and depth:
            depth -= 1
            if not depth:
                yield start, token.end()


def _between(block: Block, start: int, end: int) -> list[BadRecord]:
    """Return a bad record for text between ads that is no comment; none without it."""
    matched = _BETWEEN.match(block.data, start, end)
    place = matched.end() if matched else start
    if place >= end:
        return []
    reason = _NOT_WHOLE if block.data[place : place + 1] == b"[" else _OTHER
    return [BadRecord(reason, *block.line_and_column(place))]


def _ad(text: str, depth: int) -> dict[str, Any]:
    """Return the attributes of an ad, given in its brackets. ValueError when it is no ad.

    `depth` is the number of lists and ads around it.
    """
    found: dict[str, Any] = {}
    place, stop = 1, len(text) - 1
    while place < stop:
        while simple := _SIMPLE.match(text, place, stop):
            name, string, whole, real = simple.groups()
            found[name] = string if string is not None else int(whole) if whole else float(real)
            place = simple.end()
        part, place = next(_parts(text, ";", place, stop), ("", stop))
        found.update(_attribute(part, depth))
    return found


def _attribute(text: str, depth: int) -> dict[str, Any]:
    """Return the attribute in a part of an ad, by its name; nothing for an empty part. ValueError for other text."""
    if not text:
        return {}
    name = _NAME.match(text)
    if not name:
        raise ValueError("no attribute")
    return {attribute_name(name[1]): _value(text[name.end() :].strip(), depth)}


def _value(text: str, depth: int) -> Any:
    """Return the value that a text without comments is; an expression is returned as text. ValueError for no text."""
    if not text:
        raise ValueError("no value")
    if _ADJACENT.fullmatch(text):
        return "".join(unescaped(string[1:-1]) for string in _STRING.findall(text))
    if text[0] in "[{" and text[-1] == _CLOSING[text[0]] and _is_one(text):
        if depth >= _DEEPEST:
            raise ValueError("nested too deeply")
        return (
            _ad(text, depth + 1)
            if text[0] == "["
            else [_value(part.strip(), depth + 1) for part, _ in _parts(text, ",", 1, len(text) - 1)]
        )
    if based := _BASED.fullmatch(text):
        number = int(based[2], 16) if based[2] else int(based[3], 8)
        return -number if based[1] == "-" else number
    value = literal(text)
    if value != text:
        return value
    return expression_text(_RUN.sub(lambda run: run["text"] or " ", text))


def _is_one(text: str) -> bool:
    """Return whether the bracket at the beginning of the text is closed at its end, and not before."""
    depth = 0
    for token in _TOKEN.finditer(text):
        depth += 1 if token["mark"] in _CLOSING else -1 if token["mark"] in ("}", "]", ")") else 0
        if not depth:
            return token.end() == len(text)
    return False


def _parts(text: str, separator: str, start: int, stop: int) -> Iterator[tuple[str, int]]:
    """Yield the parts between separators of an ad or a list, each with the position after it.

    The ad or list is the text from `start` to `stop`. Comments and blank parts are left out. ValueError for brackets
    that do not match.
    """
    expected: list[str] = []
    part: list[str] = []
    for token in _TOKEN.finditer(text, start, stop):
        mark = token["mark"]
        if token["comment"]:
            part += text[start : token.start()], " "
            start = token.end()
        elif mark in _CLOSING:
            expected.append(_CLOSING[mark])
        elif mark in ("}", "]", ")"):
            if not expected or expected.pop() != mark:
                raise ValueError("brackets that do not match")
        elif mark == separator and not expected:
            yield from _not_blank(token.end(), *part, text[start : token.start()])
            part, start = [], token.end()
    if expected:
        raise ValueError("a bracket that is not closed")
    yield from _not_blank(stop, *part, text[start:stop])


def _not_blank(end: int, *parts: str) -> Iterator[tuple[str, int]]:
    """Yield the joined parts with `end`, unless they are blank."""
    text = "".join(parts)
    if text.strip():
        yield text, end
