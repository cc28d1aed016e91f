"""The layer of the command line: flags, ``--enable``, ``--disable``, ``--set``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import attrs

from anonkit.config.given import Given, listed, parsed
from anonkit.config.schema import Schema, Setting
from anonkit.errors import nearest
from anonkit.plugin.registry import OWN_PACKAGE, SWITCHED

__all__ = ["Overrides", "from_overrides"]

_DOTTED = re.compile(r"[\w.-]*")


@attrs.frozen(kw_only=True)
class Overrides:
    """The settings of a command line; if two fields set one option, the later field wins."""

    flags: Mapping[str, str | bool | tuple[str, ...]] = attrs.field(factory=dict)
    """By dotted name of the setting: the text after the flag, the state of a bool, the items of a flag that appends."""
    enable: tuple[str, ...] = ()
    """Plugins by name, or ``reporters.NAME`` where the name alone could mean two. A reader gives way to another."""
    disable: tuple[str, ...] = ()
    assignments: tuple[str, ...] = ()
    """``SECTION.KEY=VALUE``."""


def from_overrides(overrides: Overrides, schema: Schema, mistakes: list[str]) -> Iterator[Given]:
    """Yield the values of the command line, and append to `mistakes`.

    PluginLoadError, PluginConflictError for a plugin to enable that is installed but cannot be loaded.
    """
    for name, value in overrides.flags.items():
        setting = schema.settings[name]
        yield from _switched_on(setting, value, overrides, schema)
        yield from _flag(setting, value, mistakes)
    for name in overrides.enable:
        yield from _switch(name, f"--enable {name}", True, schema, mistakes)
    for name in overrides.disable:
        if name in overrides.enable:
            mistakes.append(f"--disable {name}: --enable names it as well; give one of the two")
        yield from _switch(name, f"--disable {name}", False, schema, mistakes)
    for text in overrides.assignments:
        yield from _assignment(text, schema, mistakes)


def _flag(setting: Setting, value: str | bool | tuple[str, ...], mistakes: list[str]) -> Iterator[Given]:
    flag = setting.info.flags[-1 if value is False else 0] if setting.info.flags else setting.place
    if isinstance(value, str):
        yield from parsed(setting, value, flag, mistakes)
    else:
        yield Given(setting, value, flag, flag)


def _switched_on(
    setting: Setting, value: str | bool | tuple[str, ...], overrides: Overrides, schema: Schema
) -> Iterator[Given]:
    """Yield the switch of the plugin that a flag belongs to: a flag without effect could be a leak.

    Not for a flag that says no, such as ``--no-meta``, nor for a plugin that ``--disable`` names.
    """
    switch = schema.settings.get(f"{setting.section}.enabled")
    disabled = {setting.section, _short(setting.section)} & set(map(schema.present_name, overrides.disable))
    if switch is not None and switch.is_switch and value is not False and not disabled:
        flag = setting.info.flags[0]
        yield Given(switch, True, flag, flag)


def _switch(name: str, place: str, state: bool, schema: Schema, mistakes: list[str]) -> Iterator[Given]:
    switches = {setting.section: setting for setting in schema.settings.values() if setting.is_switch}
    present = schema.present_name(name)
    meant = [section for section in switches if present in (section, _short(section))]
    # A plugin of others may have the name of one that comes with anonkit, in another section.
    meant = [section for section in meant if switches[section].package == OWN_PACKAGE] or meant
    # A reader is on in any case: the reporter of the same format is meant.
    meant = [section for section in meant if not section.startswith("readers.")] or meant
    if len(meant) == 1:
        yield Given(switches[meant[0]], state, place, place)
    elif meant:
        mistakes.append(f"{place}: could mean {' or '.join(meant)}; write it in full")
    else:
        mistakes += _missing(name, place, state, schema, [*map(_short, switches), *switches])


def _missing(name: str, place: str, state: bool, schema: Schema, known: list[str]) -> Iterator[str]:
    group, _, short = name.rpartition(".")
    groups = (group,) if group else SWITCHED
    hidden = [section for section in groups if section in SWITCHED and schema.registry.may_hold(section, short)]
    if not hidden:
        yield f"{place}: no plugin of that name is installed{nearest(name, known)}; `anonkit plugins` lists them"
    elif state:
        claimed = [section for section in hidden if schema.registry.faults(section, short)]
        schema.registry.find((claimed or hidden)[0], short, place=place)


def _short(section: str) -> str:
    return section.partition(".")[2]


def _assignment(text: str, schema: Schema, mistakes: list[str]) -> Iterator[Given]:
    name, equals, value = text.partition("=")
    name = name.strip()
    if not equals or not _DOTTED.fullmatch(name):
        start = _DOTTED.match(text)  # the rest might be a secret
        mistakes.append(f"--set {start[0] if start else ''}: expected SECTION.KEY=VALUE, as in run.workers=4")
    elif setting := schema.settings.get(schema.present_name(name)):
        for given in parsed(setting, value, f"--set {name}", mistakes):
            if switch := schema.switch_of(name.rpartition(".")[0]):
                yield Given(switch, True, given.place, given.source)
            yield attrs.evolve(given, is_moved=name.rpartition(".")[0] in schema.moved)
    else:
        mistakes.append(f"--set {name}: no such option{_meant(name, schema)}; `anonkit config show` lists them")


def _meant(name: str, schema: Schema) -> str:
    section, _, key = schema.present_name(name).rpartition(".")
    if reason := schema.reason_against(section, key):
        return reason
    return nearest(name, schema.settings) or listed(
        setting for setting in schema.settings if setting.endswith(f".{key}")
    )
