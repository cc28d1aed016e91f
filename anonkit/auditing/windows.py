"""Files cut into spans for workers, and the workers' findings combined. The cuts do not show in the result."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import IO

import attrs

from anonkit.auditing.exclusions import Labels
from anonkit.auditing.findings import SHOWN, AuditResult, Finding, Unread
from anonkit.auditing.readers import archive_members, is_plain, stored_streams, streams
from anonkit.auditing.searching import Hit, Search, Window
from anonkit.auditing.streams import CHUNK_BYTES, DAMAGED, Stream, UnreadableError, is_text
from anonkit.file_names import is_packed_name, without_extensions
from anonkit.output.stored_form import StoredForm
from anonkit.printable import printable

__all__ = ["FileToAudit", "Scanned", "Span", "SpanAudit", "SpanResult", "combine", "findings", "scan", "spans"]

SPAN_BYTES = 32 << 20
"""Bytes of a plain file that one worker reads."""

_NOT_TEXT = "is neither text nor gzip, zstd, xz, bz2, tar, zip or parquet"
_DAMAGED = "cannot be unpacked to its end: it is damaged, or not what it begins as"


@attrs.frozen
class FileToAudit:
    """A file, its name in messages, and what it may hold."""

    path: Path
    name: str
    number: int
    labels: Labels = attrs.field(factory=Labels)
    stored: StoredForm | None = None
    """How an encoder has stored it; None for a file that is looked at as it is."""
    members: tuple[tuple[str, str], ...] | None = None
    """For an archive that a run packed: name and SHA-256 of all that it has to hold."""

    def open(self) -> IO[bytes]:
        """Open the file for reading."""
        return self.path.open("rb")


@attrs.frozen
class Span:
    """A part of a plain file, or a whole file of any other kind."""

    file: FileToAudit
    start: int = 0
    stop: int | None = None
    """None for all that can be unpacked of it."""


@attrs.frozen
class SpanResult:
    """The findings in one span."""

    bytes: int
    findings: tuple[Finding, ...]
    total: int
    unread: tuple[Unread, ...] = ()


def spans(files: Iterable[FileToAudit], span_bytes: int = SPAN_BYTES) -> Iterator[Span]:
    """Cut plain files for the workers; others are read from their beginning."""
    for file in files:
        if not _is_plain(file):
            yield Span(file)
            continue
        size = file.path.stat().st_size
        for start in range(0, max(size, 1), span_bytes):
            yield Span(file, start, min(start + span_bytes, size))


def _is_plain(file: FileToAudit) -> bool:
    """Return whether a file is read as text. Text is, even if it begins as an archive does.

    A job's text may spell the head of an archive, and otherwise the rest of the file would be passed over.
    """
    if file.stored is not None or file.members is not None:
        return False
    with file.open() as opened:
        if is_plain(opened.read(512)):
            return True
        opened.seek(0)
        return not is_packed_name(file.name) and all(map(is_text, iter(lambda: opened.read(CHUNK_BYTES), b"")))


@attrs.frozen
class SpanAudit:
    """The audit of one span, in a worker."""

    search: Search
    chunk_bytes: int = CHUNK_BYTES

    def __call__(self, span: Span) -> SpanResult:
        """Return the findings in a span."""
        file = span.file
        names = _Names(self.search, file)
        if span.stop is not None:
            return self._plain(span, span.stop, names)
        try:
            return self._unpacked(file, names) if file.members is None else self._packed(file, file.members, names)
        except UnreadableError as error:
            return _unread(names, str(error))
        except DAMAGED:
            # Text may begin as an archive does.
            as_text = self._plain(Span(file), os.path.getsize(file.path), names)
            return _unread(names, _DAMAGED) if as_text.unread or file.members is not None else as_text

    def _plain(self, span: Span, stop: int, names: _Names) -> SpanResult:
        name = names.name((span.file.name,))
        # The name is searched with the first span alone.
        within = names.findings((span.file.name,)) if not span.start else []
        hits: list[Hit] = []
        readable = True
        with span.file.open() as opened:
            for window in self._windows(opened, span.start, stop):
                readable = readable and is_text(window.data)
                hits += self.search(window, span.file.labels)
        unread = () if readable else (Unread(name, _NOT_TEXT),)
        found = (*within, *findings(self.search, name, hits[:SHOWN]))
        return SpanResult(stop - span.start, found[:SHOWN], len(within) + len(hits), unread)

    def _windows(self, opened: IO[bytes], start: int, stop: int) -> Iterator[Window]:
        reach = self.search.reach
        for low in range(start, stop, self.chunk_bytes):
            high = min(low + self.chunk_bytes, stop)
            base = max(0, low - reach)
            opened.seek(base)
            data = opened.read(high + reach - base)
            # A label that begins with a line break may be at the very beginning.
            yield Window(data, base, low, high) if base else Window(b"\n" + data, -1, low, high)

    def _packed(self, file: FileToAudit, expected: tuple[tuple[str, str], ...], names: _Names) -> SpanResult:
        """Return the findings in the heads of an archive; its members were searched before they were packed."""
        place = (file.name,)
        found = list(names.findings(place))
        packed: list[tuple[str, str]] = []
        for member in archive_members(file.open):
            packed.append((member.name, member.sha256))
            found += names.findings((*place, member.name))
            stream = Stream(place, lambda member=member: iter((member.head,)), "the head of a member")  # type: ignore[misc]
            hits = scan(self.search, stream, file.labels, self.chunk_bytes).hits
            found += findings(self.search, names.name(place, stream.part), hits)
        if tuple(packed) != expected:
            raise UnreadableError("does not hold exactly what was packed: repair its encoder, or switch it off")
        return SpanResult(os.path.getsize(file.path), tuple(found[:SHOWN]), len(found))

    def _unpacked(self, file: FileToAudit, names: _Names) -> SpanResult:
        found = list(names.findings((file.name,)))
        size, total = 0, len(found)
        unread: list[Unread] = []
        places: set[tuple[str, ...]] = {(file.name,)}
        for stream in _streams(file):
            if stream.place not in places:
                places.add(stream.place)
                within = names.findings(stream.place)
                found, total = found + within, total + len(within)
            scanned = scan(self.search, stream, file.labels, self.chunk_bytes)
            size += scanned.bytes
            total += len(scanned.hits)
            name = names.name(stream.place, stream.part)
            found += findings(self.search, name, scanned.hits[:SHOWN])
            unread += [] if scanned.is_text or not stream.must_be_text else [Unread(name, _NOT_TEXT)]
        return SpanResult(size, tuple(found[:SHOWN]), total, tuple(unread))


def _streams(file: FileToAudit) -> Iterator[Stream]:
    place = (file.name,)
    return streams(place, file.open) if file.stored is None else stored_streams(place, file.open, file.stored)


def _unread(names: _Names, reason: str) -> SpanResult:
    name = names.file.name
    within = names.findings((name,))
    return SpanResult(0, tuple(within[:SHOWN]), len(within), (Unread(names.name((name,)), reason),))


@attrs.frozen
class _Names:
    """Names of files and members for messages, but for those that hold an identity themselves."""

    search: Search
    file: FileToAudit

    def name(self, place: Sequence[str], part: str = "") -> str:
        """Return the name of a stream in messages."""
        shown = [
            name if not self._hits(name) else _by_number(depth, self.file.number) for depth, name in enumerate(place)
        ]
        return " in ".join((*((part,) if part else ()), *reversed(shown)))

    def findings(self, place: Sequence[str]) -> list[Finding]:
        """Return the findings in the innermost name."""
        return findings(self.search, f"the name of {self.name(place)}", self._hits(place[-1]))

    def _hits(self, name: str) -> list[Hit]:
        data = name.encode("utf-8", "surrogateescape")
        # Extensions are the writer's own.
        high = len(without_extensions(name).encode("utf-8", "surrogateescape"))
        return self.search(Window(b"\n" + data + b"\n", -1, 0, high), self.file.labels)


def _by_number(depth: int, number: int) -> str:
    return "a member" if depth else f"output {number}"


def findings(search: Search, output: str, hits: Iterable[Hit]) -> list[Finding]:
    """Return hits as findings; `output` is a name without an original."""
    found = []
    for hit in hits:
        pattern = search.patterns[hit.pattern]
        excerpt = printable(hit.excerpt.decode("utf-8", "replace"))
        found.append(Finding(output, hit.offset, pattern.kind, hit.variant.value, pattern.token, excerpt))
    return found


@attrs.frozen
class Scanned:
    """A stream that was read to its end."""

    bytes: int
    hits: list[Hit]
    is_text: bool
    """Whether all of it is text."""


def scan(search: Search, stream: Stream, labels: Labels, chunk_bytes: int = CHUNK_BYTES) -> Scanned:
    """Search a stream, of which some chunks at a time are in memory."""
    if stream.bare:
        labels = attrs.evolve(labels, texts=(*labels.texts, *(name.encode("utf-8", "replace") for name in stream.bare)))
    reach = search.reach
    hits: list[Hit] = []
    readable = True
    data, base, low, length = b"\n", -1, 0, 0
    for chunk in stream.chunks():
        readable = readable and is_text(chunk)
        data += chunk
        length += len(chunk)
        # A name that begins in the last `reach` bytes is searched for with the chunk that follows.
        if length - low < chunk_bytes + reach:
            continue
        high = length - reach
        hits += search(Window(data, base, low, high), labels)
        dropped = max(0, high - reach - base)
        data, base, low = data[dropped:], base + dropped, high
    hits += search(Window(data, base, low, length), labels)
    if not stream.short_names:
        hits = [hit for hit in hits if len(search.patterns[hit.pattern].text) > 4]
    return Scanned(length, hits, readable)


def combine(
    parts: Iterable[SpanResult], *, files: int, identities: int, patterns: int, exempt: Sequence[str] = ()
) -> AuditResult:
    """Return the result of all spans, which come in the order of the files."""
    size = total = 0
    found: list[Finding] = []
    unread: dict[Unread, None] = {}
    for part in parts:
        size, total = size + part.bytes, total + part.total
        found += part.findings[: SHOWN - len(found)]
        unread.update(dict.fromkeys(part.unread))
    return AuditResult(
        files=files,
        bytes=size,
        identities=identities,
        patterns=patterns,
        findings=tuple(found),
        total=total,
        unread=tuple(unread),
        exempt=tuple(exempt),
    )
