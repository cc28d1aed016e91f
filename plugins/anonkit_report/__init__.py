"""The page that shows a release: report.html. This module holds the hooks."""

from __future__ import annotations

from collections.abc import Iterable

from anonkit.api import ReporterSpec, hookimpl
from anonkit_report.options import HtmlOptions

__all__ = ["register_reporters"]


@hookimpl
def register_reporters() -> Iterable[ReporterSpec]:
    """Return the reporter: html."""
    return (
        ReporterSpec(
            name="html",
            summary="a page with pictures: what is in the release, how well users are hidden, what was decided",
            options=HtmlOptions,
            factory="anonkit_report.reporter:HtmlReport",
        ),
    )
