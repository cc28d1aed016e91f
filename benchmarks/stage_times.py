"""A script: one run in one process, with a stopwatch around the functions that are its stages.

The time of a stage is its own, without that of the stages inside it; so all stages add up to the run. It prints the
seconds of CPU time of each as JSON.
"""

from __future__ import annotations

import json
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from anonkit.arrow.memory import use_system_memory
from anonkit.auditing.run import RunAudit
from anonkit.config import load
from anonkit.engine import coordinator as engine
from anonkit.engine import passes
from anonkit.engine.plugins import Plugins
from anonkit.output import reporter_outputs as outputs
from anonkit.plugin.contracts import Listing
from anonkit.text.replace import TextReplacer
from benchmarks.demo_data import SITE

__all__ = ["Stopwatch", "main"]

Function = Callable[..., Any]


class Stopwatch:
    """Adds up seconds by stage; the clock of a stage stands still while one inside it runs."""

    def __init__(self) -> None:
        self.seconds: defaultdict[str, float] = defaultdict(float)
        self._stages: list[str] = []
        self._since = time.process_time()

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Give the time of the block to the stage `name`."""
        self._switch()
        self._stages.append(name)
        try:
            yield
        finally:
            self._switch()
            self._stages.pop()

    def _switch(self) -> None:
        now = time.process_time()
        if self._stages:
            self.seconds[self._stages[-1]] += now - self._since
        self._since = now

    def timed(self, name: str, function: Function) -> Function:
        """Return the function with its calls timed."""

        def call(*args: Any, **kwargs: Any) -> Any:
            with self.stage(name):
                return function(*args, **kwargs)

        return call

    def timed_steps(self, name: str, function: Function) -> Function:
        """Return the generator function with the steps of its generators timed."""

        def call(*args: Any, **kwargs: Any) -> Iterator[Any]:
            steps = function(*args, **kwargs)
            end = object()
            while True:
                with self.stage(name):
                    item = next(steps, end)
                if item is end:
                    return
                yield item

        return call

    def timed_inside(self, name: str, outer: str, function: Function) -> Function:
        """Return the function with those of its calls timed that the stage `outer` makes."""
        timed = self.timed(name, function)

        def call(*args: Any, **kwargs: Any) -> Any:
            return (timed if self._stages[-1:] == [outer] else function)(*args, **kwargs)

        return call


def main(data: Path, output: Path) -> None:
    """Run over `data` and print the times."""
    use_system_memory()
    config = load(
        {
            "run": {"data_dir": str(data), "output_dir": str(output), "workers": 1},
            "reporters": {"site_jobs": {"sites": [SITE]}},
        },
        environ={},
    )
    watch = Stopwatch()
    _watch_engine(watch)
    for choice, reporter in Plugins.from_config(config).reporters:
        _watch_reporter(watch, choice.name, type(reporter))
    with watch.stage("all else"):
        engine.run(config)
    print(json.dumps(watch.seconds))


def _watch_engine(watch: Stopwatch) -> None:
    # By the names that the passes use, wherever those come from.
    used: Any = passes
    written: Any = outputs
    survey = used.survey

    def timed_survey(tokenizer: Any, *args: Any) -> Any:
        with watch.stage(f"survey: {tokenizer.kind}"):
            return survey(tokenizer, *args)

    used.survey = timed_survey
    used.read = watch.timed_steps("read", used.read)
    _time(used.Anonymizer, "__call__", partial(watch.timed, "tokenize columns"))
    for way in ("__call__", "segmented"):
        _time(TextReplacer, way, partial(watch.timed_inside, "garble text", "tokenize columns"))
    _time(written.StagedFile, "write", partial(watch.timed, "write and hash"))
    # A class method: what it is bound to stays.
    setattr(RunAudit, "from_known", staticmethod(watch.timed("audit: make ready", RunAudit.from_known)))  # noqa: B010
    _time(RunAudit, "files", partial(watch.timed, "audit: look through the outputs"))


def _watch_reporter(watch: Stopwatch, name: str, reporter: type[Any]) -> None:
    _time(reporter, "consume", partial(watch.timed, f"{name}: consume"))
    _time(reporter, "write", partial(watch.timed, f"{name}: write"))
    if issubclass(reporter, Listing):
        _time(reporter, "render", partial(watch.timed, f"{name}: render"))


def _time(owner: type[Any], method: str, timed: Callable[[Function], Function]) -> None:
    setattr(owner, method, timed(getattr(owner, method)))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
