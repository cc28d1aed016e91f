"""A failure inside a plugin, told as that plugin's failure."""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from anonkit.errors import AnonkitError, PluginError

__all__ = ["plugin_errors"]


@contextmanager
def plugin_errors(what: str) -> Iterator[None]:
    """Turn what a plugin raises into a PluginError that says which plugin, what kind of error and where it was raised.

    The exception's own text is left out: it may quote data.
    """
    try:
        yield
    except AnonkitError:
        raise
    except (OSError, MemoryError):
        raise
    except Exception as error:  # a plugin may raise anything
        frame = traceback.extract_tb(error.__traceback__)[-1]
        raise PluginError(
            f"{what} failed: {type(error).__name__} at {Path(frame.filename).name}:{frame.lineno} in {frame.name} "
            "(its message is not shown, since it may quote data); report it to the plugin's author, "
            "or switch the plugin off with --disable"
        ) from None
