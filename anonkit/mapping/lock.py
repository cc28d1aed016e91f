"""A lock, so that one process at a time writes a mapping.

It is on a file beside the mapping, because every run replaces the mapping itself. The kernel releases it when the
process ends. Windows has no such lock; there a mapping that another run changed is noticed before it is written.

The package filelock (4.3, tried) leaves the lock file beside the mapping and does not tell which process has it.
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

__all__ = ["lock"]

_SUFFIX = ".lock"


@contextmanager
def lock(path: Path) -> Iterator[None]:
    """Lock the mapping at `path` until the context ends. OutputError when another process has it, or it fails."""
    if sys.platform == "win32":
        yield
        return
    # Links to one mapping share its lock.
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
        # Closing alone would not release it: forked workers have it open, too.
        fcntl.flock(handle, fcntl.LOCK_UN)
        os.close(handle)


def _acquire(beside: Path) -> int:
    """Return the locked file, with this process in it. BlockingIOError when another process has it; OSError."""
    while True:
        # Not through a link, which could point at another file, to be emptied here.
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
        # The previous owner removed the file between opening and locking it here.
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
