"""What a release gives away: the risk of a data set as a report, a gate and commands. This module holds the hooks."""

from __future__ import annotations

from collections.abc import Iterable

from anonkit.api import CommandSpec, ReporterSpec, hookimpl
from anonkit_risk.options import RiskOptions

__all__ = ["register_commands", "register_reporters"]


@hookimpl
def register_reporters() -> Iterable[ReporterSpec]:
    """Return the reporter: risk."""
    return (
        ReporterSpec(
            name="risk",
            summary="how well users are hidden among each other, and a gate that nothing less passes",
            options=RiskOptions,
            factory="anonkit_risk.reporter:RiskReport",
            short_table=True,
        ),
    )


@hookimpl
def register_commands() -> Iterable[CommandSpec]:
    """Return the command: risk."""
    return (
        CommandSpec(
            name="risk",
            summary="Show how well users are hidden among each other in a data set.",
            place="anonkit_risk.commands.risk:command",
            function="anonkit_risk.measure:risk",
        ),
    )
