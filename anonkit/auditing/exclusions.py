"""The places in an output that are not findings: across a boundary, in a token, a label of a report, a bare value."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache

import attrs

from anonkit.plugin.contracts import LEAST_GLUED, Boundary, Place

__all__ = ["Labels", "Tokens", "begins_in_escape", "is_allowed", "is_bare_value", "is_named"]


def _word(sign: str) -> bool:
    return sign.isalnum()


def _digit(sign: str) -> bool:
    # Of digits, an address knows the ASCII ones.
    return sign.isascii() and sign.isdecimal()


def _nothing(sign: str) -> bool:
    return False


_FORBIDDEN: dict[Boundary, tuple[Callable[[str], bool], Callable[[str], bool]]] = {
    Boundary.WORD: (_word, _word),
    Boundary.PREFIX: (_word, _nothing),
    Boundary.ANYWHERE: (_nothing, _nothing),
    Boundary.END: (_nothing, _word),
    Boundary.NUMBER: (_digit, _digit),
    Boundary.PART: (_word, _word),
    Boundary.PART_PREFIX: (_word, _nothing),
    Boundary.NAMED: (_word, _word),
}
_NEAR = 8


def is_allowed(rule: Boundary, before: bytes, name: bytes, after: bytes) -> bool:
    """Return whether a boundary rule allows a name between two texts, of which the nearest bytes are given."""
    forbidden_before, forbidden_after = _FORBIDDEN[rule]
    touched_before, touched_after = forbidden_before(_last(before)), forbidden_after(_first(after))
    if not touched_before and not touched_after:
        return True
    text = name.decode("utf-8", "ignore")
    if rule not in (Boundary.PART, Boundary.PART_PREFIX) or len(text) < LEAST_GLUED:
        return False
    left, right = _text_before(before), after[:_NEAR].decode("utf-8", "ignore")
    return not (touched_before and _is_one_part(left, text + right)) and not (
        touched_after and _is_one_part(left + text, right)
    )


def _text_before(text: bytes) -> str:
    return text[-_NEAR:].decode("utf-8", "ignore")


def _is_one_part(left: str, right: str) -> bool:
    """Return whether no word ends between two texts that touch with a letter or digit on one side at least."""
    before, last, first, after = (*left[-2:].rjust(2), *right[:2].ljust(2))
    if not (last.isalnum() and first.isalnum()):
        return True
    if last.isalpha() is not first.isalpha():
        return False
    # `runAnn`, `SAMann`, `SAMAnn`; but `Hann` is one part.
    small_to_capital = first.isupper() and not last.isupper()
    capitals_to_small = before.isupper() and last.isupper() and not first.isupper()
    last_capital = last.isupper() and first.isupper() and after.isalpha() and not after.isupper()
    return not (last.isalpha() and (small_to_capital or capitals_to_small or last_capital))


def is_named(places: tuple[Place, ...], before: bytes, after: bytes) -> bool:
    """Return whether the texts around a weak name make its place one that names a person or a group.

    `before` and `after` are the nearest bytes; the value may begin before them and end after them.
    """
    return any(preceding.search(b"x" + before) and following.match(after) for preceding, following in _named(places))


@lru_cache(maxsize=64)
def _named(places: tuple[Place, ...]) -> tuple[tuple[re.Pattern[bytes], re.Pattern[bytes]], ...]:
    return tuple(
        (re.compile(b"(?:%b)\\Z" % place.before.encode(), re.I), re.compile(place.after.encode(), re.I))
        for place in places
    )


# Escapes by which JSON and reports write characters that do not show.
_ESCAPE = re.compile(rb"\\(?:[nrtbf]|u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2})")
_LONGEST_ESCAPE = 6


def begins_in_escape(data: bytes, start: int) -> bool:
    """Return whether `start` is inside the escape of another character: ``nat`` in ``1\\nat`` begins there."""
    for place in range(start - 1, max(start - _LONGEST_ESCAPE, -1), -1):
        if data[place] == ord("\\"):
            found = _ESCAPE.match(data, place)
            slashes = place - len(data[max(0, place - 64) : place].rstrip(b"\\")) - max(0, place - 64)
            return found is not None and found.end() > start and slashes % 2 == 0
    return False


def _last(text: bytes) -> str:
    return text[-4:].decode("utf-8", "ignore")[-1:] if text and text[-1] >= 128 else text[-1:].decode("latin-1")


def _first(text: bytes) -> str:
    return text[:4].decode("utf-8", "ignore")[:1] if text and text[0] >= 128 else text[:1].decode("latin-1")


@attrs.frozen
class Tokens:
    """The tokens of a run, by their prefixes. A name inside a token, or begun or ended by one, is not a finding."""

    prefixes: tuple[str, ...]

    def cover(self, data: bytes, start: int, stop: int) -> bool:
        """Return whether the bytes from `start` to `stop` are a token or a part of one."""
        return any(first <= start and stop <= last for first, last in self._near(data, start, stop))

    def cut(self, data: bytes, start: int, stop: int) -> bool:
        """Return whether the bytes from `start` to `stop` begin or end inside a token: ``1.a`` of ``EX_1.a``."""
        return any(
            first < start < last < stop or start < first < stop < last for first, last in self._near(data, start, stop)
        )

    def last_end(self, data: bytes, start: int) -> int | None:
        """Return the position after the last token that ends within the 64 bytes before `start`; None without one."""
        return max((last for _, last in self._near(data, start, start) if last <= start), default=None)

    def _near(self, data: bytes, start: int, stop: int) -> Iterator[tuple[int, int]]:
        if self.prefixes:
            low = max(0, start - 64)
            for found in _token_pattern(self.prefixes).finditer(data[low : stop + 32]):
                yield low + found.start(), low + found.end()


@lru_cache(maxsize=8)
def _token_pattern(prefixes: tuple[str, ...]) -> re.Pattern[bytes]:
    longest_first = sorted(set(prefixes), key=len, reverse=True)
    return re.compile(b"(?:" + b"|".join(re.escape(prefix.encode()) for prefix in longest_first) + b")[0-9]+")


# A label at the beginning of a file's name, as reporters give it: no heading, which ends with a sign.
_NAME_AT_START = re.compile(rb"\n[\w.-]+")


@attrs.frozen
class Labels:
    """The texts that the writer of a file writes whatever the rows hold: a name inside one is not from the data."""

    texts: tuple[bytes, ...] = ()
    """Each with the characters around it, so that no data looks like it."""
    entry: bytes = b""
    """A regular expression: a line that begins with it does not continue the line before."""
    before_names: tuple[bytes, ...] = ()
    """Those of `texts` that end with the beginning of a file name, as ``"file":"jobs_at_``; data follows it."""

    @classmethod
    def from_texts(cls, texts: Iterable[str], entries: Iterable[str] = ()) -> Labels:
        """Return labels of the texts, and of the regular expressions with which entries begin."""
        encoded = tuple(dict.fromkeys(text.encode("utf-8", "replace") for text in texts if text))
        beginnings = tuple(label[1:] for label in encoded if _NAME_AT_START.fullmatch(label))
        before_names = tuple(label for label in encoded if beginnings and label.endswith(beginnings))
        return cls(encoded, "|".join(f"(?:{entry})" for entry in entries).encode(), before_names)

    def cover(self, data: bytes, start: int, stop: int) -> bool:
        """Return whether the bytes from `start` to `stop` are part of a label."""
        name = data[start:stop].lower()
        for label, place in _places(self.texts, name):
            if place <= start and data[start - place : start - place + len(label)] == label:
                return True
        return False

    def cut(self, data: bytes, start: int, stop: int) -> bool:
        """Return whether the bytes begin in the label before a file's name and end in the name.

        The user ``jobs_at_site`` is not in ``jobs_at_SiteA.json``.
        """
        for label in self.before_names:
            place = data.rfind(label, max(0, start - len(label) + 1), start + len(label))
            if place >= 0 and place + len(label) < stop:
                return True
        return False

    def precede(self, data: bytes, place: int) -> bool:
        """Return whether a label ends at `place`: a count or a cell of the report follows it."""
        return any(data.startswith(label, place - len(label)) for label in self.texts if len(label) <= place)

    def holding(self, name: bytes) -> tuple[tuple[bytes, int], ...]:
        """Return the labels that hold a name (in lower case), each with the name's position in it."""
        return _places(self.texts, name)

    def begin_within(self, data: bytes, start: int, stop: int) -> bool:
        """Return whether a line that begins with a label or an entry starts between `start` and `stop`."""
        breaks = [place for place in range(start, stop) if data[place] == ord("\n")]
        return any(self._begins(data, place) for place in breaks)

    def _begins(self, data: bytes, place: int) -> bool:
        if self.entry and re.compile(self.entry).match(data, place + 1):
            return True
        return any(data.startswith(label, place) for label in self.texts if label.startswith(b"\n"))


@lru_cache(maxsize=4096)
def _places(labels: tuple[bytes, ...], name: bytes) -> tuple[tuple[bytes, int], ...]:
    """Return the labels that hold a name, each with the name's positions in it."""
    return tuple((label, place) for label in labels for place in _all(label.lower(), name))


def _all(text: bytes, name: bytes) -> Iterator[int]:
    place = text.find(name)
    while place >= 0:
        yield place
        place = text.find(name, place + 1)


# A number in a cell of a table is a count, too.
_BEFORE_VALUE = re.compile(rb"(?:\A|[\n\[]|[\"\w\]]\s*[:,]|\| )\s*\Z")
_AFTER_VALUE = re.compile(rb"\s*(?:\Z|[,}\]\n]| \|)")
_META_LINE = re.compile(rb"(?:\A|\n)[^\n:=]*: \Z")
_WORDS = frozenset((b"true", b"false", b"null"))
_NUMBER = re.compile(rb"-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_SIGNS_BEFORE = re.compile(rb"(?<![0-9.eE+-])[0-9.eE+-]*\Z")
_SIGNS_AFTER = re.compile(rb"[0-9.eE+-]*")
_REACH = 48


def _number_around(data: bytes, start: int, stop: int) -> tuple[int, int]:
    """Return the range of the number that the bytes from `start` to `stop` are part of; the same range if of none."""
    if not any(byte in b"0123456789" for byte in data[start:stop]):
        return start, stop
    before = _SIGNS_BEFORE.search(data[max(0, start - _REACH) : start])
    after = _SIGNS_AFTER.match(data, stop, stop + _REACH)
    assert before is not None
    assert after is not None
    return start - len(before[0]), after.end()


def is_bare_value(data: bytes, start: int, stop: int, labels: Labels) -> bool:
    """Return whether the bytes are, or are part of, a number or one of JSON's words that is a whole value or a count.

    Such a value is not an identity: a count of a report follows a label.
    """
    start, stop = _number_around(data, start, stop)
    text = data[start:stop]
    if not (_NUMBER.fullmatch(text) or text in _WORDS):
        return False
    if labels.precede(data, start):
        return True
    before, after = data[max(0, start - _REACH) : start], data[stop : stop + _REACH]
    if _AFTER_VALUE.match(after) is None:
        return False
    return _BEFORE_VALUE.search(before) is not None or _META_LINE.search(before) is not None
