"""The report of a bug: types of errors and places in the code, never their messages."""

from __future__ import annotations

import os
import platform
import re
import sys
import tempfile
import traceback
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

__all__ = ["write_crash"]

_REMOTE_FRAME = re.compile(r'^ *File "(?P<file>[^"\n]+)", line (?P<line>[0-9]+), in ', re.MULTILINE)


def write_crash(error: BaseException) -> Path:
    """Write the types and the frames (file, line, function) of an error and of its causes; return the file.

    The file can be sent to the maintainers as it is. An exception's message, its notes, the values of variables and the
    command line may hold names, addresses and other originals, so none of them is written. The file is readable by its
    owner alone.
    """
    handle, name = tempfile.mkstemp(prefix="anonkit-", suffix=".txt")  # which creates it with mode 0600
    with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace") as file:
        file.writelines(f"{line}\n" for line in _report(error))
    return Path(name)


def _report(error: BaseException) -> Iterator[str]:
    yield f"anonkit {version('anonkit')}, Python {platform.python_version()}, {platform.system()}"
    yield "Messages and values are left out on purpose: they may hold originals."
    yield from _chain(error, "", set())


def _chain(error: BaseException, relation: str, seen: set[int]) -> Iterator[str]:
    if id(error) in seen:
        return
    seen.add(id(error))
    yield ""
    yield f"{relation}{type(error).__module__}.{type(error).__qualname__}"
    for frame, line in traceback.walk_tb(error.__traceback__):
        yield f"  {frame.f_code.co_filename}:{line}:{frame.f_code.co_name}"
    yield from _frames_of_a_worker(error)
    for member in getattr(error, "exceptions", ()):
        if isinstance(member, BaseException):
            yield from _chain(member, "one of a group: ", seen)
    if error.__cause__ is not None:
        yield from _chain(error.__cause__, "caused by: ", seen)
    if error.__context__ is not None:
        yield from _chain(error.__context__, "while handling: ", seen)


def _frames_of_a_worker(error: BaseException) -> Iterator[str]:
    """Yield the frames of an error from another process, which arrive as text together with messages.

    So only a line that names the file of an imported module counts, and only its file and line are used.
    """
    if type(error).__name__ != "_RemoteTraceback":
        return
    files = {getattr(module, "__file__", None) for module in list(sys.modules.values())}
    for frame in _REMOTE_FRAME.finditer(str(error)):
        if frame["file"] in files:
            yield f"  {frame['file']}:{frame['line']}"
