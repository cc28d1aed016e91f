"""The plugin package of the executor `dask`. This module has the hook, and importing it does not import dask."""

from __future__ import annotations

from collections.abc import Iterable

from anonkit.api import ExecutorSpec, hookimpl

__all__ = ["register_executors"]


@hookimpl
def register_executors() -> Iterable[ExecutorSpec]:
    """Return the executor `dask`."""
    from anonkit_dask.options import DaskOptions

    return (
        ExecutorSpec(
            name="dask",
            summary="workers of a dask cluster, on this machine or elsewhere",
            options=DaskOptions,
            factory="anonkit_dask.executor:DaskExecutor",
        ),
    )
