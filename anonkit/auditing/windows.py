"""Files cut into stretches for workers, and what they found added up. The cuts do not show in the result."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import attrs

from anonkit.auditing.findings import SHOWN, AuditResult, Find
from anonkit.auditing.places import Labels
from anonkit.auditing.readers import DAMAGED, PIECE, Stream, is_plain, streams
from anonkit.auditing.searching import Hit, Search, Window
from anonkit.errors import InputError

__all__ = ["Audited", "FileToAudit", "Looking", "Span", "combine", "hits_told", "scan", "spans"]

_SPAN = 32 << 20


@attrs.frozen
class FileToAudit:
    """A file, the name under which it is told, and what may stand in it."""

    path: Path
    name: str
    number: int
    labels: Labels = attrs.field(factory=Labels)


@attrs.frozen
class Span:
    """A part of a plain file, or a whole file of any other kind."""

    file: FileToAudit
    start: int = 0
    stop: int | None = None
    """None for all that can be unpacked of it."""


@attrs.frozen
class Audited:
    """What was found in one span."""

    bytes: int
    finds: tuple[Find, ...]
    total: int


def spans(files: Iterable[FileToAudit]) -> Iterator[Span]:
    """Cut plain files for the workers; others are read from their beginning."""
    for file in files:
        with file.path.open("rb") as opened:
            plain = is_plain(opened.read(512))
        if not plain:
            yield Span(file)
            continue
        size = file.path.stat().st_size
        for start in range(0, max(size, 1), _SPAN):
            yield Span(file, start, min(start + _SPAN, size))


@attrs.frozen
class Looking:
    """What a worker does with a span."""

    search: Search

    def __call__(self, span: Span) -> Audited:
        """Return what is found in it. InputError when it cannot be unpacked."""
        file = span.file
        names = _Names(self.search, file)
        if span.stop is not None:
            size, hits = self._plain_part(span, span.stop)
            # The name is looked at once.
            within = names.finds((file.name,)) if not span.start else []
            finds = [*within, *hits_told(self.search, names.name((file.name,)), hits[:SHOWN])]
            return Audited(size, tuple(finds[:SHOWN]), len(within) + len(hits))
        return self._unpacked(file, names)

    def _plain_part(self, span: Span, stop: int) -> tuple[int, list[Hit]]:
        hits: list[Hit] = []
        reach = self.search.reach
        with span.file.path.open("rb") as opened:
            for low in range(span.start, stop, PIECE):
                high = min(low + PIECE, stop)
                base = max(0, low - reach)
                opened.seek(base)
                hits += self._search(opened.read(high + reach - base), base, low, high, span.file.labels)
        return stop - span.start, hits

    def _search(self, data: bytes, base: int, low: int, high: int, labels: Labels) -> list[Hit]:
        # A label that begins with a line break may stand at the very beginning.
        return self.search(Window(b"\n" + data, -1, low, high) if not base else Window(data, base, low, high), labels)

    def _unpacked(self, file: FileToAudit, names: _Names) -> Audited:
        size, finds = 0, list(names.finds((file.name,)))
        total = len(finds)
        places: set[tuple[str, ...]] = {(file.name,)}
        try:
            for stream in streams((file.name,), lambda: file.path.open("rb")):
                if stream.place not in places:
                    places.add(stream.place)
                    within = names.finds(stream.place)
                    finds, total = finds + within, total + len(within)
                read, hits = scan(self.search, stream, file.labels)
                size += read
                total += len(hits)
                finds += hits_told(self.search, names.name(stream.place, stream.what), hits[:SHOWN])
        except DAMAGED:
            raise InputError(
                f"{names.name((file.name,))}: cannot be unpacked to its end, so nothing is proved of it: "
                "it is damaged, or not what it begins as"
            ) from None
        return Audited(size, tuple(finds[:SHOWN]), total)


@attrs.frozen
class _Names:
    """Tells names of files and members, but for those that hold a find themselves."""

    search: Search
    file: FileToAudit

    def name(self, place: Sequence[str], what: str = "") -> str:
        """Return how a stream is told."""
        shown = [
            name if not self._hits(name) else _by_number(depth, self.file.number) for depth, name in enumerate(place)
        ]
        return " in ".join((*((what,) if what else ()), *reversed(shown)))

    def finds(self, place: Sequence[str]) -> list[Find]:
        """Return the finds in the innermost name."""
        return hits_told(self.search, f"the name of {self.name(place)}", self._hits(place[-1]))

    def _hits(self, name: str) -> list[Hit]:
        data = name.encode("utf-8", "surrogateescape")
        return self.search(Window(b"\n" + data + b"\n", -1, 0, len(data)), self.file.labels)


def _by_number(depth: int, number: int) -> str:
    return "a member" if depth else f"output {number}"


def hits_told(search: Search, output: str, hits: Iterable[Hit]) -> list[Find]:
    """Return hits as they are told; `output` holds no original."""
    finds = []
    for hit in hits:
        needle = search.patterns[hit.needle]
        finds.append(Find(output, hit.offset, needle.kind, hit.variant.value, needle.token))
    return finds


def scan(search: Search, stream: Stream, labels: Labels) -> tuple[int, list[Hit]]:
    """Return how long a stream is, and what is found in it; it is held in memory piece by piece."""
    if stream.bare:
        labels = attrs.evolve(labels, texts=(*labels.texts, *(name.encode("utf-8", "replace") for name in stream.bare)))
    reach = search.reach
    hits: list[Hit] = []
    held, base, low, length = b"\n", -1, 0, 0
    for piece in stream.pieces():
        held += piece
        length += len(piece)
        # What begins in the last `reach` bytes is looked at with the piece that follows.
        if length - low < PIECE + reach:
            continue
        high = length - reach
        hits += search(Window(held, base, low, high), labels)
        keep = max(0, high - reach - base)
        held, base, low = held[keep:], base + keep, high
    hits += search(Window(held, base, low, length), labels)
    if not stream.short_names:
        hits = [hit for hit in hits if len(search.patterns[hit.needle].text) > 4]
    return length, hits


def combine(
    parts: Iterable[Audited], *, files: int, identities: int, patterns: int, exempt: Sequence[str] = ()
) -> AuditResult:
    """Return what was found in all spans, which come in the order of the files."""
    size = total = 0
    finds: list[Find] = []
    for part in parts:
        size, total = size + part.bytes, total + part.total
        finds += part.finds[: SHOWN - len(finds)]
    return AuditResult(
        files=files,
        bytes=size,
        identities=identities,
        patterns=patterns,
        finds=tuple(finds),
        total=total,
        exempt=tuple(exempt),
    )
