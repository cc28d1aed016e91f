"""A preset: the schema of one program's job records."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import attrs

from anonkit.catalogue.attributes import Attribute

__all__ = ["Preset", "Steps"]


@attrs.frozen(kw_only=True)
class Steps:
    """The rows that are parts of jobs, and are left out."""

    column: str
    mark: str
    """A row is a step if the column's text holds it."""


@attrs.frozen(kw_only=True)
class Preset:
    """A schema of job records."""

    name: str
    summary: str = ""
    needs: tuple[str, ...] = ()
    """Columns that the input must have to be recognized; without any it is never recognized by itself."""
    lacks: tuple[str, ...] = ()
    """Columns that the input must not have."""
    time: tuple[str, ...] = ()
    """Columns of the time of a job, the best first."""
    columns: tuple[str, ...] = ()
    """Those of a row record, in order."""
    roles: Mapping[str, tuple[str, ...]] = attrs.field(factory=dict)
    """The columns that may have a role, by role, the best first; an empty tuple when no column has it."""
    attributes: Mapping[str, Attribute] = attrs.field(factory=dict)
    """Descriptions of columns, by name in folded case; they win over the catalogue's."""
    steps: Steps | None = None
    time_zone: str = "UTC"
    """The zone of times without one."""
    options: Mapping[str, Any] = attrs.field(factory=dict)
    """Defaults of plugins' options by dotted name: ``reporters.failed_users.column``."""

    def fits(self, names: Collection[str]) -> bool:
        """Return whether an input with these columns is recognized."""
        folded = {name.casefold() for name in names}
        needs, lacks = ({name.casefold() for name in part} for part in (self.needs, self.lacks))
        return bool(needs) and needs <= folded and not lacks & folded
