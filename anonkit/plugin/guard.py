"""A failure inside a plugin, reported as that plugin's failure."""

from __future__ import annotations

import os
import re
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout
from contextvars import ContextVar
from pathlib import Path
from types import TracebackType
from typing import ParamSpec, TypeVar

import attrs

from anonkit.errors import AnonkitError, PluginError

__all__ = [
    "DEBUG_VARIABLE",
    "Guard",
    "debugging",
    "guarded_output",
    "innermost",
    "is_debugging",
    "or_without",
    "plugin_errors",
]

DEBUG_VARIABLE = "ANONKIT_DEBUG"
"""Set to 1, it makes messages of plugins' failures show the original exception."""
_CORE = "anonkit"
_SWITCHABLE = ("anonymizer", "encoder", "reader", "reporter")
_NAME = re.compile(r"[\w.-]+")

P = ParamSpec("P")
T = TypeVar("T")

_debug: ContextVar[bool] = ContextVar("anonkit_debug", default=False)


@contextmanager
def debugging(on: bool = True) -> Iterator[None]:
    """Show original exceptions inside of this context, if `on`."""
    token = _debug.set(on or _debug.get())
    try:
        yield
    finally:
        _debug.reset(token)


def is_debugging() -> bool:
    """Return whether original exceptions are to be shown, which may quote data."""
    return _debug.get() or os.environ.get(DEBUG_VARIABLE, "") not in ("", "0")


@contextmanager
def guarded_output() -> Iterator[None]:
    """Send prints of a plugin to standard error: standard output belongs to anonkit's own results."""
    with redirect_stdout(sys.stderr):
        yield


@attrs.frozen
class Guard:
    """The facts about a plugin for the messages of its failures. Picklable; the same in every process."""

    label: str
    """Its name in messages: ``reporter busy_sites``."""
    package: str = ""
    """Its top-level package; the innermost line in it is shown."""
    debug: bool = attrs.field(factory=is_debugging)
    """Whether the original exception is shown, which may quote data."""

    def call(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Return what a function of the plugin returns; PluginError for what it raises, see `plugin_errors`."""
        with plugin_errors(self):
            return function(*args, **kwargs)

    def refuse(self, fault: str) -> PluginError:
        """Return the error for a result that the contract does not allow."""
        return PluginError(f"{self.label}: {fault}; report it to the plugin's author")

    def failure(self, error: BaseException) -> PluginError:
        """Return the error that reports an exception of the plugin."""
        failure = PluginError(
            f"{self.label} failed: {type(error).__name__}{_place(error, self.package)} "
            "(its message is not shown, since it may quote data); report it to the plugin's author"
            f"{or_without(self.label)}"
        )
        if self.debug:
            failure.details = "".join(traceback.format_exception(type(error), error, error.__traceback__))
        return failure


class plugin_errors:  # a context manager, used like a function
    """Turns an exception of a plugin into a PluginError with the plugin, the kind of error and the line that raised it.

    The exception's own text is left out, since it may quote data, unless the guard is for debugging. SystemExit is an
    error like any other, KeyboardInterrupt stays one. An OSError that anonkit's own code raised, called by the plugin,
    stays as it is: a full disk is not the plugin's fault. What the plugin prints goes to standard error.
    """

    __slots__ = ("_guard", "_stdout")

    def __init__(self, guard: Guard | str) -> None:
        """`guard` is the plugin's guard, or its name in messages."""
        self._guard = guard

    def __enter__(self) -> None:
        self._stdout = sys.stdout
        sys.stdout = sys.stderr

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        sys.stdout = self._stdout
        if error is None or isinstance(error, (AnonkitError, KeyboardInterrupt, GeneratorExit, MemoryError)):
            return
        guard = Guard(self._guard) if isinstance(self._guard, str) else self._guard
        if isinstance(error, OSError) and _is_own(error, guard.package):
            return
        raise guard.failure(error) from (error if guard.debug else None)


def innermost(error: BaseException, package: str) -> str:
    """Return file, line and function of the deepest frame inside a top-level package; empty when there is none."""
    inside = [
        (frame, line)
        for frame, line in traceback.walk_tb(error.__traceback__)
        if package and str(frame.f_globals.get("__name__", "")).partition(".")[0] == package
    ]
    if not inside:
        return ""
    frame, line = inside[-1]
    return f"{Path(frame.f_code.co_filename).name}:{line} in {frame.f_code.co_name}"


def or_without(label: str) -> str:
    """Return the end of a message: how to run without the plugin that `label` names; empty for a command."""
    sort, _, name = label.partition(" ")
    if sort == "command":
        return ""
    if sort == "executor":
        return ", or name another one: [run] executor"
    # The label of an encoder that decompresses, or of all anonymizers at once, has no name of one plugin.
    known = sort in _SWITCHABLE and _NAME.fullmatch(name)
    return f", or switch the plugin off with --disable {name if known else 'NAME'}"


def _place(error: BaseException, package: str) -> str:
    """Return the plugin's own innermost line, or the innermost of all when no frame is the plugin's."""
    if own := innermost(error, package):
        return f" at {own}"
    frames = traceback.extract_tb(error.__traceback__)
    return f" at {Path(frames[-1].filename).name}:{frames[-1].lineno} in {frames[-1].name}" if frames else ""


def _is_own(error: BaseException, package: str) -> bool:
    """Return whether an error was raised in anonkit's own code, or below it, which the plugin had called."""
    # The first frame is that of the caller, which holds the guard.
    modules = [str(frame.f_globals.get("__name__", "")) for frame, _ in traceback.walk_tb(error.__traceback__)][1:]
    tops = [name.partition(".")[0] for name in modules if not name.startswith(f"{_CORE}.plugin.")]
    return next((top == _CORE for top in reversed(tops) if top in (_CORE, package)), False)
