"""Commands that resolve a configuration: their flags are the options of the core and of every installed plugin."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_origin

import click
from click.core import ParameterSource

from anonkit.catalogue import catalogue
from anonkit.cli.installed import discovered
from anonkit.config import Overrides, load
from anonkit.config.json_values import json_value
from anonkit.config.presets import SHIPPED
from anonkit.config.schema import Schema, Section, Setting
from anonkit.config.titles import CORE_TITLES
from anonkit.config.toml import write_value
from anonkit.options import choices, without_none
from anonkit.plugin.contracts import Roles
from anonkit.plugin.registry import SWITCHED, Registry
from anonkit.quantities import Size

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

__all__ = ["SettingsCommand", "registry_of", "section_title"]

_META = "anonkit.settings"


def registry_of(ctx: click.Context) -> Registry:
    """Return the installed plugins that can be offered: none has a flag that is also another's."""
    return Schema.from_registry(discovered(ctx)).registry


_NAMED: dict[str, Callable[[click.Context], Iterable[str]]] = {
    "run.profile": lambda ctx: registry_of(ctx).profiles,
    "run.preset": lambda ctx: SHIPPED,
}
"""Settings whose values are names that are known before a file is read."""


class SettingOption(click.Option):
    """The flag of one setting. It takes any text: the configuration checks it, and reports all mistakes at once."""

    def __init__(self, setting: Setting, number: int) -> None:
        self.setting = setting
        kind = without_none(setting.field.type)
        is_flag = kind is bool
        super().__init__(
            [setting.info.flag or "", f"setting_{number}"],
            type=None if is_flag else str,
            is_flag=is_flag,
            default=None,
            multiple=setting.info.flag_appends or setting.info.more is not None,
            metavar=None if is_flag else setting.info.metavar or _metavar(str if setting.info.flag_appends else kind),
            help=_help(setting),
        )

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Return the values that a shell may offer: choices, names of columns, files, folders."""
        from click.shell_completion import CompletionItem

        kind = without_none(self.setting.field.type)
        if texts := choices(kind):
            return [CompletionItem(value) for value in texts if value.startswith(incomplete)]
        metavar = self.setting.info.metavar
        if self.setting.name in _NAMED:
            return [CompletionItem(name) for name in _NAMED[self.setting.name](ctx) if name.startswith(incomplete)]
        if metavar == "SITE":
            return [CompletionItem(name) for name in _sites(ctx) if name.startswith(incomplete)]
        if metavar == "COL":
            columns = [entry.name for entry in catalogue() if "*" not in entry.name]
            return [CompletionItem(name) for name in columns if name.startswith(incomplete)]
        kinds = {"FILE": "file", "PATH": "file", "DIR": "dir"}
        return [CompletionItem(incomplete, type=kinds[metavar])] if metavar in kinds else []

    def given(self, ctx: click.Context) -> bool:
        """Return whether the flag is on the command line."""
        return ctx.get_parameter_source(self.name or "") is ParameterSource.COMMANDLINE


def _sites(ctx: click.Context) -> list[str]:
    """Return the sites in the input that the command line, as far as it is typed, or the configuration names."""
    from anonkit.cli.site_names import site_names

    given = {
        parameter.setting.name: ctx.params.get(parameter.name or "")
        for parameter in ctx.command.get_params(ctx)
        if isinstance(parameter, SettingOption)
    }
    # Before the value of a flag is typed, click leaves IN among the rest of the arguments.
    named = given["run.data_dir"] or (ctx.params.get("source"), *ctx.args)
    source = next(filter(None, named), None) or load(registry=registry_of(ctx), complete=False).run.data_dir
    return site_names(source, given["roles.site"] or Roles().site) if source else []


class SettingsCommand(click.Command):
    """A command with the flags of every setting, ``--config``, ``--enable``, ``--disable`` and ``--set``.

    Its function is called with `file` (the ``--config`` file or None) and `overrides`, besides its own parameters.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.params += [
            click.Option(["--config", "file"], metavar="FILE", help="Configuration file, instead of ./anonkit.toml."),
            *self._plugin_switches(),
            click.Option(["--set", "assignments"], metavar="SECTION.KEY=VALUE", multiple=True, help="Set any option."),
        ]

    def _plugin_switches(self) -> list[click.Parameter]:
        return [
            click.Option(
                [flag],
                metavar="NAME",
                multiple=True,
                help=f"Switch a plugin {state}.",
                shell_complete=_switchable,
            )
            for flag, state in (("--enable", "on"), ("--disable", "off"))
        ]

    def takes(self, setting: Setting) -> bool:
        """Return whether the command has the flag of a setting; by default it has every one."""
        return True

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        """Return the command's own parameters and the flags of the settings."""
        return [
            *super().get_params(ctx),
            *(option for _, options in self.options_by_section(ctx) for option in options),
        ]

    def invoke(self, ctx: click.Context) -> Any:
        """Call the function with the settings of all flags."""
        flags = {}
        for option in (option for _, options in self.options_by_section(ctx) for option in options):
            value = ctx.params.pop(option.name or "")
            if option.given(ctx):
                setting = option.setting
                first, *others = value if setting.info.more else (value,)
                flags[setting.name] = first
                if others:
                    flags[f"{setting.section}.{setting.info.more}"] = tuple(others)
        names = ("enable", "disable", "assignments")
        self.pass_settings(ctx, Overrides(flags=flags, **{name: ctx.params.pop(name, ()) for name in names}))
        return super().invoke(ctx)

    def pass_settings(self, ctx: click.Context, overrides: Overrides) -> None:
        """Add the settings of the command line to the arguments of the function."""
        ctx.params["overrides"] = overrides

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the command's own options, then those of each section under its owner's name."""
        groups: list[tuple[str, list[click.Parameter]]] = [("Options", [*self.own_options(ctx)])]
        groups += [(section_title(section), list(options)) for section, options in self.options_by_section(ctx)]
        for title, parameters in groups:
            with formatter.section(title):
                records = (parameter.get_help_record(ctx) for parameter in parameters)
                formatter.write_dl([record for record in records if record])

    def own_options(self, ctx: click.Context) -> list[click.Option]:
        """Return the command's own options, without those of settings."""
        return [parameter for parameter in super().get_params(ctx) if isinstance(parameter, click.Option)]

    def options_by_section(self, ctx: click.Context) -> list[tuple[Section, list[SettingOption]]]:
        """Return the flags by section, sections without one left out."""
        if _META not in ctx.meta:
            schema = Schema.from_registry(registry_of(ctx))
            numbers = {name: number for number, name in enumerate(schema.settings)}
            by_section = [
                (
                    section,
                    [
                        SettingOption(setting, numbers[setting.name])
                        for setting in section.settings
                        if setting.info.flag and self.takes(setting)
                    ],
                )
                for section in schema.sections.values()
            ]
            ctx.meta[_META] = [(section, options) for section, options in by_section if options]
        found: list[tuple[Section, list[SettingOption]]] = ctx.meta[_META]
        return found


def _switchable(ctx: click.Context, parameter: click.Parameter, incomplete: str) -> list[str]:
    """Return the names of the plugins that --enable and --disable may name, as far as they begin with `incomplete`."""
    registry = registry_of(ctx)
    names = dict.fromkeys(name for section in SWITCHED for name in registry.section(section))
    return [name for name in names if name.startswith(incomplete)]


def section_title(section: Section) -> str:
    """Return the title of a section's flags in help: its name, and for a plugin's section its package."""
    if section.plugin is None:
        return CORE_TITLES[section.name]
    group, _, name = section.name.partition(".")
    return f"{group.removesuffix('s').capitalize()} {name} ({section.plugin.package})"


def _metavar(kind: Any) -> str:
    origin: Any = get_origin(kind)
    if texts := choices(kind):
        return f"[{'|'.join(texts)}]"
    names: dict[Any, str] = {
        int: "N",
        float: "NUMBER",
        Path: "PATH",
        Size: "SIZE",
        timedelta: "DURATION",
        tuple: "A,B,…",
        list: "A,B,…",
        dict: "{KEY=VALUE}",
    }
    return names.get(origin or kind, "TEXT")


def _help(setting: Setting) -> str:
    default = setting.field.default
    if default in (None, "", (), [], {}):
        return setting.info.help
    if isinstance(default, bool):
        flags = setting.info.flags
        return setting.info.help if len(flags) == 1 else f"{setting.info.help}  [default: {flags[not default][2:]}]"
    shown = json_value(default)
    shown = ",".join(map(str, shown)) if isinstance(shown, list) else shown
    return f"{setting.info.help}  [default: {shown if isinstance(shown, (str, int, float)) else write_value(shown)}]"
