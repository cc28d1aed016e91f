"""Running a command, and what it cost: wall time, CPU time and peak memory, of its descendants too.

The costs are the kernel's own, which it gives when a process is waited for. For that this process adopts the orphans of
what it runs (Linux): else workers that fork off a server would end unseen. It must stay small itself, since a new
process counts its parent's memory as its own peak; so it reads no data, and imports neither pyarrow nor pandas.
"""

from __future__ import annotations

import ctypes
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

import attrs

from benchmarks.machine import memory

__all__ = ["Command", "Contender", "Series", "Usage", "anonkit", "contest", "measured", "script"]

ROOT = Path(__file__).resolve().parents[1]
ANONKIT = Path(sys.executable).with_name("anonkit")

_ADOPT_ORPHANS = 36  # PR_SET_CHILD_SUBREAPER
_RUSAGE_UNIT = 1024 if sys.platform == "linux" else 1
_SHOWN = 2000
# Less than anything whose memory is of interest.
_SMALL = 80_000_000

# Touches as many MiB of memory as it is told, and gives them back.
_TOUCH = """
import mmap, sys
size = int(sys.argv[1])
with mmap.mmap(-1, size << 20) as memory:
    for _ in range(size):
        memory.write(b"x" * (1 << 20))
"""


@attrs.frozen
class Command:
    """A program with its arguments, and variables for it besides those of this process."""

    arguments: tuple[str, ...]
    variables: Mapping[str, str] = attrs.field(factory=dict)


def anonkit(*arguments: object) -> Command:
    """Return the command `anonkit` of this environment."""
    return Command((str(ANONKIT), *map(str, arguments)))


def script(module: str, *arguments: object, **variables: str) -> Command:
    """Return the command that runs a module of this package."""
    program = (sys.executable, "-m", f"benchmarks.{module}")
    path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    return Command((*program, *map(str, arguments)), {"PYTHONPATH": path, **variables})


@attrs.frozen
class Usage:
    """What one run of a command cost."""

    wall: float
    """Seconds."""
    cpu: float
    """Seconds, of the process and all its descendants, in user and kernel mode."""
    peak: int
    """Bytes of resident memory, at the most: of the process, or of a child that it waited for."""
    worker_peak: int
    """The same, of the largest other process; 0 when there was none."""
    output: str = attrs.field(default="", repr=False)
    """What it printed."""

    @property
    def largest(self) -> int:
        """Peak of the largest of the processes."""
        return max(self.peak, self.worker_peak)


def measured(command: Command, folder: Path, *, touched: int) -> Usage:
    """Run a command in `folder` and return what it cost. RuntimeError when it fails, or when this process has grown.

    There must be no other child of this process meanwhile. Data that wait to be written to disk are written first, and
    `touched` MiB of memory are touched, a quarter of all at the most: a virtual machine may have given its host memory
    that was free for seconds, and then the next to use it takes up to ten times as long.
    """
    if _own_peak() > _SMALL:
        raise RuntimeError("the measuring process has grown: its memory would be counted as that of what it measures")
    _adopt_orphans()
    os.sync()
    subprocess.run([sys.executable, "-c", _TOUCH, str(min(touched, memory() >> 22))], check=True)
    environ = {name: value for name, value in os.environ.items() if not name.startswith("ANONKIT_")}
    # Installed programs have their bytecode; those of a checkout keep it after their first run, unless they must not.
    environ.pop("PYTHONDONTWRITEBYTECODE", None)
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        started = time.perf_counter()
        process = subprocess.Popen(
            command.arguments, cwd=folder, env={**environ, **command.variables}, stdout=output, stderr=errors
        )
        wall, cpu, peak, worker_peak, status = 0.0, 0.0, 0, 0, 0
        for pid, ended, held, seconds in _ended():
            cpu += seconds
            if pid == process.pid:
                wall, peak, status = time.perf_counter() - started, held, ended
            else:
                worker_peak = max(worker_peak, held)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            errors.seek(0)
            told = errors.read().decode(errors="replace")[-_SHOWN:]
            raise RuntimeError(f"{' '.join(command.arguments)}: exit status {process.returncode}\n{told}")
        output.seek(0)
        return Usage(wall, cpu, peak, worker_peak, output.read().decode())


def _ended() -> Iterator[tuple[int, int, int, float]]:
    """Yield id, wait status, peak memory and CPU time of each child, adopted ones too, until there is none."""
    while True:
        try:
            pid, status, used = os.wait4(-1, 0)
        except ChildProcessError:
            return
        yield pid, status, used.ru_maxrss * _RUSAGE_UNIT, used.ru_utime + used.ru_stime


def _own_peak() -> int:
    """Return the peak memory of this process in bytes, without what it inherited; 0 where that is not told."""
    status = Path("/proc/self/status")
    found = re.search(r"^VmHWM:\s*(\d+) kB$", status.read_text(), re.MULTILINE) if status.exists() else None
    return int(found[1]) * 1024 if found else 0


@cache
def _adopt_orphans() -> None:
    if sys.platform != "linux":
        print("not Linux: what worker processes cost is not counted", file=sys.stderr)
    elif ctypes.CDLL(None, use_errno=True).prctl(_ADOPT_ORPHANS, 1, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "prctl")


@attrs.frozen
class Contender:
    """One of the things that are measured side by side."""

    name: str
    run: Callable[[], Usage]
    rounds: int | None = None
    """It takes part in that many rounds, the first ones; None for all."""


@attrs.frozen
class Series:
    """What the runs of one contender cost, by round."""

    name: str
    usages: tuple[Usage, ...]

    @property
    def wall(self) -> float:
        """Median wall time in seconds."""
        return statistics.median(usage.wall for usage in self.usages)

    @property
    def cpu(self) -> float:
        """Median CPU time in seconds."""
        return statistics.median(usage.cpu for usage in self.usages)

    @property
    def peak(self) -> int:
        """Peak memory in bytes of the process itself, at the most."""
        return max(usage.peak for usage in self.usages)

    @property
    def worker_peak(self) -> int:
        """Peak memory in bytes of its largest other process, at the most."""
        return max(usage.worker_peak for usage in self.usages)

    @property
    def largest(self) -> int:
        """Peak memory in bytes of the largest of all its processes."""
        return max(self.peak, self.worker_peak)

    def wall_ratio(self, other: Series) -> float:
        """Return how many times as long as `other` it takes: the median of the ratios within each round.

        Load that comes and goes meets both sides of a ratio.
        """
        return _ratio([usage.wall for usage in self.usages], [usage.wall for usage in other.usages])

    def cpu_ratio(self, other: Series) -> float:
        """Return how many times the CPU time of `other` it takes; as `wall_ratio`."""
        return _ratio([usage.cpu for usage in self.usages], [usage.cpu for usage in other.usages])


def _ratio(left: Sequence[float], right: Sequence[float]) -> float:
    return statistics.median(one / other for one, other in zip(left, right, strict=False))


def contest(contenders: Sequence[Contender], rounds: int) -> list[Series]:
    """Run all contenders one after the other, then all again: A B A B. Return a series for each, in their order."""
    usages: list[list[Usage]] = [[] for _ in contenders]
    for turn in range(rounds):
        for contender, held in zip(contenders, usages, strict=True):
            if contender.rounds is None or turn < contender.rounds:
                held.append(contender.run())
                print(f"  {contender.name}: {held[-1].wall:.2f} s", file=sys.stderr)
    return [Series(one.name, tuple(held)) for one, held in zip(contenders, usages, strict=True)]
