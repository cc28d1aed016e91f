"""The risk of a data set, as a report, a gate and commands. This module holds the hooks.

A hook imports the options that it declares: `anonkit --help` asks for commands alone.
"""

from __future__ import annotations

from collections.abc import Iterable

from anonkit.api import CommandSpec, ProfileSpec, ReporterSpec, hookimpl

__all__ = ["register_commands", "register_profiles", "register_reporters"]


@hookimpl
def register_reporters() -> Iterable[ReporterSpec]:
    """Return the reporter: risk."""
    from anonkit_risk.options import RiskOptions

    return (
        ReporterSpec(
            name="risk",
            summary="how well users are hidden among each other, and a gate for it",
            options=RiskOptions,
            factory="anonkit_risk.reporter:RiskReport",
            short_table=True,
        ),
    )


@hookimpl
def register_commands() -> Iterable[CommandSpec]:
    """Return the commands: risk, attack, diff."""
    return (
        CommandSpec(
            name="risk",
            summary="Show how well users are hidden among each other in a data set.",
            place="anonkit_risk.commands.risk:command",
            function="anonkit_risk.measure:risk",
        ),
        CommandSpec(
            name="attack",
            summary="Try to find people in a data set, as a colleague who knows some of their jobs would.",
            place="anonkit_risk.commands.attack:command",
            function="anonkit_risk.attack:attack",
        ),
        CommandSpec(
            name="diff",
            summary="Show which share of people can be followed from one release to another.",
            place="anonkit_risk.commands.diff:command",
            function="anonkit_risk.diff:diff",
        ),
    )


@hookimpl
def register_profiles() -> Iterable[ProfileSpec]:
    """Return the profiles: public, partner, internal."""
    return (
        ProfileSpec(
            name="public",
            summary="for everybody: no text of jobs, sizes that many users share, a gate at 11 users",
            place="anonkit_risk.profiles:public.toml",
        ),
        ProfileSpec(
            name="partner",
            summary="for a partner under an agreement: text with tokens in it, run times by the hour, a gate at 3",
            place="anonkit_risk.profiles:partner.toml",
        ),
        ProfileSpec(
            name="internal",
            summary="for colleagues in the centre: exact values, and the risk without a gate",
            place="anonkit_risk.profiles:internal.toml",
        ),
    )
