"""Calls in dask workers. Arguments, results and errors are pickled bytes to dask, so that it cannot show them."""

from __future__ import annotations

import pickle

from anonkit.api import PluginLoadError

__all__ = ["missing", "perform"]


def perform(call: bytes, arguments: bytes) -> bytes:
    """Make a call in a worker, and return the pickled (result, error, traceback), of which the missing ones are None.

    `call` is the pickled callable, `arguments` the pickled (args, kwargs). It raises nothing.
    """
    try:
        args, kwargs = pickle.loads(arguments)
        result = pickle.loads(call)(*args, **kwargs)
        return pickle.dumps((result, None, None), protocol=pickle.HIGHEST_PROTOCOL)
    except ImportError as error:
        # An error inside a plugin is a PluginError, so this one is from unpickling: a module is missing here.
        return _failure(missing("a dask worker", error.name))
    except BaseException as error:
        return _failure(error)


def _failure(error: BaseException) -> bytes:
    """Return an error as `perform` does; a RuntimeError that names its type replaces one that cannot be pickled."""
    # Causes may not be picklable, and are not reported.
    error.__cause__ = error.__context__ = None
    trace = error.__traceback__  # distributed registers how to pickle it
    try:
        pickled = pickle.dumps((None, error, trace))
        pickle.loads(pickled)
    except Exception:
        kind = type(error)
        return pickle.dumps((None, RuntimeError(f"{kind.__module__}.{kind.__qualname__} in a dask worker"), trace))
    return pickled


def missing(process: str, module: str | None) -> PluginLoadError:
    """Return the error for a process that cannot import a module; `process` names it in the message."""
    return PluginLoadError(
        f"{process} cannot import {module or 'a module'}: install anonkit[dask] and the plugins there, "
        "in the versions that are installed here"
    )
