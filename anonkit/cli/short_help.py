"""A command with so many flags that its help explains some, and names the others; `--help-all` explains all."""

from __future__ import annotations

from textwrap import fill
from typing import Any

import click

from anonkit.cli.settings import SettingsCommand, section_title

__all__ = ["ShortHelpCommand"]

_META = "anonkit.help_all"
_EXPLAINED = (
    "--data-dir",
    "--output-dir",
    "--profile",
    "--preset",
    "--where",
    "--garble",
    "--mapping",
    "--audit",
    "--workers",
)
"""Flags of the core that the short help explains."""
_LONGEST = 52


class ShortHelpCommand(SettingsCommand):
    """A command with a ``--help`` that fits a screen."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.params.append(
            click.Option(
                ["--help-all"],
                is_flag=True,
                is_eager=True,
                expose_value=False,
                callback=_help_all,
                help="Show this message with all flags explained, and exit.",
            )
        )

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options of most runs, then the names of the others by their owner; all in full for `--help-all`."""
        if ctx.meta.get(_META):
            super().format_options(ctx, formatter)
            return
        by_section = self.options_by_section(ctx)
        explained = [option for _, options in by_section for option in options if option.opts[0] in _EXPLAINED]
        with formatter.section("Options"):
            records = [option.get_help_record(ctx) for option in (*self.own_options(ctx), *explained)]
            formatter.write_dl([(flag, _first(text)) for flag, text in filter(None, records)])
        with formatter.section("More flags, which --help-all explains"):
            for section, options in by_section:
                names = [option.opts[0] for option in options if option not in explained]
                if names:
                    formatter.write(f"{_listed(section_title(section), names, formatter.width)}\n")


def _help_all(ctx: click.Context, parameter: click.Parameter, asked: bool) -> None:
    if asked and not ctx.resilient_parsing:
        ctx.meta[_META] = True
        click.echo(ctx.get_help(), color=ctx.color)
        ctx.exit()


def _listed(title: str, names: list[str], width: int) -> str:
    """Return names after their title; none is broken at its dashes."""
    text = f"{title}: {' '.join(names)}"
    return fill(text, width, initial_indent="  ", subsequent_indent="    ", break_on_hyphens=False)


def _first(text: str) -> str:
    """Return the part of a help that fits a line: without the default, up to the first sign if it is long."""
    text = text.partition("  [")[0]
    cut = min((place for sign in (":", ";", ",") if (place := text.find(sign)) > 0), default=len(text))
    return text if len(text) <= _LONGEST else text[:cut]
