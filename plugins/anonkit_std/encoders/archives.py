"""Archives that are the same bytes whenever and by whomever they are made."""

from __future__ import annotations

import io
import shutil
import tarfile
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import BinaryIO

__all__ = ["write_tar", "write_zip"]

MODE = 0o644
BLOCK_BYTES = 4 * 2**20
"""Bytes that are compressed at a time, and copied at a time."""
EARLIEST = (1980, 1, 1, 0, 0, 0)
"""The first moment that a zip can name."""

Members = Sequence[tuple[str, Path]]
Compress = Callable[[bytes], bytes]


def write_tar(members: Members, target: BinaryIO, *, compress: Compress | None, block_bytes: int = BLOCK_BYTES) -> None:
    """Write a tar of the members in their order; `compress` turns a block into a frame that is complete in itself."""
    stream = _Blocks(target, compress, block_bytes) if compress else target
    with tarfile.open(fileobj=stream, mode="w|", format=tarfile.PAX_FORMAT, bufsize=block_bytes) as tar:
        for name, path in members:
            info = tarfile.TarInfo(name)
            info.size, info.mode = path.stat().st_size, MODE
            with path.open("rb") as file:
                tar.addfile(info, file)
    if isinstance(stream, _Blocks):
        stream.finish()


def write_zip(members: Members, target: BinaryIO, *, level: int) -> None:
    """Write a zip of the members in their order."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as archive:
        for name, path in members:
            info = zipfile.ZipInfo(name, EARLIEST)
            info.compress_type, info.create_system, info.external_attr = zipfile.ZIP_DEFLATED, 3, MODE << 16
            info.file_size = path.stat().st_size
            with path.open("rb") as file, archive.open(info, "w") as member:
                shutil.copyfileobj(file, member, BLOCK_BYTES)


class _Blocks(io.RawIOBase):
    """A binary stream that compresses its data a block at a time."""

    def __init__(self, target: BinaryIO, compress: Compress, block_bytes: int) -> None:
        self._target = target
        self._block_bytes = block_bytes
        self._compress = compress
        self._waiting = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]  # the tar writer gives bytes
        self._waiting += data
        while len(self._waiting) >= self._block_bytes:
            self._pass_on(self._block_bytes)
        return len(data)

    def finish(self) -> None:
        """Pass on what is left; there is a frame even when nothing was written."""
        if self._waiting:
            self._pass_on(len(self._waiting))

    def _pass_on(self, size: int) -> None:
        self._target.write(self._compress(bytes(self._waiting[:size])))
        del self._waiting[:size]
