"""The page of options: every table of anonkit.toml with those of the plugins that come with anonkit."""

from __future__ import annotations

from collections.abc import Iterator

from anonkit.config.schema import Schema, Section
from anonkit.config.toml import write_value
from anonkit.config.values import describe
from anonkit.plugin.discovery import discover
from anonkit.plugin.registry import OWN_PACKAGE

__all__ = ["cell", "options_page", "setting_flags"]

_OPENING = """\
# Options

Made from the code by `make reference`. [Configure a run](../how-to/configure.md) says where an option can be set.
`anonkit plugins NAME` shows the same of each installed plugin, and a table to paste.
"""


def options_page() -> str:
    """Return the page."""
    return "\n".join((_OPENING, *(line for section in _sections() for line in _lines(section))))


def setting_flags() -> frozenset[str]:
    """Return the flags that set an option: ``--site``, ``--audit/--no-audit``."""
    return frozenset(setting.info.flag for section in _sections() for setting in section.settings if setting.info.flag)


def cell(text: str) -> str:
    """Return text as a cell of a table."""
    return text.replace("|", "\\|")


def _sections() -> Iterator[Section]:
    for section in Schema.from_registry(discover()).sections.values():
        if section.settings and (section.plugin is None or section.plugin.package == OWN_PACKAGE):
            yield section


def _lines(section: Section) -> Iterator[str]:
    yield f"## `[{section.name}]`\n\n| option | type | default | flag | |\n|---|---|---|---|---|"
    for setting in section.settings:
        default = setting.field.default
        shown = "" if default is None else f"`{cell(write_value(default))}`"
        flag = f"`{setting.info.flag}`" if setting.info.flag else ""
        meaning = cell(setting.info.help)
        yield f"| `{setting.key}` | {cell(describe(setting.field.type))} | {shown} | {flag} | {meaning} |"
    yield ""
