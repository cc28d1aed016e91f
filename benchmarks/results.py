"""What was found: sections of tables, checks and goals. They go to JSON as they are, and from there to Markdown."""

from __future__ import annotations

import json
from pathlib import Path

import attrs
from cattrs.preconf.json import make_converter

__all__ = ["Check", "Column", "Goal", "Report", "Section", "Table", "load", "save"]

Value = str | int | float | None


@attrs.frozen
class Column:
    """A column of a table."""

    title: str
    form: str = ""
    """Format specification of its numbers; text is shown as it is."""


@attrs.frozen
class Table:
    """Values, unrounded, with the columns that say how to show them."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]
    note: str = ""


@attrs.frozen
class Check:
    """Something that must hold whatever the time: outputs that agree."""

    what: str
    holds: bool


@attrs.frozen
class Goal:
    """A figure with what is asked of it."""

    what: str
    measured: float
    limit: float
    unit: str
    at_most: bool = True

    @property
    def met(self) -> bool:
        """Whether the figure is on the right side of the limit."""
        return self.measured <= self.limit if self.at_most else self.measured >= self.limit


@attrs.frozen
class Section:
    """What one benchmark found."""

    title: str
    tables: tuple[Table, ...]
    checks: tuple[Check, ...] = ()
    goals: tuple[Goal, ...] = ()


@attrs.frozen
class Report:
    """A whole run of the benchmarks."""

    machine: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]

    @property
    def checks(self) -> tuple[Check, ...]:
        """Those of all sections."""
        return tuple(check for section in self.sections for check in section.checks)

    @property
    def goals(self) -> tuple[Goal, ...]:
        """Those of all sections."""
        return tuple(goal for section in self.sections for goal in section.goals)


def save(report: Report, path: Path) -> None:
    """Write a report as JSON."""
    path.write_text(json.dumps(make_converter().unstructure(report), indent=1, ensure_ascii=False) + "\n")


def load(path: Path) -> Report:
    """Read what `save` wrote."""
    return make_converter().structure(json.loads(path.read_text()), Report)
