"""The streams of a file: the bytes as they are read, decompressed, by member of an archive.

A stream has a name to tell, and gives its bytes in pieces, from the beginning.
"""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import IO, Any

import attrs
import pyarrow as pa

__all__ = ["DAMAGED", "PIECE", "Stream", "is_plain", "streams"]

PIECE = 4 << 20
DAMAGED = (OSError, EOFError, lzma.LZMAError, zlib.error, tarfile.TarError, zipfile.BadZipFile, pa.ArrowException)
"""What readers raise that do not come to an end. Their messages may quote data."""
Open = Callable[[], AbstractContextManager[IO[bytes]]]
_PARQUET = b"PAR1"
_HEAD = 512


@attrs.frozen
class Stream:
    """Bytes to look through."""

    place: tuple[str, ...]
    """Names from the outermost to the innermost: a file, a member of it. A name may itself be a find."""
    pieces: Callable[[], Iterator[bytes]]
    what: str = ""
    """Which part of the innermost: ``the footer``; empty for all of it."""
    bare: tuple[str, ...] = ()
    """Further labels: what stands in there without any signs around it, such as the names of columns."""
    short_names: bool = True
    """Whether names of up to four characters are looked for: among bytes that are no text they are met by chance."""


def is_plain(head: bytes) -> bool:
    """Return whether a file that begins so holds text and nothing to unpack."""
    return _opener(head) is None and not _is_tar(head) and not head.startswith((b"PK\x03\x04", b"PK\x05\x06", _PARQUET))


def streams(place: tuple[str, ...], open_file: Callable[[], IO[bytes]]) -> Iterator[Stream]:
    """Yield the streams of a file, each to be read before the next is asked for.

    One of `DAMAGED` is raised, here or while a stream is read, when the file is not what it begins as.
    """
    with open_file() as file:
        head = file.read(_HEAD)
    opener = _opener(head)
    if opener is not None:
        yield from _streams_of_open(place, lambda: _opened(open_file, opener))
    elif head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        yield from _members_of_zip(place, open_file)
    elif head.startswith(_PARQUET):
        from anonkit.auditing.parquet import parquet_streams

        yield from parquet_streams(place, open_file)
    else:
        yield from _streams_of_open(place, open_file)


def _streams_of_open(place: tuple[str, ...], open_stream: Open) -> Iterator[Stream]:
    """Yield the streams of what is no longer compressed: a tar's members, or the bytes themselves."""
    with open_stream() as stream:
        is_tar = _is_tar(stream.read(_HEAD))
    if is_tar:
        yield from _members_of_tar(place, open_stream)
    else:
        yield Stream(place, lambda: _pieces(open_stream))


def _members_of_tar(place: tuple[str, ...], open_stream: Open) -> Iterator[Stream]:
    with open_stream() as stream, tarfile.open(fileobj=stream, mode="r|") as tar:
        for member in tar:
            names = "\n".join((member.name, member.linkname, member.uname, member.gname, *_texts(member.pax_headers)))
            yield Stream(place, lambda names=names: iter((_utf8(names),)), "the head of a member")  # type: ignore[misc]
            content = tar.extractfile(member)
            if content is not None:
                yield from _nested((*place, member.name), content)


def _members_of_zip(place: tuple[str, ...], open_file: Callable[[], IO[bytes]]) -> Iterator[Stream]:
    with open_file() as file, zipfile.ZipFile(file) as archive:
        heads = b"\n".join(
            (archive.comment, *(_utf8(one.filename) + b"\n" + one.comment for one in archive.infolist()))
        )
        yield Stream(place, lambda: iter((heads,)), "the heads of the members")
        for member in archive.infolist():
            with _content(archive, member) as content:
                yield from _nested((*place, member.filename), content)


def _content(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> IO[bytes]:
    try:
        return archive.open(member)
    except RuntimeError:
        # Encrypted, or compressed in a way that is not known; the message has its name.
        raise OSError("a member that cannot be unpacked") from None


def _nested(place: tuple[str, ...], content: IO[bytes]) -> Iterator[Stream]:
    """Yield the streams of a member, which can be read but once: what must be unpacked is held in memory."""
    head = content.read(_HEAD)
    if is_plain(head):
        yield Stream(place, lambda: _after(head, content))
        return
    data = head + content.read()
    yield from streams(place, lambda: io.BytesIO(data))


def _after(head: bytes, content: IO[bytes]) -> Iterator[bytes]:
    if head:
        yield head
    while piece := content.read(PIECE):
        yield piece


def _pieces(open_stream: Open) -> Iterator[bytes]:
    with open_stream() as stream:
        while piece := stream.read(PIECE):
            yield piece


def _opener(head: bytes) -> Callable[[IO[bytes]], IO[bytes]] | None:
    """Return what decompresses a file that begins so; all of these read one member after the other."""
    openers: dict[bytes, Callable[[Any], Any]] = {
        b"\x28\xb5\x2f\xfd": _zstd,
        b"\x1f\x8b": gzip.open,
        b"\xfd7zXZ\x00": lzma.open,
        b"BZh": bz2.open,
    }
    return next((opener for magic, opener in openers.items() if head.startswith(magic)), None)


@contextmanager
def _opened(open_file: Callable[[], IO[bytes]], opener: Callable[[IO[bytes]], IO[bytes]]) -> Iterator[IO[bytes]]:
    """Give the decompressed stream of a file, and close both."""
    with open_file() as file, opener(file) as stream:
        yield stream


def _zstd(file: IO[bytes]) -> IO[bytes]:
    return pa.CompressedInputStream(pa.PythonFile(file, mode="r"), "zstd")  # type: ignore[no-any-return]


def _is_tar(head: bytes) -> bool:
    return head[257:262] == b"ustar"


def _texts(headers: Any) -> Iterator[str]:
    for key, value in headers.items():
        yield from (str(key), str(value))


def _utf8(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")
