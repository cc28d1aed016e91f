"""Names of the surface that were renamed: the old ones work, with a warning, for two minor versions of anonkit.

A name is here only if a plugin that uses it works as before. One that would be passed over without a word, such as a
method with another name, is not: the plugin must fail where it is imported.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping

import attrs

__all__ = ["RENAMED", "Renamed", "current_name"]


@attrs.frozen
class Renamed:
    """The present name of something, and the version of anonkit that renamed it."""

    name: str
    since: tuple[int, int]

    @property
    def gone(self) -> tuple[int, int]:
        """The first version of anonkit without the old name."""
        return self.since[0], self.since[1] + 2


RENAMED = {
    "ExecutorType": Renamed("ExecutorSpec", (0, 2)),
    "ReporterType": Renamed("ReporterSpec", (0, 2)),
    "TransformType": Renamed("TransformSpec", (0, 2)),
}
"""By old name of `anonkit.api`."""


def current_name(name: str, renamed: Mapping[str, Renamed] = RENAMED) -> str | None:
    """Return the present name for an old one, with a DeprecationWarning at the line that uses it; None for no old name.

    The warning is that of the caller's caller: a module's `__getattr__` calls this.
    """
    found = renamed.get(name)
    if found:
        gone = ".".join(map(str, found.gone))
        message = f"anonkit.api.{name} is now {found.name}; the old name goes in anonkit {gone}"
        warnings.warn(message, DeprecationWarning, stacklevel=3)
    return found.name if found else None
