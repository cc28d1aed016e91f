r"""Escapes that are torn: a digit or letter of one is written as an escape itself, ``\u00\u0036\x31``, ``&#9%38``.

No format writes such text, and what it says depends on which escape a reader undoes first. So it is found as it is
written, and replaced whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.entities import html5

from anonkit.text.escapes import without_groups

__all__ = ["torn_escapes"]

_HEX = "0123456789abcdefABCDEF"

_ZEROS = b"0{0,30}"
_HEXES = b"[0-9a-fA-F]"
# One character, escaped once; a group has its number or name, and `_BASES` the base of the number (0 for a name).
_ESCAPE = (
    rb"%(HH)|&#(?:(ZZ[0-9]{1,3})(?![0-9])|[xX](ZZHEX{1,2})(?!HEX));?|&([a-zA-Z]{2,8});"
    rb"|\\{1,8}(?:u00(HH)|U0000(HH)(?!HEX)|U000000(HH)|[uU]\{ZZ(HEX{1,2})\}|x(HH)|([0-3][0-7]{2}))"
)
_ESCAPE = _ESCAPE.replace(b"HH", _HEXES * 2).replace(b"HEX", _HEXES).replace(b"ZZ", _ZEROS)
_ESCAPED = re.compile(_ESCAPE)
_BASES = (16, 10, 16, 0, 16, 16, 16, 16, 16, 8)

# An escape that is complete as written is not torn, unless its sign is escaped.
_WHOLE = rb"%HEX{2}|&#[0-9]+;|&#[xX]HEX+;|\\xHEX{2}|\\uHEX{4}|\\[0-3][0-7]{2}"
_PERCENT, _AMPERSAND, _BACKSLASH = (
    rb"%NN|&#(?:0{0,30}DD|[xX]0{0,30}NN);?|MM|\\{1,8}(?:(?:u00|U000000|x|[uU]\{0{0,30})NN\}?|OO)".replace(b"NN", digits)
    .replace(b"DD", decimal)
    .replace(b"OO", octal)
    .replace(b"MM", name)
    for digits, decimal, octal, name in (
        (b"25", b"37", b"045", b"&percnt;"),
        (b"26", b"38", b"046", b"&amp;"),
        (b"5[cC]", b"92", b"134", b"&bsol;"),
    )
)
# Where a torn escape may begin, by two bytes; most signs are passed over by these alone.
_SIGN = re.compile(rb"%(?=[0-9a-fA-Fu%&\\])|&(?=[0-9a-zA-Z#%&\\])|\\(?=[0-7uUx%&\\])")
# Of a long run of backslashes the last ones matter.
_LIKELY = re.compile(
    rb"(?!\\{9})(?:%b)"
    % b"|".join(
        b"(?:%b|(?!WHOLE)%b)(?=%b(?:ESCAPE))" % (escaped, sign, before)
        for escaped, sign, before in (
            (_PERCENT, b"%", b"(?:uHEX{0,3}|HEX?)"),
            (_AMPERSAND, b"&", rb"#?[0-9a-zA-Z]{0,38}"),
            (_BACKSLASH, rb"\\", rb"(?:[uUx]\{?HEX{0,36}|[0-3]?[0-7]?)"),
        )
    )
    .replace(b"ESCAPE", without_groups(_ESCAPE))
    .replace(b"WHOLE", _WHOLE)
    .replace(b"HEX", _HEXES)
)


def torn_escapes(text: bytes) -> Iterator[tuple[int, int]]:
    """Yield start and end of each torn escape in some bytes; ascending, none overlapping another."""
    searched = end = 0
    for place in _SIGN.finditer(text):
        start = place.start()
        sign = _LIKELY.match(text, start) if start >= searched else None
        if sign is None:
            continue
        searched = sign.end()
        stop = _end(text, sign) if start >= end else 0
        if stop:
            end = stop
            yield start, stop


def _end(text: bytes, sign: re.Match[bytes]) -> int:
    """Return where the torn escape with that sign ends; 0 for none. ``&#38`` is a sign, and begins with one."""
    as_written = _end_after(text[sign.start() : sign.start() + 1].decode(), text, sign.start() + 1)
    if len(sign[0]) == 1:
        return as_written
    return max(as_written, _end_after(_character(text, sign.start())[0], text, sign.end()))


def _end_after(sign: str, text: bytes, at: int) -> int:
    if sign == "%":
        return _end_of_percent(text, at)
    return _end_of_entity(text, at) if sign == "&" else _end_of_backslash(text, at)


def _character(text: bytes, at: int) -> tuple[str, int, bool]:
    """Return the character written at a place, where it ends, and whether it is escaped."""
    escaped = _ESCAPED.match(text, at)
    if escaped is None:
        return text[at : at + 1].decode("latin-1"), at + 1, False
    group = escaped.lastindex or 0
    digits = escaped[group].decode()
    base = _BASES[group - 1]
    return (chr(int(digits, base)) if base else html5.get(f"{digits};", "")), escaped.end(), True


def _run(text: bytes, at: int, allowed: str, least: int, most: int) -> tuple[int, bool]:
    """Return where a run of some characters ends, and whether one of them is escaped; 0 for too short a run."""
    torn, count = False, 0
    while count < most:
        char, stop, escaped = _character(text, at)
        if not char or char not in allowed:
            break
        at, torn, count = stop, torn or escaped, count + 1
    return (at, torn) if count >= least else (0, False)


def _end_of_percent(text: bytes, at: int) -> int:
    char, stop, escaped = _character(text, at)
    if char == "u":
        end, torn = _run(text, stop, _HEX, 4, 4)
        return end if torn or escaped else 0
    end, torn = _run(text, at, _HEX, 2, 2)
    return end if torn else 0


def _end_of_entity(text: bytes, at: int) -> int:
    char, stop, torn = _character(text, at)
    if char != "#":
        return _end_of_named_entity(text, at)
    char, after_x, escaped = _character(text, stop)
    is_hexadecimal = char in "xX" and bool(char)
    start = after_x if is_hexadecimal else stop
    end, in_digits = _run(text, start, _HEX if is_hexadecimal else _HEX[:10], 1, 38)
    if not end:
        return 0
    torn |= in_digits or (is_hexadecimal and escaped)
    char, stop, escaped = _character(text, end)
    if char == ";":
        end, torn = stop, torn or escaped
    return end if torn else 0


def _end_of_named_entity(text: bytes, at: int) -> int:
    name, torn = "", False
    while len(name) < 32:
        char, at, escaped = _character(text, at)
        name, torn = name + char, torn or escaped
        if not char.isalnum():
            break
    return at if torn and name in html5 else 0


def _end_of_backslash(text: bytes, at: int) -> int:
    char, stop, torn = _character(text, at)
    if not char or char not in "uUx0123":
        return 0
    if char.isdecimal():
        end, torn = _run(text, at, "01234567", 3, 3)
        return end if torn else 0
    brace, after_brace, escaped = _character(text, stop)
    if brace == "{":
        end, in_digits = _run(text, after_brace, _HEX, 1, 36)
        char, last, at_end = _character(text, end) if end else ("", 0, False)
        return last if char == "}" and (torn or escaped or in_digits or at_end) else 0
    return _end_of_digits(text, stop, {"u": (4,), "U": (8, 4), "x": (2,)}[char], torn=torn)


def _end_of_digits(text: bytes, at: int, sizes: tuple[int, ...], *, torn: bool) -> int:
    for size in sizes:
        end, in_digits = _run(text, at, _HEX, size, size)
        if end:
            return end if torn or in_digits else 0
    return 0
