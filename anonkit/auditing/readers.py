"""The streams of a file: its text, or the texts in it when it is compressed, an archive or parquet.

Known are gzip, zstd, xz, bz2, tar, zip and parquet, also one inside another. A file that begins as none of them is one
stream, and the search decides whether it is text.
"""

from __future__ import annotations

import gzip
import hashlib
import shutil
import tarfile
import tempfile
import zipfile
from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from typing import IO, Any

import attrs
import pyarrow as pa

from anonkit.auditing.container_gaps import check_zstd, gzip_head, zip_heads
from anonkit.auditing.parquet import parquet_streams
from anonkit.auditing.streams import CHUNK_BYTES, DAMAGED, Stream, UnreadableError, is_text
from anonkit.auditing.whole_streams import open_bz2, open_xz
from anonkit.errors import PluginError
from anonkit.file_names import is_packed_name
from anonkit.output.stored_form import StoredForm
from anonkit.plugin.guard import plugin_errors

__all__ = ["Member", "archive_members", "is_plain", "stored_streams", "streams"]

Open = Callable[[], AbstractContextManager[IO[bytes]]]
"""Opens a file, or a stream of its decompressed bytes, at its beginning. It may be called several times."""
_PARQUET = b"PAR1"
_GZIP = b"\x1f\x8b"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_HEAD_BYTES = 512
_MEMORY_BYTES = 16 << 20
_DEEPEST = 8


def is_plain(head: bytes) -> bool:
    """Return whether a file that begins with these bytes need not be unpacked."""
    return _opener(head) is None and not _is_tar(head) and not head.startswith((*_ZIP, _PARQUET))


def streams(place: tuple[str, ...], open_file: Open, depth: int = 0) -> Iterator[Stream]:
    """Yield the streams of a file that can be read at any position, each to be read before the next is asked for.

    One of `DAMAGED`, or UnreadableError, is raised, here or while a stream is read, when the file cannot be unpacked.
    """
    if depth > _DEEPEST:
        raise UnreadableError("is packed too many times")
    head = _head(open_file)
    opener = _opener(head)
    if head.startswith(_GZIP):
        yield Stream(place, lambda: _gzip_head(open_file), "its head", must_be_text=False)
    if opener is not None:
        yield from _sequential_streams(place, lambda: _opened(open_file, opener), depth)
    elif head.startswith(_ZIP):
        yield from _members_of_zip(place, open_file, depth)
    elif head.startswith(_PARQUET):
        yield from parquet_streams(place, open_file)
    else:
        yield from _sequential_streams(place, open_file, depth)


def stored_streams(place: tuple[str, ...], open_file: Open, stored: StoredForm) -> Iterator[Stream]:
    """Yield the streams of an output that an encoder has stored, read through the inverse that the encoder declares.

    UnreadableError is raised, here or while a stream is read, when that does not give the bytes that were staged.
    """
    with closing(_restored(open_file, stored)) as chunks:
        head = next(chunks, b"")[:_HEAD_BYTES]
    # Text is read as text, even if it begins as an archive does.
    named_text = not is_packed_name(place[-1].rpartition(".")[0])
    if is_plain(head) or (named_text and all(map(is_text, _restored(open_file, stored)))):
        yield Stream(place, lambda: _restored(open_file, stored))
        return
    with tempfile.SpooledTemporaryFile(_MEMORY_BYTES) as file:
        file.writelines(_restored(open_file, stored))
        yield from streams(place, lambda: _rewound(file))


def _restored(open_file: Open, stored: StoredForm) -> Generator[bytes, None, None]:
    """Yield the bytes of an output before they were encoded; no more are read than were staged."""
    digest, size = hashlib.sha256(), 0
    try:
        with plugin_errors(f"encoder {stored.encoder}"), open_file() as file, closing(stored.decompress(file)) as plain:
            while size <= stored.size and (chunk := plain.read(CHUNK_BYTES)):
                digest.update(chunk)
                size += len(chunk)
                yield chunk
    except PluginError as error:
        raise UnreadableError(f"cannot be opened again: {error}") from None
    except DAMAGED:
        raise UnreadableError(f"cannot be opened again: {stored.refusal}") from None
    if (size, digest.hexdigest()) != (stored.size, stored.sha256):
        raise UnreadableError(f"does not hold the bytes that were written: {stored.refusal}")


@attrs.frozen
class Member:
    """A member of an archive."""

    name: str
    sha256: str
    head: bytes
    """The text about the member in the archive, besides its name."""


def archive_members(open_file: Open) -> Iterator[Member]:
    """Yield the members of a tar, compressed or not, or of a zip, in order.

    UnreadableError when the file is neither, or holds more than its members; one of `DAMAGED` when it cannot be
    unpacked.
    """
    head = _head(open_file)
    if head.startswith(_ZIP):
        with open_file() as file, zipfile.ZipFile(file) as archive:
            for entry in archive.infolist():
                with _content(archive, entry) as content:
                    head = b"\n".join((entry.comment, archive.comment))
                    yield Member(entry.filename, _digest(content), head)
        return
    opener = _opener(head)
    open_stream = (lambda: _opened(open_file, opener)) if opener is not None else open_file
    if not _is_tar(_head(open_stream)):
        raise UnreadableError("is neither a tar, compressed or not, nor a zip: its encoder has to write one of them")
    with open_stream() as stream, tarfile.open(fileobj=stream, mode="r|") as tar:
        for member in tar:
            packed = tar.extractfile(member)
            yield Member(member.name, "" if packed is None else _digest(packed), _utf8("\n".join(_more_of(member))))
        end = tar.offset
    _check_end(open_stream, end)


def _digest(content: IO[bytes]) -> str:
    digest = hashlib.sha256()
    for chunk in _chunks_of(content):
        digest.update(chunk)
    return digest.hexdigest()


def _sequential_streams(place: tuple[str, ...], open_stream: Open, depth: int) -> Iterator[Stream]:
    """Yield the streams of bytes that are read from their beginning: a tar's members, or the bytes themselves."""
    head = _head(open_stream)
    if _is_tar(head):
        yield from _members_of_tar(place, open_stream, depth)
    elif is_plain(head):
        yield Stream(place, lambda: _chunks(open_stream))
    else:
        with open_stream() as stream:
            yield from _packed_streams(place, b"", stream, depth)


def _members_of_tar(place: tuple[str, ...], open_stream: Open, depth: int) -> Iterator[Stream]:
    with open_stream() as stream, tarfile.open(fileobj=stream, mode="r|") as tar:
        for member in tar:
            yield Stream(place, lambda member=member: iter((_head_of(member),)), "the head of a member")  # type: ignore[misc]
            content = tar.extractfile(member)
            if content is not None:
                yield from _member_streams((*place, member.name), content, depth)
        end = tar.offset
    _check_end(open_stream, end)


def _head_of(member: tarfile.TarInfo) -> bytes:
    return _utf8("\n".join((member.name, *_more_of(member))))


def _more_of(member: tarfile.TarInfo) -> tuple[str, ...]:
    return member.linkname, member.uname, member.gname, *_texts(member.pax_headers)


def _check_end(open_stream: Open, end: int) -> None:
    """UnreadableError when anything but zeros comes after the end of a tar."""
    with open_stream() as stream:
        while end > 0 and (skipped := stream.read(min(end, CHUNK_BYTES))):
            end -= len(skipped)
        if any(chunk.strip(b"\0") for chunk in _chunks_of(stream)):
            raise UnreadableError("goes on after the end of its archive")


def _members_of_zip(place: tuple[str, ...], open_file: Open, depth: int) -> Iterator[Stream]:
    with open_file() as file, zipfile.ZipFile(file) as archive:
        heads = b"\n".join(zip_heads(file, archive))
        yield Stream(place, lambda: iter((heads,)), "the heads of the members", must_be_text=False)
        for member in archive.infolist():
            with _content(archive, member) as content:
                yield from _member_streams((*place, member.filename), content, depth)


def _content(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> IO[bytes]:
    try:
        return archive.open(member)
    except (RuntimeError, NotImplementedError):
        # Encrypted, or compressed in an unknown way; the message has its name.
        raise OSError("a member that cannot be unpacked") from None


def _member_streams(place: tuple[str, ...], content: IO[bytes], depth: int) -> Iterator[Stream]:
    """Yield the streams of a member, which can be read only once."""
    head = content.read(_HEAD_BYTES)
    if is_plain(head):
        yield Stream(place, lambda: _after(head, content))
    else:
        yield from _packed_streams(place, head, content, depth)


def _packed_streams(place: tuple[str, ...], head: bytes, rest: IO[bytes], depth: int) -> Iterator[Stream]:
    """Yield the streams of content that is packed itself: it is copied to a file without a name, if it is large."""
    with tempfile.SpooledTemporaryFile(_MEMORY_BYTES) as file:
        file.write(head)
        shutil.copyfileobj(rest, file, CHUNK_BYTES)
        yield from streams(place, lambda: _rewound(file), depth + 1)


@contextmanager
def _rewound(file: IO[bytes]) -> Iterator[IO[bytes]]:
    """Give an open file at its beginning, and leave it open."""
    file.seek(0)
    yield file


def _after(head: bytes, content: IO[bytes]) -> Iterator[bytes]:
    if head:
        yield head
    yield from _chunks_of(content)


def _chunks(open_stream: Open) -> Iterator[bytes]:
    with open_stream() as stream:
        yield from _chunks_of(stream)


def _chunks_of(stream: IO[bytes]) -> Iterator[bytes]:
    while chunk := stream.read(CHUNK_BYTES):
        yield chunk


def _head(open_stream: Open) -> bytes:
    with open_stream() as stream:
        return stream.read(_HEAD_BYTES)


def _opener(head: bytes) -> Callable[[IO[bytes]], IO[bytes]] | None:
    """Return the function that decompresses a file which begins with these bytes; it reads all members."""
    openers: dict[bytes, Callable[[Any], Any]] = {
        b"\x28\xb5\x2f\xfd": _zstd,
        _GZIP: gzip.open,
        b"\xfd7zXZ\x00": open_xz,
        b"BZh": open_bz2,
    }
    return next((opener for magic, opener in openers.items() if head.startswith(magic)), None)


@contextmanager
def _opened(open_file: Open, opener: Callable[[IO[bytes]], IO[bytes]]) -> Iterator[IO[bytes]]:
    """Give the decompressed stream of a file, and close both."""
    with open_file() as file, opener(file) as stream:
        yield stream


def _gzip_head(open_file: Open) -> Iterator[bytes]:
    with open_file() as file:
        yield gzip_head(file)


def _zstd(file: IO[bytes]) -> IO[bytes]:
    check_zstd(file)
    file.seek(0)
    return pa.CompressedInputStream(pa.PythonFile(file, mode="r"), "zstd")  # type: ignore[no-any-return]


def _is_tar(head: bytes) -> bool:
    return head[257:262] == b"ustar"


def _texts(headers: Any) -> Iterator[str]:
    for key, value in headers.items():
        yield from (str(key), str(value))


def _utf8(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")
