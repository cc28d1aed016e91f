"""Reading xz and bz2 to the end: bytes after the last stream are an error, which the standard readers pass over."""

from __future__ import annotations

import bz2
import io
import lzma
from collections.abc import Callable
from typing import IO, Protocol

__all__ = ["open_bz2", "open_xz"]

_BLOCK = 1 << 18


class _Decompressor(Protocol):
    """What `lzma` and `bz2` have in common."""

    @property
    def eof(self) -> bool: ...

    @property
    def needs_input(self) -> bool: ...

    @property
    def unused_data(self) -> bytes: ...

    def decompress(self, data: bytes, max_length: int = -1) -> bytes: ...


class _WholeStream(io.RawIOBase):
    """The content of streams, one after the other. Zeros may follow the last one; anything else is an EOFError."""

    def __init__(self, file: IO[bytes], make: Callable[[], _Decompressor]) -> None:
        self._file, self._make, self._stream, self._ahead = file, make, make(), b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # the type of any buffer
        data = b""
        while not data and not (self._stream.eof and not self._next()):
            if self._stream.needs_input and not self._ahead:
                self._ahead = self._file.read(_BLOCK)
                if not self._ahead:
                    raise EOFError("the file ends before its stream does")
            ahead, self._ahead = self._ahead, b""
            data = self._stream.decompress(ahead, len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def _next(self) -> bool:
        """Go on to the next stream, and return whether there is one."""
        rest = self._stream.unused_data.lstrip(b"\0")
        while not rest:
            block = self._file.read(_BLOCK)
            if not block:
                return False
            rest = block.lstrip(b"\0")
        self._ahead = rest
        self._stream = self._make()
        return True


def open_xz(file: IO[bytes]) -> IO[bytes]:
    """Return the content of an xz file."""
    return io.BufferedReader(_WholeStream(file, lambda: lzma.LZMADecompressor(lzma.FORMAT_XZ)), _BLOCK)


def open_bz2(file: IO[bytes]) -> IO[bytes]:
    """Return the content of a bz2 file."""
    return io.BufferedReader(_WholeStream(file, bz2.BZ2Decompressor), _BLOCK)
