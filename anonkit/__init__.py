"""anonkit: anonymized, shareable reports from batch-job accounting data."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from anonkit.config import load
    from anonkit.engine.coordinator import plan, run
    from anonkit.engine.file_audit import audit
    from anonkit.engine.input_rows import read
    from anonkit.engine.preview import preview
    from anonkit.engine.stream import anonymize
    from anonkit.mapping.lookup import lookup

__all__ = ["anonymize", "audit", "load", "lookup", "plan", "preview", "read", "run"]


_PLACES = {
    "anonymize": "anonkit.engine.stream",
    "audit": "anonkit.engine.file_audit",
    "load": "anonkit.config",
    "lookup": "anonkit.mapping.lookup",
    "plan": "anonkit.engine.coordinator",
    "preview": "anonkit.engine.preview",
    "read": "anonkit.engine.input_rows",
    "run": "anonkit.engine.coordinator",
}


def __dir__() -> list[str]:
    return sorted({*__all__, *_added()})


def __getattr__(name: str) -> Any:
    """Import the engine when it is first asked for, so that importing anonkit for its plugin surface costs nothing.

    Commands of plugins that are functions too are attributes of anonkit.
    """
    if name.startswith("_"):  # Python itself asks for such names
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    if name in _PLACES:
        return getattr(import_module(_PLACES[name]), name)
    places = _added()
    if name not in places:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module, _, function = places[name].partition(":")
    return getattr(import_module(module), function)


def _added() -> dict[str, str]:
    """Return the functions that plugins add, by name."""
    from anonkit.plugin.discovery import discover

    return {plugin.type.name: plugin.type.function for plugin in discover().commands.values() if plugin.type.function}
