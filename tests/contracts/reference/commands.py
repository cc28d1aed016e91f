"""The page of commands, from their help."""

from __future__ import annotations

import inspect
from collections.abc import Iterator

import click

from anonkit.cli.lazy import LazyGroup
from anonkit.cli.main import commands
from tests.contracts.reference.options import cell, setting_flags

__all__ = ["command_names", "commands_page"]

_OPENING = """\
# Commands

Made from the code by `make reference`. Commands that read job records also take the flags of the [options](options.md).
"""


def commands_page() -> str:
    """Return the page."""
    return "\n".join((_OPENING, *(line for context in _contexts(_root()) for line in _lines(context))))


def command_names() -> list[str]:
    """Return the name of each command, with those of its groups."""
    return [context.command_path for context in _contexts(_root())]


def _root() -> click.Context:
    """Return the context of the program. A command remembers the flags of help of its first context."""
    return click.Context(commands, info_name="anonkit", **commands.context_settings)


def _contexts(parent: click.Context) -> Iterator[click.Context]:
    group = parent.command
    assert isinstance(group, LazyGroup)
    for name in group.lazy:
        command = group.get_command(parent, name)
        assert command is not None
        context = click.Context(command, info_name=name, parent=parent)
        yield context
        if isinstance(command, LazyGroup):
            yield from _contexts(context)


def _lines(context: click.Context) -> Iterator[str]:
    yield f"## `{context.command_path}`\n"
    yield f"    {context.command_path} {' '.join(context.command.collect_usage_pieces(context))}\n"
    yield from _paragraphs(context.command.help or "")
    records = [
        param.get_help_record(context)
        for param in context.command.params
        if isinstance(param, click.Option) and not _is_setting(param)
    ]
    rows = [f"| `{cell(flag)}` | {cell(' '.join(text.split()))} |" for flag, text in filter(None, records)]
    if rows:
        yield "\n".join(("| flag | |", "|---|---|", *rows, ""))


def _paragraphs(text: str) -> Iterator[str]:
    r"""Yield the paragraphs of a help text; click keeps the lines of one that begins with ``\b``."""
    for paragraph in inspect.cleandoc(text).split("\n\n"):
        first, _, rest = paragraph.partition("\n")
        if first != "\b":
            yield f"{' '.join(paragraph.split())}\n"
        elif rest.startswith("Examples:\n"):
            yield "Examples:\n\n" + "\n".join(f"  {line}" for line in rest.splitlines()[1:]) + "\n"
        else:
            yield "\n".join(f"    {line}" for line in rest.splitlines()) + "\n"


def _is_setting(param: click.Parameter) -> bool:
    written = "/".join((*param.opts, *param.secondary_opts))
    return written in setting_flags()
