"""The modules that workers need in a run, for their fork server to import once.

It imports no other module of the engine, so that the server can be started before those are imported.
"""

from __future__ import annotations

from typing import Any

from anonkit.config.model import Choice, Config

__all__ = ["AUDIT_MODULES", "worker_modules"]

AUDIT_MODULES = ("anonkit.auditing.run",)
"""The modules of workers that only audit files."""


def worker_modules(config: Config) -> list[str]:
    """Return the engine's module for workers, and those of the run's plugins that are part of anonkit.

    Plugins of other packages may start threads when they are imported, which a process that forks must not have: each
    worker imports those itself.
    """
    choices: tuple[Choice[Any], ...] = (*config.anonymizers, *config.reporters, *config.encoders)
    factories = [choice.type.factory for choice in choices if choice.package == "anonkit"]
    plugins = {place.partition(":")[0] for place in factories if isinstance(place, str)}
    return ["anonkit.engine.passes", *sorted(plugins)]
