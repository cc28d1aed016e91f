"""Bytes of zstd and zip files that their readers pass over, and that could hold anything."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Iterator
from typing import IO

from anonkit.auditing.streams import UnreadableError

__all__ = ["check_zstd", "gzip_head", "zip_heads"]

_ZSTD, _SKIPPED = 0xFD2FB528, range(0x184D2A50, 0x184D2A60)
_RUN_OF_ONE_BYTE = 1
_LOCAL, _DIRECTORY = b"PK\x03\x04", b"PK\x01\x02"
_LOCAL_SIZE, _HAS_DESCRIPTOR = 30, 8
_DESCRIPTOR = b"PK\x07\x08"
_GZIP_SIZE, _GZIP_MOST = 10, 1 << 16


def check_zstd(file: IO[bytes]) -> None:
    """Go through the frames of a zstd file to its end. UnreadableError when one of them is to be skipped.

    A file that is damaged is left to the reader.
    """
    file.seek(0)
    while len(magic := file.read(4)) == 4:
        (number,) = struct.unpack("<I", magic)
        if number in _SKIPPED:
            raise UnreadableError("holds a part that programs skip")
        if number != _ZSTD or not _pass_frame(file):
            return


def _pass_frame(file: IO[bytes]) -> bool:
    """Read a frame after its magic number; return whether it ends before the file does (RFC 8878, 3.1.1)."""
    (descriptor,) = file.read(1) or (0,)
    single, size_flag = descriptor >> 5 & 1, descriptor >> 6
    size_bytes = (1 if single else 0, 2, 4, 8)[size_flag]
    file.seek((0 if single else 1) + (0, 1, 2, 4)[descriptor & 3] + size_bytes, io.SEEK_CUR)
    is_last = False
    while not is_last:
        head = file.read(3)
        if len(head) < 3:
            return False
        number = int.from_bytes(head, "little")
        is_last, sort, size = bool(number & 1), number >> 1 & 3, number >> 3
        file.seek(1 if sort == _RUN_OF_ONE_BYTE else size, io.SEEK_CUR)
    file.seek(4 if descriptor & 4 else 0, io.SEEK_CUR)
    return True


def zip_heads(file: IO[bytes], archive: zipfile.ZipFile) -> Iterator[bytes]:
    """Yield the bytes of all heads of a zip: names, further fields, comments. UnreadableError when there are others."""
    yield archive.comment
    place = 0
    for entry in sorted(archive.infolist(), key=lambda entry: entry.header_offset):
        yield from (entry.filename.encode("utf-8", "surrogateescape"), entry.extra, entry.comment)
        if entry.header_offset != place:
            raise UnreadableError("holds bytes between the members of its archive")
        file.seek(place)
        head = file.read(_LOCAL_SIZE)
        if len(head) < _LOCAL_SIZE or not head.startswith(_LOCAL):
            raise UnreadableError("has a member without a head")
        flags, name, extra = (*struct.unpack_from("<H", head, 6), *struct.unpack_from("<HH", head, 26))
        yield file.read(name + extra)
        place = entry.header_offset + _LOCAL_SIZE + name + extra + entry.compress_size
        place += _descriptor_size(file, place) if flags & _HAS_DESCRIPTOR else 0
    if place != archive.start_dir:
        raise UnreadableError("holds bytes between the members of its archive")


def _descriptor_size(file: IO[bytes], place: int) -> int:
    """Return the size of the descriptor after a member of unknown size: with a signature or not, of 32 bits or 64."""
    file.seek(place)
    data = file.read(28)
    mark = 4 if data.startswith(_DESCRIPTOR) else 0
    return next((mark + size for size in (12, 20) if data[mark + size :].startswith((_LOCAL, _DIRECTORY))), mark + 12)


def gzip_head(file: IO[bytes]) -> bytes:
    """Return the file name, the comment and the further fields at the beginning of a gzip file."""
    file.seek(0)
    head = file.read(_GZIP_MOST)
    flags, place = head[3] if len(head) > _GZIP_SIZE else 0, _GZIP_SIZE
    if flags & 4:
        place += 2 + int.from_bytes(head[place : place + 2], "little")
    for flag in (8, 16):
        if flags & flag:
            place = head.find(b"\0", place) + 1 or len(head)
    return head[_GZIP_SIZE:place]
