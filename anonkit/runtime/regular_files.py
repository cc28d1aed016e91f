"""Opening files that this run has not made: another user may have put anything in their place."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import IO

__all__ = ["open_regular"]


def open_regular(path: Path) -> IO[bytes]:
    """Open a regular file for reading. OSError for anything else; it is never waited for, and no link is followed."""
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    handle = os.open(path, flags)
    if stat.S_ISREG(os.fstat(handle).st_mode):
        return os.fdopen(handle, "rb")
    os.close(handle)
    raise OSError("not a regular file")
