"""The standard streams of the program, of which some may be closed, full, or read by nobody any more."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable
from typing import Any, Protocol

from anonkit.errors import OutputError

__all__ = ["give_up", "open_streams"]


def open_streams() -> None:
    """Make the standard streams fit to be written, whatever the program was started with.

    One that is closed (``>&-``, as some schedulers start programs) is opened on the null device: else the next file
    that is opened would take its place, and get what is written to the stream. From then on, what cannot be written to
    standard output is an OutputError, and what cannot be written to standard error is dropped. BrokenPipeError stays.
    """
    # From the first on, since each file takes the lowest number that is free.
    for name, mode, kind in (("stdin", "r", None), ("stdout", "w", _Output), ("stderr", "w", _Messages)):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115, it stays open
        # What a caller in Python has put there instead stays.
        elif kind is not None and type(stream) is io.TextIOWrapper and not isinstance(stream.buffer, _Bytes):
            setattr(sys, name, kind.below(stream))


def give_up(stream: _HasFile) -> None:
    """Send what is left for a stream to the null device: at the end Python would try, and fail, once more."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


class _HasFile(Protocol):
    def fileno(self) -> int: ...


class _Bytes(io.BufferedIOBase):
    """The bytes of a standard stream, which say what happens when it fails."""

    def __init__(self, stream: Any) -> None:
        """`stream` is a binary file, buffered or not."""
        self._stream = stream
        self.name: str = stream.name

    @classmethod
    def below(cls, stream: io.TextIOWrapper) -> io.TextIOWrapper:
        """Return the stream with these for its bytes."""
        return io.TextIOWrapper(
            cls(stream.buffer),
            stream.encoding,
            # A name that the terminal cannot show is no reason to fail.
            errors="backslashreplace",
            line_buffering=stream.line_buffering,
            write_through=stream.write_through,
        )

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        number: int = self._stream.fileno()
        return number

    def isatty(self) -> bool:
        return bool(self._stream.isatty())

    def write(self, data: Any, /) -> int:
        # Who writes nothing asks whether this can be written; some devices would answer that they are full.
        return int(self._told(self._stream.write, data)) if data else 0

    def flush(self) -> None:
        self._told(self._stream.flush)

    def _told(self, do: Callable[..., Any], *data: Any) -> Any:
        try:
            return do(*data)
        except BrokenPipeError:
            raise
        except OSError as error:
            self._fail(error)
            return sum(map(len, data))

    def _fail(self, error: OSError) -> None:
        give_up(self)


class _Output(_Bytes):
    def _fail(self, error: OSError) -> None:
        super()._fail(error)
        reason = error.strerror or type(error).__name__
        raise OutputError(
            f"standard output cannot be written ({reason}): send it elsewhere and call again; "
            "what the command has written to files stands"
        ) from None


class _Messages(_Bytes):
    """Nobody can be told that nobody can be told."""
