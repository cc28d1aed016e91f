"""The server that workers fork off, as a fork of this process instead of a process that imports everything anew.

`multiprocessing` starts the server as a new interpreter, whose imports take as long as those of the command, and slow
them down. A command that has imported what workers need can fork itself instead: the fork lets go of all that is not
its own, and then does what the new interpreter would have done. No thread may be running by then but those of
libraries, which the server would have as well.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import traceback
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from multiprocessing import util
from typing import Any

__all__ = ["forking", "is_possible"]


def is_possible() -> bool:
    """Return whether a server can be forked: elsewhere than on Linux, libraries of the system do not survive it."""
    return sys.platform == "linux" and hasattr(util, "spawnv_passfds")


@contextmanager
def forking() -> Iterator[None]:
    """Let the next process that `multiprocessing` starts with a command of Python's be a fork of this one."""
    start = util.spawnv_passfds
    util.spawnv_passfds = _fork
    try:
        yield
    finally:
        util.spawnv_passfds = start


def _fork(path: bytes, args: Sequence[Any], passfds: Sequence[int]) -> int:
    """Do what `util.spawnv_passfds` does, whose last argument is what `python -c` would run."""
    # What waits here to be written would be written twice. Either may be closed, and is None then.
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            stream.flush()
    # What ends a process ends the fork from its first moment on, whatever it does here.
    handler = signal.signal(signal.SIGTERM, signal.SIG_DFL)
    with warnings.catch_warnings():
        # From 3.12 on, of the threads of libraries.
        warnings.simplefilter("ignore", DeprecationWarning)
        pid = os.fork()
    if pid:
        signal.signal(signal.SIGTERM, handler)
        return pid
    status = 1
    try:
        from multiprocessing import forkserver  # not everywhere

        # It is held while the server is started; a worker may want a server of its own.
        forkserver._forkserver._lock = threading.Lock()  # type: ignore[attr-defined]
        _close_all_but({0, 1, 2, *passfds})
        exec(args[-1], {"__name__": "__mp_server__"})
    except SystemExit:
        # Nobody is left who could ask for a worker.
        status = 0
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(status)


def _close_all_but(kept: set[int]) -> None:
    for name in os.listdir("/proc/self/fd"):
        if int(name) not in kept:
            try:
                os.close(int(name))
            except OSError:
                # The one that listed them.
                continue
