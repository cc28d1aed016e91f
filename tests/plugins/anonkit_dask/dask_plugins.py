"""What the tests send to workers, which find it because they are started with the path of the test's process."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Any

import attrs

from anonkit.api import Batch, Outputs, Reporter, RunContext


def size_and_process(data: bytes) -> tuple[int, int]:
    """Return how many bytes there are, and the process that was asked."""
    return len(data), os.getpid()


def die(*_: object) -> None:
    """Kill the worker."""
    os.kill(os.getpid(), signal.SIGKILL)


def die_once(marker: str) -> None:
    """Kill the worker unless the marker is there; leave it before."""
    if not Path(marker).exists():
        Path(marker).touch()
        die()


def refuse(text: str) -> None:
    raise LookupError(text)


class Headstrong(Exception):
    """Can be pickled, but not be made again."""

    def __init__(self, first: str, second: str) -> None:
        super().__init__(first)


def refuse_headstrongly() -> None:
    raise Headstrong("annakovaleva", "")


@attrs.frozen
class DeadlyReporter(Reporter[int, int]):
    """Counts rows; kills its process in mid-run unless the marker is there, which it leaves before."""

    marker: str

    def start(self, context: RunContext) -> int:
        return 0

    def consume(self, state: int, batch: Batch) -> int:
        if batch.first_row > 0:
            die_once(self.marker)
        return state + len(batch.data)

    def merge(self, left: int, right: int) -> int:
        return left + right

    def finish(self, state: int, context: RunContext) -> int:
        return state

    def write(self, result: int, outputs: Outputs, context: RunContext) -> None:
        with outputs.open("rows.txt") as file:
            file.write(str(result).encode())


class Elsewhere:
    """A plugin of a module that only this process has."""

    def __reduce__(self) -> Any:
        import module_of_this_process_only as module  # put in sys.modules by the test

        return module.make, ()
