"""Values of ClassAds as text: numbers, booleans, strings, lists, nested ads, and expressions, which stay text.

In the long form a backslash is an escape only before a quotation mark that does not end the string.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from typing import Any

__all__ = ["expression_text", "literal", "unwrapped"]

_WHOLE = re.compile(r"[-+]?[0-9]+")
_REAL = re.compile(r"[-+]?([0-9]+\.[0-9]*|\.[0-9]+|[0-9]+(?=[eE]))([eE][-+]?[0-9]+)?")
_SPECIAL = re.compile(r'real\("([-+]?)(nan|inf(?:inity)?)"\)', re.IGNORECASE)
_WORDS = {"undefined": None, "error": None, "true": True, "false": False}
_DEEPEST = 32
_LONGEST = 1 << 16
_CLOSING = {"{": "}", "[": "]", "(": ")"}


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
    if text.startswith('"'):
        return _string(text, depth)
    if depth < _DEEPEST and len(text) <= _LONGEST and _CLOSING.get(text[:1], "(") == text[-1:]:
        return _container(text, depth)
    return _expression(text, depth)


def unwrapped(text: str) -> Any:
    """Return what a string in JSON is that holds an expression, ``/Expr(x + 1)/``: the expression, or its number."""
    inner = text[6:-2]
    special = _SPECIAL.fullmatch(inner)
    return _special(special[1], special[2]) if special else inner


def expression_text(text: str) -> str:
    """Return an expression as JSON has it inside of lists and nested ads."""
    return f"/Expr({text})/"


def _special(sign: str, word: str) -> float:
    value = math.nan if word.lower() == "nan" else math.inf
    return -value if sign == "-" else value


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
        return {name.strip(): literal(value, depth + 1) for name, _, value in pairs}
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
