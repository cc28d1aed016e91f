"""Outputs of a reporter that stay in memory."""

from __future__ import annotations

import io
import shutil
import tempfile
import weakref
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

import attrs

from anonkit.errors import PluginConflictError

__all__ = ["MemoryOutputs"]

_PIECE = 7
"""Bytes of the pieces in which a stream is read: few, so that a reporter that relies on pieces fails."""


@attrs.define(eq=False)
class MemoryOutputs:
    """`Outputs` that keeps everything: `files` by name, and the `warnings`."""

    separator: bytes = b""
    """Of the listing."""
    openings: dict[str, bytes] = attrs.field(factory=dict)
    pieces: dict[str, list[bytes]] = attrs.field(factory=dict)
    files: dict[str, bytes] = attrs.field(factory=dict)
    warnings: list[str] = attrs.field(factory=list)

    def open(self, name: str) -> BinaryIO:
        """Open a new output; it is there when it is closed."""
        return _File(lambda data: self.write(name, data))

    def write(self, name: str, data: bytes) -> None:
        """Add an output; PluginConflictError if the name is taken."""
        if name in self.files:
            raise PluginConflictError(f"the output {name!r} is written twice")
        self.files[name] = data

    def streams(self) -> list[str]:
        """Return the names of the streams, in order of first appearance."""
        return list(self.pieces)

    def read(self, stream: str) -> Iterator[bytes]:
        """Yield the bytes of a stream, without its opening, in small pieces."""
        data = self.separator.join(self.pieces[stream])
        yield from (data[start : start + _PIECE] for start in range(0, len(data), _PIECE))

    def publish(self, stream: str, name: str, tail: bytes = b"") -> None:
        """Make a stream, its opening included, an output."""
        self.write(name, self.openings[stream] + self.separator.join(self.pieces[stream]) + tail)

    def scratch(self) -> Path:
        """Return a new folder, which vanishes with this object."""
        folder = Path(tempfile.mkdtemp(prefix="anonkit-scratch-"))
        weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)
        return folder

    def warn(self, message: str) -> None:
        """Note a warning."""
        self.warnings.append(message)


class _File(io.BytesIO):
    """Gives its bytes to `done` when it is closed."""

    def __init__(self, done: Callable[[bytes], None]) -> None:
        super().__init__()
        self._done = done

    def close(self) -> None:
        """Close it."""
        if not self.closed:
            self._done(self.getvalue())
        super().close()
