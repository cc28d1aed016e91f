"""Escapes of characters: percent escapes, HTML entities, backslashes, doubled quotes, Unicode's equivalent forms.

For each sort a function finds start, end and meaning of every escape in some bytes, ascending and without overlaps. No
escape includes a NUL, which may separate texts. A text may hold nothing but escapes, millions of them, of which few
differ: so each is looked up, and only those that differ are decoded.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Callable
from html.entities import html5
from itertools import islice
from typing import TypeVar

import attrs
import numpy as np
import numpy.typing as npt

from anonkit.arrow.offsets import Bytes, Positions
from anonkit.normal_form import normalized
from anonkit.plugin.contracts import visible

__all__ = ["DOUBLED", "ESCAPES", "Escape", "Written", "without_groups"]

Text = TypeVar("Text", str, bytes)

Written = tuple[Positions, bytes]
"""Start and end of each escape, and the size of its meaning, a row each; and the meanings, joined."""

_AT_A_TIME = 1 << 16


@attrs.frozen
class Escape:
    """One sort of escape."""

    signs: bytes
    """Each escape holds one of these bytes, followed by one of `followed_by`."""
    followed_by: bytes
    decode: Callable[[Bytes], Written]
    """Returns the escapes in some bytes."""


def without_groups(pattern: bytes) -> bytes:
    """Return a pattern that matches the same and has no groups; it holds no escaped bracket and no named group."""
    return re.sub(rb"\((?!\?)", b"(?:", pattern)


def _by_pattern(
    pattern: re.Pattern[bytes], meaning: Callable[[re.Match[bytes]], tuple[int, bytes]]
) -> Callable[[Bytes], Written]:
    """Return a function that finds the escapes of a pattern.

    `meaning` gives the size of a match's escape and its meaning, nothing when it has none, from the match's own bytes.
    """
    # A match of many groups takes twice the time of one without.
    ungrouped = re.compile(without_groups(pattern.pattern))

    def meant(text: bytes) -> tuple[int, bytes]:
        match = pattern.match(text)
        size, char = meaning(match) if match else (0, b"")
        return (size, char) if char else (0, b"")

    def decode(data: Bytes) -> Written:
        matches, found = ungrouped.finditer(data.tobytes()), list[Written]()
        while some := [*islice(matches, _AT_A_TIME)]:
            texts = [match[0] for match in some]
            starts = np.array([match.start() for match in some], np.int64)
            found.append(_as_arrays(starts, texts, {text: meant(text) for text in set(texts)}))
        return _joined(found)

    return decode


def _as_arrays(starts: Positions, texts: list[Text], meant: dict[Text, tuple[int, bytes]]) -> Written:
    """Return the escapes among texts that begin there; `meant` has the size of each, 0 for none, and its meaning."""
    sizes = {text: size for text, (size, _) in meant.items()}
    meanings = {text: meaning for text, (_, meaning) in meant.items()}
    places = np.stack((starts, starts, starts), axis=1)
    places[:, 1] += np.fromiter(map(sizes.__getitem__, texts), np.int64, len(texts))
    joined = [meanings[text] for text in texts]
    places[:, 2] = np.fromiter(map(len, joined), np.int64, len(texts))
    return places[places[:, 1] > starts], b"".join(joined)


def _joined(found: list[Written]) -> Written:
    places = [np.zeros((0, 3), np.int64), *(places for places, _ in found)]
    return np.concatenate(places), b"".join(texts for _, texts in found)


_PERCENT = re.compile(rb"%(?:([0-9a-fA-F]{2})|u([0-9a-fA-F]{4}))")


def _percent(match: re.Match[bytes]) -> tuple[int, bytes]:
    return len(match[0]), bytes.fromhex(match[1].decode()) if match[1] else _character(match[2], 16)


_percents = _by_pattern(_PERCENT, _percent)
_DIGIT = np.full(256, 0xFF, np.uint8)
for _base, _digits in ((0, b"0123456789"), (10, b"abcdef"), (10, b"ABCDEF")):
    _DIGIT[np.frombuffer(_digits, np.uint8)] = np.arange(_base, _base + len(_digits))


def _percent_escapes(text: Bytes) -> Written:
    places = np.flatnonzero(text[: max(text.size - 2, 0)] == ord("%"))
    if (text[places + 1] == ord("u")).any():
        return _percents(text)
    high, low = _DIGIT[text[places + 1]], _DIGIT[text[places + 2]]
    valid = (high < 16) & (low < 16)
    places = places[valid]
    data = ((high[valid] << 4) | low[valid]).astype(np.uint8)
    return np.stack((places, places + 3, np.ones_like(places)), axis=1), data.tobytes()


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


def _entity(match: re.Match[bytes]) -> tuple[int, bytes]:
    number, hexadecimal = match[1], match[2]
    if number or hexadecimal:
        return len(match[0]), _character(number, 10) if number else _character(hexadecimal, 16)
    named: re.Match[bytes] | None = match
    if match[3] and match[3].decode() not in html5:
        named = _OLD_NAME.match(match[0])
    return (len(named[0]), html5[named[0][1:].decode()].encode()) if named else (0, b"")


_HEX = rb"[0-9a-fA-F]"
# A long run of backslashes has more layers than are decoded; a reader that undoes all of them is left with one.
_BACKSLASH = re.compile(
    rb"\\(?:(\\{7,})|u([dD][89abAB]%b{2})\\u([dD][c-fC-F]%b{2})|u(%b{4})" % (_HEX, _HEX, _HEX)
    + rb"|U(00(?:0%b|10)%b{4})|U((?!0000)%b{4})|[uU]\{0{0,30}(%b{1,6})\}" % (_HEX, _HEX, _HEX, _HEX)
    + rb"|(x[c-fC-F]%b(?:\\x[89abAB]%b)+)|x(%b{2})|([0-3][0-7]{2})|([bfnrt\"'/\\]))" % (_HEX, _HEX, _HEX)
)
_MEANT = {b"b": b"\b", b"f": b"\f", b"n": b"\n", b"r": b"\r", b"t": b"\t"}


def _backslash(match: re.Match[bytes]) -> tuple[int, bytes]:
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
    return len(match[0]), meaning


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


Codes = npt.NDArray[np.uint32]
"""Characters, as their numbers."""

_LAST_ASCII = 0x7F
_IS_MARK, _IS_OTHERWISE = 1, 2


def _compatible(data: Bytes) -> Written:
    """Return full-width letters, ligatures, and letters apart from their accents, as NFKC (Unicode Annex 15) has them.

    Invisible characters mean nothing; letters mean small ones, since a name may mix capitals and small letters.
    """
    # Bytes that are not a character stay: each is a surrogate.
    text = data.tobytes().decode("utf-8", "surrogateescape")
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    firsts, lasts = _clusters(codes)
    offsets = np.concatenate(([0], np.cumsum(_widths(codes), dtype=np.int64)))[firsts]
    parts = (slice(at, at + _AT_A_TIME) for at in range(0, firsts.size, _AT_A_TIME))
    return _joined([_composed(_slices(text, firsts[part], lasts[part]), offsets[part]) for part in parts])


def _slices(text: str, firsts: Positions, lasts: Positions) -> list[str]:
    return [text[first:last] for first, last in zip(firsts.tolist(), lasts.tolist(), strict=True)]


def _clusters(codes: Codes) -> tuple[Positions, Positions]:
    """Return where characters begin and end, with the marks after them, of those that may have another form."""
    kinds = np.zeros(sys.maxunicode + 1, np.uint8)
    for code in np.unique(codes[codes > _LAST_ASCII]).tolist():
        kinds[code] = _kind(chr(code))
    kinds = kinds[codes]
    begins = kinds & _IS_MARK == 0
    begins[:1] = True
    # A NUL separates texts, and so no mark belongs to it.
    begins[1:] |= codes[:-1] == 0
    heads = np.flatnonzero(begins)
    chosen = np.flatnonzero(np.bitwise_or.reduceat(kinds, heads)) if heads.size else heads
    return heads[chosen], np.append(heads, codes.size)[chosen + 1]


def _kind(char: str) -> int:
    return _IS_MARK * bool(unicodedata.combining(char)) | _IS_OTHERWISE * (_compatible_form(char) != char)


def _compatible_form(cluster: str) -> str:
    return visible(normalized("NFKC", cluster).casefold())


def _composed(clusters: list[str], offsets: Positions) -> Written:
    """Return the forms of the characters at these offsets, of those that have another."""
    forms = {cluster: _compatible_form(cluster) for cluster in set(clusters)}
    changed = {cluster: (len(_encoded(cluster)), _encoded(form)) for cluster, form in forms.items() if form != cluster}
    return _as_arrays(offsets, clusters, {cluster: changed.get(cluster, (0, b"")) for cluster in forms})


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def _widths(codes: Codes) -> Bytes:
    """Return the number of bytes of each character; that of a surrogate is one."""
    sizes = np.ones(codes.size, np.uint8)
    for first in (0x80, 0x800, 0x10000):
        sizes += codes >= first
    sizes[(codes >= 0xD800) & (codes < 0xE000)] = 1
    return sizes


_QUOTES = re.compile(rb"''+")


def _quotes(match: re.Match[bytes]) -> tuple[int, bytes]:
    """A run of quotes means one: two of them, or four outside of quotes in an environment's V2 form."""
    return len(match[0]), b"'"


_DIGITS = b"0123456789abcdefABCDEF"
_LETTERS = bytes(range(ord("a"), ord("z") + 1)) + bytes(range(ord("A"), ord("Z") + 1))

PERCENT = Escape(b"%", _DIGITS + b"u", _percent_escapes)
ENTITY = Escape(b"&", b"#" + _LETTERS, _by_pattern(_ENTITY, _entity))
BACKSLASH = Escape(b"\\", b"uUx0123bfnrt\"'/\\", _by_pattern(_BACKSLASH, _backslash))
WIDE = Escape(bytes(range(128, 256)), bytes(range(256)), _compatible)
DOUBLED = Escape(b"'", b"'", _by_pattern(_QUOTES, _quotes))
ESCAPES = (PERCENT, ENTITY, BACKSLASH, DOUBLED, WIDE)
