"""A script: one run in one process, and the packages in which its CPU time goes. It prints the seconds as JSON.

A timer interrupts the process every few milliseconds of CPU time. The time since the last interrupt goes to the package
of the innermost function of anonkit that is running: what pyarrow or NumPy does for a function counts as the
function's. A long call of theirs delays the interrupt, and then counts whole.
"""

from __future__ import annotations

import json
import signal
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from anonkit import load, run
from benchmarks.demo_data import SITE

__all__ = ["main", "package_of", "sampled"]

INTERVAL = 0.002
"""Seconds of CPU time."""
OURS = ("anonkit", "anonkit_std")
ELSE = "all else"


@contextmanager
def sampled() -> Iterator[defaultdict[str, float]]:
    """Give a dictionary that fills with the seconds of each package while the block runs."""
    seconds: defaultdict[str, float] = defaultdict(float)
    since = time.process_time()

    def sample(number: int, frame: FrameType | None) -> None:
        nonlocal since
        now = time.process_time()
        seconds[package_of(frame)] += now - since
        since = now

    before = signal.signal(signal.SIGPROF, sample)
    signal.setitimer(signal.ITIMER_PROF, INTERVAL, INTERVAL)
    try:
        yield seconds
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def package_of(frame: FrameType | None) -> str:
    """Return the package of the innermost function of anonkit that runs; `ELSE` when none does."""
    while frame is not None:
        module: str = frame.f_globals.get("__name__", "")
        if module.partition(".")[0] in OURS:
            return module.rpartition(".")[0] or module
        frame = frame.f_back
    return ELSE


def main(data: Path, output: Path) -> None:
    """Run over `data` and print the times."""
    config = load(
        {
            "run": {"data_dir": str(data), "output_dir": str(output), "workers": 1},
            "reporters": {"site_jobs": {"sites": [SITE]}},
        },
        environ={},
    )
    with sampled() as seconds:
        run(config)
    print(json.dumps(seconds))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
