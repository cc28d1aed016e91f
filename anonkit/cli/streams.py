"""The standard streams of the program, which may be closed, full, or without a reader."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable
from typing import Any, Protocol

from anonkit.errors import OutputError

__all__ = ["open_streams", "redirect_to_null"]


def open_streams() -> None:
    """Make the standard streams writable, however the program was started.

    A closed stream (``>&-``, as some schedulers start programs) is opened on the null device: else the next file to be
    opened would take its number and receive the stream's text. From then on, a failed write to standard output raises
    OutputError, and one to standard error is ignored. BrokenPipeError stays.
    """
    # In ascending order, since a new file takes the lowest free number.
    for name, mode, kind in (("stdin", "r", None), ("stdout", "w", _Output), ("stderr", "w", _Messages)):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115, it stays open
        # What a caller in Python has put there instead stays.
        elif kind is not None and type(stream) is io.TextIOWrapper and not isinstance(stream.buffer, _Bytes):
            setattr(sys, name, kind.below(stream))


def redirect_to_null(stream: _HasFile) -> None:
    """Redirect a stream to the null device: Python's last flush at exit would fail again."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


class _HasFile(Protocol):
    def fileno(self) -> int: ...


class _Bytes(io.BufferedIOBase):
    """The bytes of a standard stream; a subclass handles a failed write."""

    def __init__(self, stream: Any) -> None:
        """`stream` is a binary file, buffered or not."""
        self._stream = stream
        self.name: str = stream.name

    @classmethod
    def below(cls, stream: io.TextIOWrapper) -> io.TextIOWrapper:
        """Return the text stream with its bytes written through this class."""
        return io.TextIOWrapper(
            cls(stream.buffer),
            stream.encoding,
            # A name that the terminal cannot show is escaped.
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
        # A caller that writes nothing asks whether writing works; some devices would answer that they are full.
        return int(self._guarded(self._stream.write, data)) if data else 0

    def flush(self) -> None:
        self._guarded(self._stream.flush)

    def _guarded(self, do: Callable[..., Any], *data: Any) -> Any:
        try:
            return do(*data)
        except BrokenPipeError:
            raise
        except OSError as error:
            self._fail(error)
            return sum(map(len, data))

    def _fail(self, error: OSError) -> None:
        redirect_to_null(self)


class _Output(_Bytes):
    def _fail(self, error: OSError) -> None:
        super()._fail(error)
        reason = error.strerror or type(error).__name__
        raise OutputError(
            f"standard output cannot be written ({reason}): redirect it and run the command again; "
            "files that the command has written are complete"
        ) from None


class _Messages(_Bytes):
    """A failed write is ignored, since standard error is where it would be reported."""
