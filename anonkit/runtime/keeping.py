"""What pass one has read of a small input, kept for pass two: in memory that the workers share.

Else both would read it, decode it and cut its text into pieces, and a day of jobs would take a twelfth longer. So what
pass one has made of it is kept, every piece of text once, and pass two goes on from there. Of a larger input nothing is
kept: memory does not grow with its rows. The memory has no name in any file system and is gone with the processes.
"""

from __future__ import annotations

import mmap
import os
from collections.abc import Iterator, Sequence
from multiprocessing.context import get_spawning_popen
from typing import Any

import attrs
import pyarrow as pa

__all__ = ["Keeping", "Kept", "Room", "Shelf", "shelves"]

_ROOM_BYTES = 96 << 20
# What a row of `anonkit demo` needs. With less for each, much would be written that is not kept in the end.
_ROW_BYTES = 256


@attrs.frozen
class Shelf:
    """The part of a room that is for one task."""

    start: int
    size: int


@attrs.frozen
class Kept:
    """All batches of a task, on its shelf."""

    shelf: Shelf
    batches: int


def shelves(rows: Sequence[int]) -> list[Shelf | None]:
    """Share a room out among tasks of so many rows; None for all when it is too small for them."""
    total = sum(rows)
    if not total or total * _ROW_BYTES > _ROOM_BYTES:
        return [None] * len(rows)
    found: list[Shelf | None] = []
    start = 0
    for count in rows:
        size = _ROOM_BYTES * count // total // mmap.PAGESIZE * mmap.PAGESIZE
        found.append(Shelf(start, size))
        start += size
    return found


class Room:
    """Memory for batches. It costs nothing until it is written.

    A worker gets it with what it is started with. From then on it is pickled as the one room that the worker has.
    """

    def __init__(self, *, shared: bool) -> None:
        """A room of this process, or one that can be `shared` with workers."""
        self._fd = -1
        if shared:
            self._fd = os.memfd_create("anonkit")
            os.ftruncate(self._fd, _ROOM_BYTES)
        self._memory = memoryview(mmap.mmap(self._fd, _ROOM_BYTES))

    @classmethod
    def if_possible(cls, *, shared: bool) -> Room | None:
        """Return a room, None where the system has no memory that is shared and has no name, or gives none."""
        if shared and not hasattr(os, "memfd_create"):
            return None
        try:
            return cls(shared=shared)
        except OSError:
            return None

    def __del__(self) -> None:
        if self._fd >= 0:
            os.close(self._fd)

    def __reduce__(self) -> tuple[Any, ...]:
        if get_spawning_popen() is None:
            return _room_here, ()
        from multiprocessing.reduction import DupFd  # not everywhere

        return _moved_in, (DupFd(self._fd),)

    def keeping(self, shelf: Shelf) -> Keeping:
        """Return what keeps the batches of a task."""
        return Keeping(shelf, self._on(shelf))

    def read(self, kept: Kept) -> Iterator[pa.RecordBatch]:
        """Yield the batches that are kept; their bytes stay where they are."""
        reader = pa.BufferReader(self._on(kept.shelf))
        for _ in range(kept.batches):
            with pa.ipc.open_stream(reader) as stream:
                yield from stream

    def _on(self, shelf: Shelf) -> pa.Buffer:
        return pa.py_buffer(self._memory[shelf.start : shelf.start + shelf.size])


class Keeping:
    """Puts the batches of one task on its shelf, until one is too large."""

    def __init__(self, shelf: Shelf, buffer: pa.Buffer) -> None:
        self._shelf = shelf
        self._sink = pa.FixedSizeBufferWriter(buffer)
        self._batches = 0
        self._full = False

    def add(self, batch: pa.RecordBatch) -> None:
        """Keep a batch; each may have a schema of its own."""
        if self._full:
            return
        try:
            with pa.ipc.new_stream(self._sink, batch.schema) as stream:
                stream.write_batch(batch)
        except OSError:
            # Of what was written before, nothing will be read.
            self._full = True
        self._batches += 1

    @property
    def kept(self) -> Kept | None:
        """What is kept: all that was added, or None."""
        return None if self._full else Kept(self._shelf, self._batches)


_here: Room | None = None


def _moved_in(fd: Any) -> Room:
    """Return the room of another process, which becomes that of this one."""
    global _here  # what is unpickled later has no other way to it
    room = object.__new__(Room)
    room._fd = fd.detach()
    room._memory = memoryview(mmap.mmap(room._fd, 0))
    _here = room
    return room


def _room_here() -> Room:
    assert _here is not None
    return _here
