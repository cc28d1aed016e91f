"""Escapes of characters: percent escapes, HTML entities, backslashes, doubled quotes, Unicode's equivalent forms.

For each sort a function yields start, end and meaning of every escape in some bytes, ascending and without overlaps. No
escape includes a NUL, which may separate texts.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from html.entities import html5

import attrs
import numpy as np

from anonkit.arrow.offsets import Bytes, Positions
from anonkit.normal_form import normalized
from anonkit.plugin.contracts import visible

__all__ = ["DOUBLED", "ESCAPES", "Escape", "Written"]

Written = tuple[int, int, bytes]
"""Start and end of an escape, and the characters that it means."""


@attrs.frozen
class Escape:
    """One sort of escape."""

    signs: bytes
    """Each escape holds one of these bytes, followed by one of `followed_by`."""
    followed_by: bytes
    decode: Callable[[bytes], Iterator[Written]]
    """Yields the escapes in some bytes."""
    decode_array: Callable[[Bytes], tuple[Positions, Bytes] | None] | None = None
    """The same in arrays, when each escape means one byte: (start, stop, 1) of each, and the bytes; None otherwise."""


_PERCENT = re.compile(rb"%(?:([0-9a-fA-F]{2})|u([0-9a-fA-F]{4}))")


def _percent(text: bytes) -> Iterator[Written]:
    for match in _PERCENT.finditer(text):
        meaning = bytes.fromhex(match[1].decode()) if match[1] else _character(match[2], 16)
        if meaning:
            yield *match.span(), meaning


_DIGIT = np.full(256, 0xFF, np.uint8)
for _base, _digits in ((0, b"0123456789"), (10, b"abcdef"), (10, b"ABCDEF")):
    _DIGIT[np.frombuffer(_digits, np.uint8)] = np.arange(_base, _base + len(_digits))


def _percent_array(text: Bytes) -> tuple[Positions, Bytes] | None:
    places = np.flatnonzero(text[: max(text.size - 2, 0)] == ord("%"))
    if (text[places + 1] == ord("u")).any():
        return None
    high, low = _DIGIT[text[places + 1]], _DIGIT[text[places + 2]]
    valid = (high < 16) & (low < 16)
    places = places[valid]
    data = ((high[valid] << 4) | low[valid]).astype(np.uint8)
    return np.stack((places, places + 3, np.ones_like(places)), axis=1), data


# Zeros before a number; no entity is longer than `segmentation` allows for.
_ZEROS = "0{0,30}"
# Old names need no semicolon.
_OLD_NAMES = sorted((name for name in html5 if not name.endswith(";")), key=len, reverse=True)
_ENTITY = re.compile(
    r"&(?:#(ZEROS[0-9]{1,9});?|#[xX](ZEROS[0-9a-fA-F]{1,8});?|([a-zA-Z][a-zA-Z0-9]{1,31};)|(OLD))".replace(
        "ZEROS", _ZEROS
    )
    .replace("OLD", "|".join(_OLD_NAMES))
    .encode()
)
_OLD_NAME = re.compile(rf"&({'|'.join(_OLD_NAMES)})".encode())


def _entities(text: bytes) -> Iterator[Written]:
    for match in _ENTITY.finditer(text):
        named: re.Match[bytes] | None = match
        if match[3] and match[3].decode() not in html5:
            named = _OLD_NAME.match(text, match.start())
        if named is None:
            continue
        number, hexadecimal = match[1], match[2]
        if number or hexadecimal:
            meaning = _character(number, 10) if number else _character(hexadecimal, 16)
        else:
            meaning = html5[text[named.start() + 1 : named.end()].decode()].encode()
        if meaning:
            yield *named.span(), meaning


_HEX = rb"[0-9a-fA-F]"
# A long run of backslashes has more layers than are decoded; a reader that undoes all of them is left with one.
_BACKSLASH = re.compile(
    rb"\\(?:(\\{7,})|u([dD][89abAB]%b{2})\\u([dD][c-fC-F]%b{2})|u(%b{4})" % (_HEX, _HEX, _HEX)
    + rb"|U(00(?:0%b|10)%b{4})|U((?!0000)%b{4})|[uU]\{0{0,30}(%b{1,6})\}" % (_HEX, _HEX, _HEX, _HEX)
    + rb"|(x[c-fC-F]%b(?:\\x[89abAB]%b)+)|x(%b{2})|([0-3][0-7]{2})|([bfnrt\"'/\\]))" % (_HEX, _HEX, _HEX)
)
_MEANT = {b"b": b"\b", b"f": b"\f", b"n": b"\n", b"r": b"\r", b"t": b"\t"}


def _backslashes(text: bytes) -> Iterator[Written]:
    for match in _BACKSLASH.finditer(text):
        run, high, low, four, eight, short, braced, many, two, octal, letter = match.groups()
        if run:
            meaning = b"\\"
        elif letter:
            meaning = _MEANT.get(letter, letter)
        elif high:
            meaning = bytes.fromhex((high + low).decode()).decode("utf-16-be").encode()
        elif many:
            meaning = _text_of_bytes(bytes.fromhex(many.replace(b"\\", b"").replace(b"x", b"").decode()))
        else:
            meaning = _character(four or eight or short or braced or two or octal, 8 if octal else 16)
        if meaning:
            yield *match.span(), meaning


def _text_of_bytes(data: bytes) -> bytes:
    """Return bytes that are UTF-8 as they are, others as the characters of these numbers."""
    try:
        data.decode()
    except UnicodeDecodeError:
        return data.decode("latin-1").encode()
    return data


def _character(digits: bytes, base: int) -> bytes:
    """Return the character of a number; nothing for what is not a character."""
    number = int(digits, base)
    return chr(number).encode("utf-8", "ignore") if number < 0x110000 else b""


# Together with the character before them: accents follow their letter.
_WIDE = re.compile(rb"[\x01-\x7f]?[\x80-\xff]+")


def _compatible(text: bytes) -> Iterator[Written]:
    """Yield full-width letters, ligatures, and letters apart from their accents, as NFKC (Unicode Annex 15) has them.

    Invisible characters mean nothing; a sharp s means two letters.
    """
    for match in _WIDE.finditer(text):
        # Bytes that are not a character stay: each is a surrogate.
        at, cluster = match.start(), ""
        for char in match[0].decode("utf-8", "surrogateescape") + "\0":
            if cluster and not unicodedata.combining(char):
                size = len(cluster.encode("utf-8", "surrogateescape"))
                composed = visible(_folded(normalized("NFKC", cluster)))
                if composed != cluster:
                    yield at, at + size, composed.encode("utf-8", "surrogateescape")
                at, cluster = at + size, ""
            cluster += char


def _folded(char: str) -> str:
    """Return a letter, or its folded case where that is not its lower case: two letters for a sharp s."""
    folded = char.casefold()
    return char if folded == char.lower() else folded


_QUOTES = re.compile(rb"''+")


def _doubled(text: bytes) -> Iterator[Written]:
    """Yield runs of quotes, which mean one: two of them, or four outside of quotes in an environment's V2 form."""
    for match in _QUOTES.finditer(text):
        yield *match.span(), b"'"


_DIGITS = b"0123456789abcdefABCDEF"
_LETTERS = bytes(range(ord("a"), ord("z") + 1)) + bytes(range(ord("A"), ord("Z") + 1))

PERCENT = Escape(b"%", _DIGITS + b"u", _percent, _percent_array)
ENTITY = Escape(b"&", b"#" + _LETTERS, _entities)
BACKSLASH = Escape(b"\\", b"uUx0123bfnrt\"'/\\", _backslashes)
WIDE = Escape(bytes(range(128, 256)), bytes(range(256)), _compatible)
DOUBLED = Escape(b"'", b"'", _doubled)
ESCAPES = (PERCENT, ENTITY, BACKSLASH, DOUBLED, WIDE)
