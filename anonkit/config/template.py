"""The commented anonkit.toml that `anonkit init` writes: every option of every plugin, with its default commented out.

A line ``# key = value`` is an assignment of the default: removing its ``# `` changes nothing. Every other comment is
prose.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import get_args, get_origin

from anonkit.config.checks import REQUIRED
from anonkit.config.schema import CONFIG_VARIABLE, PREFIX, Schema, Section, Setting
from anonkit.config.titles import CORE_TITLES
from anonkit.config.toml import write_comment, write_value
from anonkit.config.values import describe
from anonkit.options import choices, is_list, without_none
from anonkit.plugin.registry import LOCAL
from anonkit.quantities import Size

__all__ = ["render_section", "render_template", "section_title"]

_OPENING = f"""\
# The configuration of anonkit. Every line of the form "# key = value" shows a default: remove the "# " to change it.
#
# Flags of `anonkit run` win over {PREFIX}<SECTION>_<KEY> variables, which win over this file. It is read from the
# working folder, or from the path in --config or {CONFIG_VARIABLE}. Relative paths start from the working folder.
# `anonkit config show` shows every value in force, and its origin.
#
# Anonymizers and reporters work in the order in which this file names them; the others follow.
"""


def render_template(schema: Schema) -> str:
    """Return the text of the file: TOML that sets nothing until a line is changed."""
    sections = (render_section(section) for section in schema.sections.values())
    return "\n".join((_OPENING, *sections))


def render_section(section: Section) -> str:
    """Return the table of a section, every option commented out."""
    paragraphs = ("\n".join(_render_setting(setting)) for setting in section.settings)
    return "\n\n".join((f"[{section.name}]  {write_comment(section_title(section))}", *paragraphs)) + "\n"


def section_title(section: Section) -> str:
    """Return the topic of a section, on one line."""
    if section.plugin is None:
        return CORE_TITLES[section.name]
    return f"{section.plugin.type.summary} ({section.plugin.package})"


def _render_setting(setting: Setting) -> Iterator[str]:
    yield write_comment(f"  {setting.info.help}")
    yield write_comment(f"  {'; '.join(_facts(setting))}")
    if setting.field.default is None:
        yield write_comment(f"  not set; for example: {setting.key} = {write_value(_example(setting))}")
    else:
        yield f"# {setting.key} = {write_value(setting.field.default)}"


def _facts(setting: Setting) -> Iterator[str]:
    yield describe(setting.field.type)
    if setting.info.minimum is not None:
        yield f"at least {setting.info.minimum}"
    if setting.info.adds:
        yield 'added to the default; "-text" takes one away'
    if setting.info.flag:
        yield f"flag {setting.info.flag}"
    if setting.name in REQUIRED:
        yield "required, here, as a flag or as a variable"
    if setting.name == "run.executor":
        yield f"{LOCAL!r}, or the name of a plugin's executor"


_EXAMPLES: dict[object, object] = {bool: True, int: 1, float: 1.0, Size: "64 MB", timedelta: "1h30m"}


def _example(setting: Setting) -> object:
    kind = without_none(setting.field.type)
    if texts := choices(kind):
        return texts[0]
    examples = {str: setting.info.metavar or "…", Path: setting.info.metavar or "…", **_EXAMPLES}
    if is_list(kind):
        return [examples.get(get_args(kind)[0], "…")]
    if get_origin(kind) is dict:
        return {"…": examples.get(get_args(kind)[1], "…")}
    return (setting.info.minimum or 1) if kind is int else examples[kind]
