"""The values of ClassAds in the long form: numbers, booleans, strings, lists, nested ads, and expressions.

An expression stays text. A backslash is an escape only before a quotation mark that does not end the string.
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
# `real("NaN")`, `real("-INF")`; `relTime("1+02:03:04.5")`.
_SPECIAL = re.compile(r'real\("([-+]?)(nan|inf(?:inity)?)"\)', re.IGNORECASE)
_DURATION = re.compile(
    r'relTime\("(-?)(?:([0-9]{1,9})\+)?(?:(?:([0-9]{1,9}):)?([0-9]{1,9}):)?([0-9]{1,9}(?:\.[0-9]{1,9})?)"\)',
    re.IGNORECASE,
)
_WORDS = {"undefined": None, "error": None, "true": True, "false": False}
# Lists and ads that are nested deeper, or are longer, are expressions; a whole number of more digits is one, too.
_DEEPEST = 32
_LONGEST = 1 << 16
_MOST_DIGITS = 40
_CLOSING = {"{": "}", "[": "]", "(": ")"}
_CONTAINERS = (("{", "}"), ("[", "]"))


def literal(text: str, depth: int = 0) -> Any:
    """Return the value that a text is: None, bool, int, float, str, list or dict; an expression is returned as text.

    `depth` is the number of lists and ads around the value.
    """
    text = text.strip()
    if (word := text.lower()) in _WORDS:
        return _WORDS[word]
    if _WHOLE.fullmatch(text) and len(text) <= _MOST_DIGITS:
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
    """Return the name of an attribute without the quotes around it; a name that is no word has single quotes."""
    name = text.strip()
    return unescaped(name[1:-1]) if len(name) > 2 and name[0] == name[-1] == "'" else name


def unwrapped(text: str) -> Any:
    """Return the expression in a string of JSON, ``/Expr(x + 1)/``, in the long form; its value if it is a constant."""
    inner = text[6:-2].strip()
    if inner.lower() in _WORDS or _SPECIAL.fullmatch(inner) or _WHOLE.fullmatch(inner):
        return literal(inner)
    return in_old_form(inner)


def expression_text(text: str) -> str:
    """Return an expression as it is written inside of lists and nested ads: as a string of JSON."""
    return f"/Expr({text})/"


def _special(sign: str, word: str) -> float:
    value = math.nan if word.lower() == "nan" else math.inf
    return -value if sign == "-" else value


def _seconds(duration: re.Match[str]) -> float:
    """Return a match of `_DURATION` in seconds, as JSON has relative times."""
    sign, days, hours, minutes, seconds = duration.groups()
    whole = 86_400 * int(days or 0) + 3600 * int(hours or 0) + 60 * int(minutes or 0)
    return (whole + float(seconds)) * (-1 if sign else 1)


def _expression(text: str, depth: int) -> str:
    return expression_text(text) if depth else text


def _string(text: str, depth: int) -> str:
    """Return a string without quotes and escapes; text that only begins with a string is an expression."""
    inner = text[1:-1]
    if len(text) < 2 or not text.endswith('"') or inner.count('"') != inner.count('\\"'):
        return _expression(text, depth)
    return inner.replace('\\"', '"')


def _container(text: str, depth: int) -> Any:
    """Return a list or a nested ad; an expression when its brackets or quotes do not match."""
    try:
        parts = list(_parts(text[1:-1], "," if text[0] == "{" else ";"))
        if text[0] == "{":
            return [literal(part, depth + 1) for part in parts]
        pairs = [part.partition("=") for part in parts]
        return {attribute_name(name): literal(value, depth + 1) for name, _, value in pairs}
    except ValueError:
        return _expression(text, depth)


def _parts(text: str, separator: str) -> Iterator[str]:
    """Yield the parts between separators that are in no inner brackets or quotes.

    ValueError when brackets or quotes do not match.
    """
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
