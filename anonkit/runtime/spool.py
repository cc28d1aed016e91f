"""The spool: a folder in which workers leave rendered chunks until the coordinating process appends them to outputs.

A file that has been read is used again, since a system overwrites old pages much more cheaply than it finds new ones;
so there are about as many files as tasks under way.
"""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterator
from types import TracebackType

__all__ = ["SpoolFile", "read_span", "release", "remove"]

_FREE = "free-"
_BLOCK_BYTES = 1 << 20


class SpoolFile:
    """A file of the spool, written by one attempt at a task; a context that closes it. Made when it is first written.

    A task may be done twice, even at once, when a cluster gives up on a worker: each attempt has its own file.
    """

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self._path: str | None = None
        self._handle = -1
        self._size = 0

    def __enter__(self) -> SpoolFile:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._path is not None:
            os.close(self._handle)

    @property
    def path(self) -> str | None:
        """None when nothing was written."""
        return self._path

    def write(self, data: bytes | memoryview) -> int:
        """Append data to the file; return the offset of its first byte."""
        if self._path is None:
            self._path = _claimed(self._folder)
            self._handle = os.open(self._path, os.O_WRONLY | os.O_CREAT, 0o600)
        start = self._size
        left = memoryview(data)
        while left:
            written = os.write(self._handle, left)
            left = left[written:]
            self._size += written
        return start


def read_span(path: str, start: int, size: int) -> Iterator[bytes]:
    """Yield the bytes of a span of a file, in blocks."""
    with open(path, "rb", buffering=0) as file:
        file.seek(start)
        while size > 0 and (block := file.read(min(size, _BLOCK_BYTES))):
            size -= len(block)
            yield block


def release(path: str) -> None:
    """Let workers overwrite a file that has been read."""
    os.rename(path, os.path.join(os.path.dirname(path), f"{_FREE}{secrets.token_hex(8)}"))


def remove(folder: str) -> None:
    """Remove the spool with its files. A file that cannot be removed now goes with the staging folder."""
    shutil.rmtree(folder, ignore_errors=True)


def _claimed(folder: str) -> str:
    """Return the path of a file that no other task uses: a released one, or one that is still to be made."""
    path = os.path.join(folder, secrets.token_hex(8))
    for name in os.listdir(folder):
        if name.startswith(_FREE):
            try:
                os.rename(os.path.join(folder, name), path)
            except FileNotFoundError:
                # Another worker was quicker.
                continue
            break
    return path
