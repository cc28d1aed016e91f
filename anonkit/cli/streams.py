"""The standard streams of the program, of which some may be closed, full, or read by nobody any more."""

from __future__ import annotations

import io
import os
import sys
from typing import TextIO

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
        elif kind is not None and type(stream) is io.TextIOWrapper:
            setattr(sys, name, kind.over(stream))


def give_up(stream: TextIO) -> None:
    """Send what is left for a stream to the null device: at the end Python would try, and fail, once more."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


class _Stream(io.TextIOWrapper):
    """A standard stream that says what happens when it fails."""

    @classmethod
    def over(cls, stream: io.TextIOWrapper) -> _Stream:
        return cls(
            stream.buffer,
            stream.encoding,
            # A name that the terminal cannot show is no reason to fail.
            errors="backslashreplace",
            line_buffering=stream.line_buffering,
            write_through=stream.write_through,
        )

    def write(self, text: str, /) -> int:
        if text == "":
            # So click asks whether this takes text: some devices would answer that they are full.
            return 0
        try:
            return super().write(text)
        except BrokenPipeError:
            raise
        except OSError as error:
            self._fail(error)
            return len(text)

    def flush(self) -> None:
        try:
            super().flush()
        except BrokenPipeError:
            raise
        except OSError as error:
            self._fail(error)

    def _fail(self, error: OSError) -> None:
        give_up(self)


class _Output(_Stream):
    def _fail(self, error: OSError) -> None:
        super()._fail(error)
        reason = error.strerror or type(error).__name__
        raise OutputError(
            f"standard output cannot be written ({reason}): send it elsewhere and call again; "
            "what the command has written to files stands"
        ) from None


class _Messages(_Stream):
    """Nobody can be told that nobody can be told."""
