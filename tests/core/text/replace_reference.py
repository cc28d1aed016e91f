"""The garbler's rule, written out one byte at a time: slow, obvious, and what the fast one is compared with."""

from __future__ import annotations

import html.entities
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache

from anonkit.plugin.contracts import Boundary, Place, visible
from anonkit.text.spellings import Literals

DIGITS = frozenset("0123456789")
BASE64 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_"
QUOTES = "'\"\\\r\n"

Cell = tuple[int, int, int]
"""A byte, and from where to where in the text what it was written as stands."""
CellNormalizer = tuple[Cell, ...]
Found = tuple[int, int, str, int]
"""From where to where a literal stands in the text, its token, and its length."""


def garble(text: str | None, literals: Literals) -> str | None:
    """Return `text` with, from left to right, the longest literal that can be made out at each place replaced.

    Without a literal the text stays, also an escape that may be read in several ways.
    """
    if text is None or not literals.patterns:
        return text
    raw = text.encode()
    cells = tuple((byte, at, at + 1) for at, byte in enumerate(raw))
    views = [*decoded(cells, 3), *deeply_decoded(cells)]
    found = [*standing(cells, literals), *joined(cells, literals)]
    for view in (cells, *views):
        found += [
            (view[start][1], view[stop - 1][2], "(withheld)", 0)
            for start, stop in torn_escapes(bytes(byte for byte, _, _ in view))
        ]
    for view in views:
        found += [*standing(view, literals), *joined(view, literals)]
    # Of those that cover the same escapes, the one that is longest as written, then the longest name.
    found.sort(key=lambda one: (one[0] - one[1], -one[3]))
    covering = [snapped(one, views) for one in found]
    out, at = b"", 0
    while at < len(raw):
        here = [(stop, token) for start, stop, token in covering if start == at]
        if here:
            stop, token = max(here, key=lambda one: one[0])
            ending = restored_quotes(raw[at:stop], raw)
            out += token.encode() + (
                ending or (b"_" if raw[stop : stop + 1].isdigit() and token != "(withheld)" else b"")
            )
            at = stop
        else:
            out += raw[at : at + 1]
            at += 1
    return out.decode()


def _allowed(text: bytes, start: int, stop: int, rule: Boundary, named: Sequence[Place]) -> bool:
    left, name, right = (
        part.decode("utf-8", "surrogateescape") for part in (text[:start], text[start:stop], text[stop:])
    )
    if rule is Boundary.NUMBER:
        return left[-1:] not in DIGITS and right[:1] not in DIGITS
    glued = rule in (Boundary.PART, Boundary.PART_PREFIX) and len(name) >= 3
    begins = not left[-1:].isalnum() or (glued and _changes(left, name + right))
    ends = not right[:1].isalnum() or (glued and _changes(left + name, right))
    if rule in (Boundary.WORD, Boundary.PREFIX, Boundary.PART, Boundary.PART_PREFIX, Boundary.NAMED) and not begins:
        return False
    if rule in (Boundary.WORD, Boundary.END, Boundary.PART, Boundary.NAMED) and not ends:
        return False
    return rule is not Boundary.NAMED or any(
        re.search(f"(?:{place.before})\\Z", left, re.IGNORECASE | re.ASCII)
        and re.match(place.after, right, re.IGNORECASE | re.ASCII)
        for place in named
    )


def _changes(left: str, right: str) -> bool:
    """Return whether a word has a new part between two texts, as camel case and numbers have them."""
    cases = "".join(map(_case, left[-2:].rjust(2) + right[:2].ljust(2)))
    return any(re.fullmatch(shape, cases) for shape in (".d[Ul].", ".[Ul]d.", ".lU.", "UUl.", ".UUl"))


def _case(char: str) -> str:
    if char.isalpha():
        return "U" if char.isupper() else "l"
    return "d" if char.isalnum() else "-"


def places(cells: CellNormalizer, literals: Literals) -> Iterator[tuple[int, int, bytes, str]]:
    """Yield from where to where literals stand in a view, and each with its token; those that end first come first."""
    text = bytes(byte for byte, _, _ in cells)
    lowered = bytes(byte + 32 if 65 <= byte <= 90 else byte for byte in text)
    here = [
        (at + len(pattern), at, pattern, rule, token)
        for pattern, rule, token in zip(literals.patterns, literals.rules, literals.tokens, strict=True)
        if pattern in lowered
        for at in range(len(text))
        if lowered.startswith(pattern, at)
        and _allowed(text, at, at + len(pattern), rule, literals.places.get(pattern, ()))
    ]
    yield from (
        (start, stop, pattern, token) for stop, start, pattern, _, token in sorted(here, key=lambda one: one[:2])
    )


def standing(cells: CellNormalizer, literals: Literals) -> Iterator[Found]:
    """Yield what stands in a view, as it was written; base64 with the characters beside it that tell of it as well."""
    for start, stop, pattern, token in places(cells, literals):
        before, behind = literals.encoded.get(pattern, (0, 0))
        first = start - (before > 0 and start > 0 and cells[start - 1][0] in BASE64)
        last = stop + (behind > 0 and stop < len(cells) and cells[stop][0] in BASE64)
        yield cells[first][1], cells[last - 1][2], token, len(pattern)


def joined(cells: CellNormalizer, literals: Literals) -> Iterator[Found]:
    """Yield what stands in a view without quotes, backslashes and line breaks, if some are left out inside it."""
    kept: list[int] = []
    indent = False
    for at, (byte, _, _) in enumerate(cells):
        if chr(byte) in QUOTES:
            indent = chr(byte) in "\r\n"
        elif not (indent and chr(byte) in " \t"):
            kept.append(at)
            indent = False
    for start, stop, pattern, token in places(tuple(cells[at] for at in kept), literals):
        first, last = kept[start], kept[stop - 1]
        if len(pattern.decode()) >= 5 and pattern not in literals.encoded and last - first > stop - 1 - start:
            yield cells[first][1], cells[last][2], token, len(pattern)


WRITTEN = frozenset("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ#;{}")
# A complete escape, and an escape of one character of another one, with the base of its number.
WHOLE = [
    r"%([0-9a-fA-F]{2}|u[0-9a-fA-F]{4})",
    r"&(#[0-9]{1,38};?|#[xX][0-9a-fA-F]{1,38};?|[a-zA-Z0-9]{1,31};)",
    r"\\([0-3][0-7]{2}|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|U[0-9a-fA-F]{4}|[uUx]\{[0-9a-fA-F]{1,36}\})",
]
INNER = [
    (r"%([0-9a-fA-F]{2})", 16),
    (r"&#(0{0,30}[0-9]{1,3})(?![0-9]);?", 10),
    (r"&#[xX](0{0,30}[0-9a-fA-F]{1,2})(?![0-9a-fA-F]);?", 16),
    (r"\\{1,8}(?:u00|U000000|x)([0-9a-fA-F]{2})", 16),
    (r"\\{1,8}U0000([0-9a-fA-F]{2})(?![0-9a-fA-F])", 16),
    (r"\\{1,8}[uU]\{0{0,30}([0-9a-fA-F]{1,2})\}", 16),
    (r"\\{1,8}([0-3][0-7]{2})", 8),
]


def torn_escapes(text: bytes) -> Iterator[tuple[int, int]]:
    """Yield from where to where escapes stand of which a character behind the sign is written as an escape itself."""
    end = 0
    for at in range(len(text)):
        if at >= end and text[at] in b"%&\\":
            sign, stop = inner(text[at : at + 48].decode("latin-1"))
            ends = [torn_end(text, at + 1, chr(text[at]))]
            ends += [torn_end(text, at + stop, sign)] if stop > 1 and sign in "%&\\" else []
            if max(ends):
                end = max(ends)
                yield at, end


def torn_end(text: bytes, at: int, sign: str) -> int:
    """Return where the torn escape ends that has its sign before `at`; 0 if there is none, or if it is not torn."""
    characters, ends, escaped = sign, [at], [False]
    while ends[-1] < len(text) and len(ends) < 45 and (len(ends) == 1 or characters[-1] in WRITTEN):
        character, size = inner(text[ends[-1] : ends[-1] + 48].decode("latin-1"))
        characters += character
        ends.append(ends[-1] + size)
        escaped.append(size > 1)
    for whole in WHOLE:
        match = re.match(whole, characters)
        if match and (match[1][0] == "#" or sign != "&" or match[1] in html.entities.html5):
            return ends[match.end() - 1] if any(escaped[: match.end()]) else 0
    return 0


@lru_cache(100_000)
def inner(text: str) -> tuple[str, int]:
    """Return the character that a text begins with, undone once if it is escaped, and its length as it is written."""
    for shape, base in INNER:
        if match := re.match(shape, text):
            return chr(int(match[1], base)), match.end()
    if (match := re.match("&[a-zA-Z]{2,8};", text)) and match[0][1:] in html.entities.html5:
        return html.unescape(match[0])[0], match.end()
    return text[0], 1


# Kinds of escapes that are undone in another order often give the same view.
@lru_cache(1000)
def decoded(cells: CellNormalizer, depth: int) -> tuple[CellNormalizer, ...]:
    """Return the views of a view: escapes of one kind undone, then others within what came out; each view once."""
    views = [view for view in _once(cells) if view != cells] if depth else []
    return tuple(dict.fromkeys(found for view in views for found in (view, *decoded(view, depth - 1))))


def _once(cells: CellNormalizer) -> Iterator[CellNormalizer]:
    """Yield a view with the escapes of each kind undone, by itself."""
    yield from (_replaced(cells, sign, read) for sign, read in READERS)
    yield compatible(cells)


def deeply_decoded(cells: CellNormalizer) -> Iterator[CellNormalizer]:
    """Yield the views of a text with more than three layers: all kinds undone one after another, again and again."""
    if _layers(cells) < 4:
        return
    while (view := _round(cells)) != cells:
        yield view
        cells = view


@lru_cache(1000)
def _layers(cells: CellNormalizer) -> int:
    return max((1 + _layers(view) for view in _once(cells) if view != cells), default=0)


def _round(cells: CellNormalizer) -> CellNormalizer:
    for sign, read in READERS:
        cells = _replaced(cells, sign, read)
    return compatible(cells)


def _replaced(cells: CellNormalizer, sign: str, read: Callable[[str], tuple[int, bytes]]) -> CellNormalizer:
    """Return the cells with what `read` reads at each `sign`: how long it is, and what it stands for."""
    text = bytes(byte for byte, _, _ in cells).decode("latin-1")
    out: list[Cell] = []
    at = 0
    while at < len(text):
        size, stands_for = read(text[at:]) if text[at] == sign else (0, b"")
        if size:
            out += [(byte, cells[at][1], cells[at + size - 1][2]) for byte in stands_for]
            at += size
        else:
            out.append(cells[at])
            at += 1
    return tuple(out)


def character(number: int) -> bytes:
    return chr(number).encode("utf-8", "ignore") if number < 0x110000 else b""


def numbered(digits: str, base: int, size: int) -> tuple[int, bytes]:
    stands_for = character(int(digits, base))
    return (size, stands_for) if stands_for else (0, b"")


def percent(text: str) -> tuple[int, bytes]:
    if match := re.match("%([0-9a-fA-F]{2})", text):
        return 3, bytes([int(match[1], 16)])
    if match := re.match("%u([0-9a-fA-F]{4})", text):
        return numbered(match[1], 16, 6)
    return 0, b""


def entity(text: str) -> tuple[int, bytes]:
    if match := re.match("&#(0{0,22}[0-9]{1,9});?", text):
        return numbered(match[1], 10, match.end())
    if match := re.match("&#[xX](0{0,22}[0-9a-fA-F]{1,8});?", text):
        return numbered(match[1], 16, match.end())
    if (match := re.match("&[a-zA-Z][a-zA-Z0-9]{1,31};", text)) and match[0][1:] in html.entities.html5:
        return match.end(), html.unescape(match[0]).encode()
    for size in range(8, 2, -1):
        if text[1:size] in html.entities.html5 and text[0] == "&" and len(text) >= size:
            return size, html.unescape(text[:size]).encode()
    return 0, b""


def backslash(text: str) -> tuple[int, bytes]:
    if match := re.match(r"\\u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})", text):
        return 12, bytes.fromhex(match[1] + match[2]).decode("utf-16-be").encode()
    if match := re.match(r"\\u([0-9a-fA-F]{4})", text):
        return numbered(match[1], 16, 6)
    if match := re.match(r"\\U([0-9a-fA-F]{8})", text):
        return numbered(match[1], 16, 10)
    if match := re.match(r"\\x[c-fC-F][0-9a-fA-F](\\x[89abAB][0-9a-fA-F])+", text):
        data = bytes.fromhex(match[0].replace("\\x", ""))
        try:
            return match.end(), data.decode().encode()
        except UnicodeDecodeError:
            return match.end(), data.decode("latin-1").encode()
    if match := re.match(r"\\x([0-9a-fA-F]{2})", text):
        return numbered(match[1], 16, 4)
    if match := re.match(r"\\([0-3][0-7]{2})", text):
        return numbered(match[1], 8, 4)
    meant = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", '"': '"', "'": "'", "/": "/", "\\": "\\"}
    if text[0] == "\\" and text[1:2] in meant:
        return 2, meant[text[1]].encode()
    return 0, b""


def doubled(text: str) -> tuple[int, bytes]:
    size = len(text) - len(text.lstrip("'"))
    return (size, b"'") if size > 1 else (0, b"")


READERS = (("%", percent), ("&", entity), ("\\", backslash), ("'", doubled))
"""What undoes the escapes of one kind, each with the sign that they begin with."""


def compatible(cells: CellNormalizer) -> CellNormalizer:
    """Return the cells with every letter and its accents as NFKC writes them."""
    text = bytes(byte for byte, _, _ in cells).decode("utf-8", "surrogateescape")
    out: list[Cell] = []
    at = 0
    for cluster in _clusters(text):
        size = len(cluster.encode("utf-8", "surrogateescape"))
        composed = cluster if cluster.isascii() else _compatible(cluster)
        if composed == cluster:
            out += cells[at : at + size]
        else:
            data = composed.encode("utf-8", "surrogateescape")
            out += [(byte, cells[at][1], cells[at + size - 1][2]) for byte in data]
        at += size
    return tuple(out)


def _compatible(cluster: str) -> str:
    return visible(unicodedata.normalize("NFKC", cluster).casefold())


def _clusters(text: str) -> list[str]:
    clusters: list[str] = []
    for char in text:
        if clusters and unicodedata.combining(char) and clusters[-1] != "\0":
            clusters[-1] += char
        else:
            clusters.append(char)
    return clusters


def snapped(found: Found, views: list[CellNormalizer]) -> tuple[int, int, str]:
    """Return what was found with the whole of an escape that it begins or ends in; overlapping escapes are one."""
    start, stop, token, _ = found
    escapes: list[list[int]] = []
    for first, last in sorted({(first, last) for view in views for _, first, last in view if last - first > 1}):
        if escapes and first < escapes[-1][1]:
            escapes[-1][1] = max(escapes[-1][1], last)
        else:
            escapes.append([first, last])
    for first, last in escapes:
        if first < start < last:
            start = first
        if first < stop < last:
            stop = last
    return start, stop, token


def restored_quotes(stretch: bytes, text: bytes) -> bytes:
    """Return the quotes that a stretch must leave behind for an environment to have as many as before, by twos."""
    quoting = {b"'": b"=" in text, b'"': b"{" in text or b"[" in text}
    return b"".join(
        quote for quote in quoting if quoting[quote] and quotes(stretch, quote) % 2 and not quotes(text, quote) % 2
    )


def quotes(text: bytes, quote: bytes) -> int:
    if quote == b"'":
        return text.count(quote)
    return len([one for one in re.findall(rb'\\["\\]|"', text) if one == quote])
