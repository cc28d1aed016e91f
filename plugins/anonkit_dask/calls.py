"""A call as bytes, on its way to a worker and back: dask sees neither arguments nor errors."""

from __future__ import annotations

import pickle

from anonkit.api import PluginLoadError

__all__ = ["missing", "perform"]


def perform(call: bytes, arguments: bytes) -> bytes:
    """Make a pickled call in a worker; return its pickled result, error and traceback, each None if there is none."""
    try:
        args, kwargs = pickle.loads(arguments)
        result = pickle.loads(call)(*args, **kwargs)
        return pickle.dumps((result, None, None), protocol=pickle.HIGHEST_PROTOCOL)
    except ImportError as error:
        # A plugin that fails at work raises PluginError, so this error is one of unpickling.
        return _failure(missing("a dask worker", error.name))
    except BaseException as error:
        return _failure(error)


def _failure(error: BaseException) -> bytes:
    """Return an error as `perform` does; another error replaces one that cannot be pickled."""
    # Causes are not needed here, and may not be picklable.
    error.__cause__ = error.__context__ = None
    trace = error.__traceback__  # picklable since distributed is imported
    try:
        pickled = pickle.dumps((None, error, trace))
        pickle.loads(pickled)
    except Exception:
        kind = type(error)
        return pickle.dumps((None, RuntimeError(f"{kind.__module__}.{kind.__qualname__} in a dask worker"), trace))
    return pickled


def missing(process: str, module: str | None) -> PluginLoadError:
    """Return the error for a process, as messages name it, that cannot import a module."""
    return PluginLoadError(
        f"{process} cannot import {module or 'a module'}: install anonkit[dask] and the plugins there, "
        "in the versions that are installed here"
    )
