"""Values of ClassAds as text: numbers, booleans, strings, lists, nested ads, and expressions, which stay text.

In the long form a backslash is an escape only before a quotation mark that does not end the string.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from typing import Any

from anonkit_std.readers.classad_escapes import in_old_form, unescaped

__all__ = ["attribute_name", "expression_text", "literal", "unwrapped"]

_WHOLE = re.compile(r"[-+]?[0-9]+")
_REAL = re.compile(r"[-+]?([0-9]+\.[0-9]*|\.[0-9]+|[0-9]+(?=[eE]))([eE][-+]?[0-9]+)?")
_SPECIAL = re.compile(r'real\("([-+]?)(nan|inf(?:inity)?)"\)', re.IGNORECASE)
_DURATION = re.compile(
    r'relTime\("(-?)(?:([0-9]{1,9})\+)?(?:(?:([0-9]{1,9}):)?([0-9]{1,9}):)?([0-9]{1,9}(?:\.[0-9]{1,9})?)"\)',
    re.IGNORECASE,
)
_WORDS = {"undefined": None, "error": None, "true": True, "false": False}
_DEEPEST = 32
_LONGEST = 1 << 16
_CLOSING = {"{": "}", "[": "]", "(": ")"}
_CONTAINERS = (("{", "}"), ("[", "]"))


def literal(text: str, depth: int = 0) -> Any:
    """Return the value that a text is: None, bool, int, float, str, list or dict; an expression is its own text."""
    text = text.strip()
    if (word := text.lower()) in _WORDS:
        return _WORDS[word]
    if _WHOLE.fullmatch(text) and len(text) <= 40:
        return int(text)
    if _REAL.fullmatch(text):
        return float(text)
    if special := _SPECIAL.fullmatch(text):
        return _special(special[1], special[2])
    if duration := _DURATION.fullmatch(text):
        return _seconds(duration)
    if text.startswith('"'):
        return _string(text, depth)
    if depth < _DEEPEST and len(text) <= _LONGEST and (text[:1], text[-1:]) in _CONTAINERS:
        return _container(text, depth)
    return _expression(text, depth)


def attribute_name(text: str) -> str:
    """Return the name of an attribute, which is in single quotes when it is no word."""
    name = text.strip()
    return unescaped(name[1:-1]) if len(name) > 2 and name[0] == name[-1] == "'" else name


def unwrapped(text: str) -> Any:
    """Return what a string in JSON is that holds an expression, ``/Expr(x + 1)/``: the expression, or its value."""
    inner = text[6:-2].strip()
    if inner.lower() in _WORDS or _SPECIAL.fullmatch(inner) or _WHOLE.fullmatch(inner):
        return literal(inner)
    return in_old_form(inner)


def expression_text(text: str) -> str:
    """Return an expression as JSON has it inside of lists and nested ads."""
    return f"/Expr({text})/"


def _special(sign: str, word: str) -> float:
    value = math.nan if word.lower() == "nan" else math.inf
    return -value if sign == "-" else value


def _seconds(duration: re.Match[str]) -> float:
    """Return a relative time as JSON has it: ``1+02:03:04`` in seconds."""
    sign, days, hours, minutes, seconds = duration.groups()
    whole = 86_400 * int(days or 0) + 3600 * int(hours or 0) + 60 * int(minutes or 0)
    return (whole + float(seconds)) * (-1 if sign else 1)


def _expression(text: str, depth: int) -> str:
    return expression_text(text) if depth else text


def _string(text: str, depth: int) -> str:
    inner = text[1:-1]
    if len(text) < 2 or not text.endswith('"') or inner.count('"') != inner.count('\\"'):
        return _expression(text, depth)
    return inner.replace('\\"', '"')


def _container(text: str, depth: int) -> Any:
    try:
        parts = list(_parts(text[1:-1], "," if text[0] == "{" else ";"))
        if text[0] == "{":
            return [literal(part, depth + 1) for part in parts]
        pairs = [part.partition("=") for part in parts]
        return {attribute_name(name): literal(value, depth + 1) for name, _, value in pairs}
    except ValueError:
        return _expression(text, depth)


def _parts(text: str, separator: str) -> Iterator[str]:
    """Yield the parts of a list or a nested ad. ValueError when brackets or quotes do not match."""
    start, expected, quoted = 0, [], False
    for place, letter in enumerate(text):
        if letter == '"' and not (quoted and text[place - 1] == "\\"):
            quoted = not quoted
        elif quoted:
            continue
        elif letter in _CLOSING:
            expected.append(_CLOSING[letter])
        elif letter in "}])":
            if not expected or expected.pop() != letter:
                raise ValueError("brackets that do not match")
        elif letter == separator and not expected:
            yield text[start:place]
            start = place + 1
    if quoted or expected:
        raise ValueError("a bracket or a quote that is not closed")
    if text[start:].strip():
        yield text[start:]
