"""What explains a release: the page report.html, and README, checksums and metadata. This module holds the hooks.

A hook imports the options that it declares: `anonkit --help` asks for commands alone.
"""

from __future__ import annotations

from collections.abc import Iterable

from anonkit.api import CommandSpec, ReporterSpec, hookimpl

__all__ = ["register_commands", "register_reporters"]


@hookimpl
def register_reporters() -> Iterable[ReporterSpec]:
    """Return the reporter: html."""
    from anonkit_report.options import HtmlOptions

    return (
        ReporterSpec(
            name="html",
            summary="a page with pictures: what is in the release, how well users are hidden, what was decided",
            options=HtmlOptions,
            factory="anonkit_report.reporter:HtmlReport",
        ),
    )


@hookimpl
def register_commands() -> Iterable[CommandSpec]:
    """Return the command: package."""
    return (
        CommandSpec(
            name="package",
            summary="Complete the folder of a run so that it explains itself, and pack it.",
            place="anonkit_report.release.command:command",
            function="anonkit_report.release.packing:package",
        ),
    )
