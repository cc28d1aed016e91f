"""A file in the staging folder, as it is written."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path
from typing import Any

from anonkit.plugin.contracts import Encoding

__all__ = ["BLOCK_BYTES", "StagedFile", "write_all"]

BLOCK_BYTES = 1 << 20
"""Bytes that are encoded at a time."""


class StagedFile(io.RawIOBase):
    """A file being written: encoded, counted and hashed on its way. It is open only while bytes are written."""

    def __init__(self, path: Path, encoding: Encoding | None, block_bytes: int = BLOCK_BYTES) -> None:
        """`encoding` gets blocks of `block_bytes`, so that the stored bytes depend on the content alone."""
        super().__init__()
        self.path = path
        self.encoding = encoding
        self.size = 0
        self.plain_size = 0
        self._block_bytes = block_bytes
        self._pending = bytearray()
        self._digest = hashlib.sha256()
        self._plain_digest = hashlib.sha256()
        path.touch()

    def writable(self) -> bool:
        """Return True."""
        return True

    def write(self, data: Any) -> int:
        """Take bytes."""
        with memoryview(data).cast("B") as view:
            if self.encoding is None:
                self._put(view)
            else:
                self._plain_digest.update(view)
                self.plain_size += len(view)
                self._pending += view
                while len(self._pending) >= self._block_bytes:
                    self._put(self.encoding.compress(bytes(self._pending[: self._block_bytes])))
                    del self._pending[: self._block_bytes]
            return len(view)

    def close(self) -> None:
        """Write the last block. An empty file is stored as the encoding stores no bytes."""
        if not self.closed and self.encoding is not None and (self._pending or not self.size):
            self._put(self.encoding.compress(bytes(self._pending)))
            self._pending.clear()
        super().close()

    def __del__(self) -> None:
        """Write no last block of a file that was never closed: its folder may be gone."""

    @property
    def sha256(self) -> str:
        """Digest of the bytes on disk, in hexadecimal."""
        return self._digest.hexdigest()

    @property
    def plain_sha256(self) -> str:
        """Digest of the bytes before they were encoded, in hexadecimal; of a file without an encoding unknown."""
        return self._plain_digest.hexdigest()

    def _put(self, data: bytes | memoryview) -> None:
        self._digest.update(data)
        self.size += len(data)
        with self.path.open("ab", buffering=0) as file:
            write_all(file, data)


def write_all(file: Any, data: bytes | memoryview) -> None:
    """Write all of `data` to an unbuffered file, which may take a part of it at a time."""
    view = memoryview(data)
    while len(view):
        view = view[file.write(view) :]
