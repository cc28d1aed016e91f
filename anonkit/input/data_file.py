"""An input file as readers get it: on this machine or at a URI, plain or compressed."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from pathlib import PurePosixPath
from types import MappingProxyType
from typing import Any, BinaryIO, cast

import attrs
import pyarrow as pa

from anonkit.errors import DamagedFile, InputError
from anonkit.input.locations import open_remote, out_of_reach, size_of
from anonkit.plugin.contracts import DataFile, FileHead

__all__ = ["InputData", "plain_name"]

_MAGIC = {b"\x1f\x8b": "gzip", b"BZh": "bz2", b"\xfd7zXZ\x00": "xz", b"\x28\xb5\x2f\xfd": "zstd"}
_SUFFIXES = (".gz", ".bz2", ".xz", ".zst", ".zstd")
_HEAD = 64 << 10


def plain_name(name: str) -> str:
    """Return a file's name in lower case, without folders and without the suffix of a compression."""
    path = PurePosixPath(name.lower())
    return path.stem if path.suffix in _SUFFIXES else path.name


@attrs.frozen(slots=False)
class InputData(DataFile):
    """A file of this machine, or with `uri` that path in the filesystem of the URI."""

    path: str
    name: str
    uri: str = ""
    skip_bad_records: bool = False

    @property
    def size(self) -> int:
        """Bytes of the file as it is stored."""
        return size_of(self.path, self.uri)

    @cached_property
    def compression(self) -> str:
        """Name of the compression, by the first bytes; empty for a plain file."""
        with self._stored() as file:
            start = file.read(8)
        return next((name for magic, name in _MAGIC.items() if start.startswith(magic)), "")

    @property
    def is_compressed(self) -> bool:
        """Whether the file is compressed."""
        return bool(self.compression)

    def head(self) -> FileHead:
        """Return the beginning of the file; empty when it cannot be decompressed. InputError when out of reach."""
        return FileHead(plain_name(self.name), self._start)

    def _start(self) -> bytes:
        with self.failures("cannot be read"), self.open() as file:
            try:
                return file.read(_HEAD)
            except (EOFError, OSError, lzma.LZMAError, pa.ArrowException):
                return b""

    def open(self, start: int = 0) -> BinaryIO:
        """Return the decompressed bytes from `start`, as a stream."""
        if not self.compression:
            plain = self._stored()
            plain.seek(start)
            return plain
        stream = _DECOMPRESSED[self.compression](self.random_access())
        _pass_over(stream, start)
        return cast(BinaryIO, stream)

    def random_access(self) -> Any:
        """Return the path, or the open file in its filesystem."""
        return open_remote(self.path, self.uri) if self.uri else self.path

    @contextmanager
    def failures(self, reason: str) -> Iterator[None]:
        """Turn errors of libraries into those of anonkit."""
        try:
            yield
        except InputError:
            raise
        except Exception as error:  # each filesystem has its own
            raise _failure(self.name, error, reason, self.uri) from None

    def _stored(self) -> BinaryIO:
        if self.uri:
            return cast(BinaryIO, open_remote(self.path, self.uri))
        return open(self.path, "rb")


class _Zstd(io.RawIOBase):
    """The bytes of a zstd file, which may be several frames, one after the other."""

    def __init__(self, stored: Any) -> None:
        self._stream = pa.CompressedInputStream(pa.OSFile(stored) if isinstance(stored, str) else stored, "zstd")

    def readable(self) -> bool:
        """Return True."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill a buffer; return the number of bytes, 0 at the end."""
        data = self._stream.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        """Close the stream and the file."""
        self._stream.close()
        super().close()


def _zstd(stored: Any) -> BinaryIO:
    return cast(BinaryIO, io.BufferedReader(_Zstd(stored), 1 << 20))


_DECOMPRESSED: Mapping[str, Callable[[Any], Any]] = MappingProxyType(
    {"gzip": gzip.open, "bz2": bz2.open, "xz": lzma.open, "zstd": _zstd}
)


def _pass_over(stream: BinaryIO, size: int) -> None:
    while size > 0 and (data := stream.read(min(size, 1 << 20))):
        size -= len(data)


def _failure(name: str, error: Exception, reason: str, uri: str) -> Exception:
    """Return the exception to raise, without the library's text, which may quote data."""
    if isinstance(error, (FileNotFoundError, PermissionError)) and not uri:
        # Arrow's message holds the whole path.
        reason = os.strerror(error.errno) if error.errno else type(error).__name__
        return InputError(f"{name}: cannot be read ({reason}); check that it exists and that you may read it")
    if uri and not isinstance(error, pa.ArrowInvalid):
        return out_of_reach(name, error)
    known = isinstance(error, (OSError, ValueError, EOFError, lzma.LZMAError, pa.ArrowException))
    return DamagedFile(name, reason) if known else error
