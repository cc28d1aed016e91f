"""anonkit: anonymized, shareable reports from batch-job accounting data."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from anonkit.config import load
    from anonkit.engine import plan, run

__all__ = ["load", "plan", "run"]


def __getattr__(name: str) -> object:
    """Import the engine when it is first asked for, so that importing anonkit for its plugin surface costs nothing."""
    if name in {"plan", "run"}:
        from anonkit import engine

        return getattr(engine, name)
    if name == "load":
        from anonkit.config import load

        return load
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
