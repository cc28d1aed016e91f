"""The modules of dask, an extra of anonkit. Importing this module raises PluginLoadError when they are missing."""

from __future__ import annotations

from anonkit.api import PluginLoadError

try:
    import dask
    import distributed
except ImportError as error:
    raise PluginLoadError(
        f"the executor dask cannot be used ({type(error).__name__}: {error}): pip install 'anonkit[dask]'"
    ) from error

__all__ = ["dask", "distributed"]
