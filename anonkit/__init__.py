"""anonkit: anonymized, shareable reports from batch-job accounting data."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from anonkit.config import load
    from anonkit.engine.coordinator import plan, run
    from anonkit.engine.file_audit import audit
    from anonkit.engine.stream import anonymize

__all__ = ["anonymize", "audit", "load", "plan", "run"]


_PLACES = {
    "anonymize": "anonkit.engine.stream",
    "audit": "anonkit.engine.file_audit",
    "load": "anonkit.config",
    "plan": "anonkit.engine.coordinator",
    "run": "anonkit.engine.coordinator",
}


def __dir__() -> list[str]:
    return __all__


def __getattr__(name: str) -> object:
    """Import the engine when it is first asked for, so that importing anonkit for its plugin surface costs nothing."""
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_PLACES[name]), name)
