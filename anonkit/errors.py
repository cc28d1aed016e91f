"""The errors that anonkit raises on purpose.

    AnonkitError
    ├── ConfigError             a mistake in a file, a variable, a flag; exit status 2
    ├── InputError              no input, an unreadable file
    │   └── DamagedFile         a file, or a record in it, that is not as its format has it
    ├── OutputError             an output cannot be written or published
    └── PluginError             a plugin failed or broke its contract
        ├── PluginLoadError     it could not be imported
        ├── UnknownPluginError  no such name; exit status 2
        └── PluginConflictError two plugins claim the same name or column; exit status 2

A message says what is wrong, where, and what to do next. It never holds an original value: a path is named by the
file's name below the input folder, a cell by its column.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from typing import ClassVar

__all__ = [
    "AnonkitError",
    "ConfigError",
    "DamagedFile",
    "InputError",
    "OutputError",
    "PluginConflictError",
    "PluginError",
    "PluginLoadError",
    "UnknownPluginError",
    "nearest",
    "some",
]


class AnonkitError(Exception):
    """An expected failure: the message alone tells the user what to do."""

    exit_status: ClassVar[int] = 1

    @property
    def __context__(self) -> None:
        """None: the exception being handled may quote data, and some libraries attach it."""
        return None

    @__context__.setter
    def __context__(self, context: BaseException | None) -> None:
        """Forget it."""


class ConfigError(AnonkitError):
    """One or more mistakes in the configuration; `mistakes` holds a line for each, in the order found."""

    exit_status = 2

    def __init__(self, mistakes: str | Sequence[str]) -> None:
        self.mistakes: tuple[str, ...] = (mistakes,) if isinstance(mistakes, str) else tuple(mistakes)
        super().__init__("\n".join(self.mistakes))

    def __reduce__(self) -> tuple[type[ConfigError], tuple[tuple[str, ...]]]:
        return type(self), (self.mistakes,)


class InputError(AnonkitError):
    """The input is missing, unreadable, or lacks a column that is needed."""


class DamagedFile(InputError):
    """A file that is not in the format that it seems to be in, or has data that cannot be decoded."""

    def __init__(self, name: str, reason: str, remedy: str = "") -> None:
        self.name, self.reason, self.remedy = name, reason, remedy
        usual = 'mend or remove the file, or set on_bad_file = "skip" in [run] to leave it out'
        super().__init__(f"{name}: {reason}; {remedy or usual}")

    def __reduce__(self) -> tuple[type[DamagedFile], tuple[str, str, str]]:
        return type(self), (self.name, self.reason, self.remedy)


class OutputError(AnonkitError):
    """An output cannot be written, or must not be written there."""


class PluginError(AnonkitError):
    """A plugin failed, or returned what its contract does not allow."""

    details: str = ""
    """The traceback of what the plugin raised, which may quote data; only when the user wants to see it."""


class PluginLoadError(PluginError):
    """A plugin that is switched on cannot be imported."""


class UnknownPluginError(PluginError):
    """No installed plugin has that name."""

    exit_status = 2


class PluginConflictError(PluginError):
    """Two plugins claim one name, or one column."""

    exit_status = 2


def nearest(name: str, known: Iterable[str]) -> str:
    """Return ``" (did you mean 'x'?)"`` for the known name closest to `name`, or nothing when none is close."""
    by_folded = {candidate.casefold(): candidate for candidate in known}
    close = difflib.get_close_matches(name.casefold(), by_folded, n=1, cutoff=0.6)
    return f" (did you mean {by_folded[close[0]]!r}?)" if close else ""


def some(names: Sequence[str], most: int) -> str:
    """Return the first `most` names for a message, and the number of the others: ``a, b and 12 more``."""
    return ", ".join(names[:most]) + (f" and {len(names) - most:,} more" if len(names) > most else "")
