"""One writer of a mapping at a time.

The lock is on a file beside the mapping, which itself is replaced by every run, and it is the kernel's: it ends with
the process that holds it, whatever becomes of the file. Where there is no such lock (Windows), a mapping that changed
meanwhile is noticed before it is written.
"""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from anonkit.errors import OutputError

if sys.platform != "win32":
    import fcntl

__all__ = ["locked"]

_SUFFIX = ".lock"


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Keep others from the mapping at `path` for a while. OutputError when somebody has it, or it cannot be locked."""
    if sys.platform == "win32":
        yield
        return
    # Two names of one mapping are one mapping.
    target = Path(os.path.realpath(path))
    beside = target.with_name(f"{target.name}{_SUFFIX}")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        handle = _acquire(beside)
    except BlockingIOError:
        raise OutputError(
            f"--mapping {path}: in use by {_holder(beside)}; tokens would not agree. Wait until it has ended and run "
            "again, or name another mapping"
        ) from None
    except OSError as error:
        raise OutputError(f"--mapping {path}: cannot be locked ({error.strerror}); check its folder") from None
    try:
        yield
    finally:
        with suppress(OSError):
            beside.unlink()
        # Said, not left to closing it: workers that were forked meanwhile hold it open, too.
        fcntl.flock(handle, fcntl.LOCK_UN)
        os.close(handle)


def _acquire(beside: Path) -> int:
    """Return the locked file, with who we are in it. BlockingIOError when another process has it, OSError."""
    while True:
        # Not through a link, which could make us empty another file.
        handle = os.open(beside, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if _is_still(handle, beside):
                os.ftruncate(handle, 0)
                os.write(handle, f"{os.getpid()} {socket.gethostname()}".encode())
                return handle
        except BaseException:
            os.close(handle)
            raise
        # Whoever had it took the file away between our opening and our locking it.
        os.close(handle)


def _is_still(handle: int, beside: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(handle), beside.stat())
    except FileNotFoundError:
        return False


def _holder(beside: Path) -> str:
    with suppress(OSError, ValueError):
        pid, host = beside.read_text().split()
        return f"another run (process {int(pid)} on {host})"
    return "another run"
