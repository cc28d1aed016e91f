"""A reporter together with its context."""

from __future__ import annotations

import attrs

from anonkit.plugin.contracts import AnyReporter, RunContext

__all__ = ["BoundReporter"]


@attrs.frozen
class BoundReporter:
    """A reporter with its context in the run."""

    name: str
    reporter: AnyReporter
    context: RunContext
