"""The progress of a run on a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO

from anonkit.engine.results import Progress, Stage, silent

if TYPE_CHECKING:
    from rich.progress import Progress as Bars
    from rich.progress import TaskID

__all__ = ["progress_on"]

_TITLES: dict[Stage, str] = {
    "select": "rows to take",
    "survey": "1 of 2, identities",
    "apply": "2 of 2, writing",
    "audit": "audit",
}


@contextmanager
def progress_on(stream: TextIO) -> Iterator[Progress]:
    """Give a function that shows rows done, rows a second and time left of each pass, if `stream` is a terminal."""
    if not stream.isatty():
        yield silent
        return
    with _bars(stream) as bars:
        tasks: dict[Stage, TaskID] = {}

        def show(stage: Stage, rows: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(_TITLES.get(stage, stage), total=total)
            bars.update(tasks[stage], completed=rows, total=total, refresh=True)

        yield show


def _bars(stream: TextIO) -> Bars:
    from rich.console import Console
    from rich.progress import BarColumn, ProgressColumn, Task, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bars
    from rich.text import Text

    class Rate(ProgressColumn):
        def render(self, task: Task) -> Text:
            rate = task.finished_speed or task.speed
            return Text(f"{rate:,.0f} rows/s" if rate else "")

    return Bars(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TextColumn("{task.completed:,.0f} of {task.total:,.0f} rows", markup=False),
        Rate(),
        TimeRemainingColumn(),
        console=Console(file=stream),
        auto_refresh=False,  # without a thread, so that forking workers stays safe
    )
