"""From the values of all layers to one configuration; every mistake is reported at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar

import attrs

from anonkit.catalogue import CatalogueOptions, Preset
from anonkit.config.checks import consistency, requirements
from anonkit.config.given import Given
from anonkit.config.model import Choice, Config, MappingOptions, RunOptions
from anonkit.config.schema import Schema, Section, Setting
from anonkit.config.values import extended, mismatches, structure, unknown_removals
from anonkit.errors import ConfigError, UnknownPluginError
from anonkit.file_names import is_plain_name
from anonkit.plugin.contracts import Roles
from anonkit.plugin.hooks import ExecutorSpec, TokenizerSpec
from anonkit.plugin.registry import LOCAL

__all__ = ["Resolved", "Value", "resolve"]

T = TypeVar("T")


@attrs.frozen
class Value:
    """A setting's value in force."""

    value: Any
    """As it was given: of a list that adds to the default, the items to add and to take away."""
    place: str = ""
    source: str = ""
    """Its origin; empty for a default."""


@attrs.frozen
class Resolved:
    """A configuration, and the value of every setting, also of plugins that are off."""

    config: Config
    schema: Schema
    values: Mapping[str, Value]
    """By dotted name, in the schema's order."""


def resolve(
    given: Sequence[Given],
    schema: Schema,
    mistakes: Sequence[str],
    *,
    order: Sequence[str],
    complete: bool,
    presets: Mapping[str, Preset],
) -> Resolved:
    """Return the configuration that the given values make, later ones winning.

    `mistakes` are those found so far; ConfigError holds them and those found here. The plugins of the sections in
    `order` come first; `presets` are those of the user. PluginLoadError, PluginConflictError for the executor.
    """
    found = list(mistakes)
    building = _Building(schema, _values(given, schema, found), found)
    config = attrs.evolve(building.config(order), presets=presets)
    found += consistency(config, lambda name: building.values[name].place or schema.settings[name].place)
    if complete:
        found += requirements(config, schema, {value.setting.name for value in given})
    if found:
        raise ConfigError(list(dict.fromkeys(found)))
    warnings = tuple(dict.fromkeys(_moved(value) for value in given if value.is_moved))
    return Resolved(attrs.evolve(config, warnings=warnings), schema, building.values)


def _moved(given: Given) -> str:
    """Return the warning about a setting that is given by an old name."""
    return f"{given.place}: the table is now [{given.setting.section}]; write {given.setting.key} there"


def _values(given: Iterable[Given], schema: Schema, mistakes: list[str]) -> dict[str, Value]:
    values = {name: Value(setting.field.default) for name, setting in schema.settings.items()}
    for given_value in given:
        before = len(mistakes)
        value = _converted(given_value, mistakes)
        if len(mistakes) == before:
            values[given_value.setting.name] = Value(value, given_value.place, given_value.source)
    garble = values["run.garble"]
    for name, setting in schema.settings.items():
        if setting.inherits_garble and not values[name].source:
            values[name] = Value(garble.value, garble.place, garble.source)
    return values


def _converted(given: Given, mistakes: list[str]) -> Any:
    secret = given.setting.info.secret
    try:
        value = structure(given.value, given.setting.field.type)
    except Exception as error:
        for path, mismatch in mismatches(error):
            inside = " (inside it)" if path and secret else path  # a path quotes the keys of a table
            mistakes.append(f"{given.place}{inside}: {mismatch.message(secret=secret)}")
        return None
    if fault := _out_of_bounds(value, given.setting):
        mistakes.append(f"{given.place}: {fault}")
    if given.setting.info.adds:
        mistakes += [f"{given.place}{fault}" for fault in unknown_removals(given.setting.field.default, value)]
    return value


def _out_of_bounds(value: Any, setting: Setting) -> str:
    minimum, shown = setting.info.minimum, "" if setting.info.secret else f", found {value!r}"
    if minimum is not None and isinstance(value, (int, float)) and not value >= minimum:
        return f"expected at least {minimum}{shown}"
    if setting.info.file_name and isinstance(value, str) and not is_plain_name(value):
        return f"expected a plain file name, without a folder{shown}; [run] output_dir says in which folder"
    return ""


@attrs.frozen
class _Building:
    """The values on their way into a `Config`."""

    schema: Schema
    values: Mapping[str, Value]
    mistakes: list[str]

    def config(self, order: Sequence[str]) -> Config:
        run = self._options("run", RunOptions)
        return Config(
            run=run,
            mapping=self._options("mapping", MappingOptions),
            roles=self._roles(),
            catalogue=self._options("catalogue", CatalogueOptions),
            readers=tuple(self._choice(section) for section in self._enabled("readers", order)),
            anonymizers=tuple(self._choice(section) for section in self._enabled("anonymizers", order)),
            reporters=tuple(self._choice(section) for section in self._enabled("reporters", order)),
            encoders=tuple(self._choice(section) for section in self._enabled("encoders", order)),
            executor=self._executor(run.executor),
            disabled_tokenizers=tuple(self._choice(section) for section in self._disabled_tokenizers()),
            sources={name: value.source for name, value in self.values.items() if value.source},
        )

    def _roles(self) -> Roles:
        columns = {setting.key: self.values[setting.name].value for setting in self.schema.sections["roles"].settings}
        own = {role: columns.pop(role) for role in Roles().columns}
        return Roles(**own, added=columns)

    def _options(self, section: str, options: type[T]) -> T:
        settings = self.schema.sections[section].settings
        values = {setting.key: self._in_force(setting) for setting in settings if not setting.is_reserved}
        try:
            return options(**values)
        except ConfigError as error:
            self.mistakes.extend(f"[{section}]: {mistake}" for mistake in error.mistakes)
        except (TypeError, ValueError) as error:
            self.mistakes.append(f"[{section}]: {error}")
        return options()

    def _in_force(self, setting: Setting) -> Any:
        value = self.values[setting.name]
        return extended(setting.field.default, value.value) if setting.info.adds and value.source else value.value

    def _enabled(self, group: str, order: Sequence[str]) -> list[Section]:
        names = dict.fromkeys([*(name for name in order if name in self.schema.sections), *self.schema.sections])
        return [
            self.schema.sections[name]
            for name in names
            if name.startswith(f"{group}.") and self.values[f"{name}.enabled"].value
        ]

    def _disabled_tokenizers(self) -> list[Section]:
        return [
            section
            for name, section in self.schema.sections.items()
            if section.plugin is not None
            and isinstance(section.plugin.type, TokenizerSpec)
            and section.plugin.type.enabled
            and section.plugin.is_shipped
            and not self.values[f"{name}.enabled"].value
        ]

    def _choice(self, section: Section) -> Choice[Any]:
        plugin = section.plugin
        assert plugin is not None, "only plugins are chosen"
        garble = self.values.get(f"{section.name}.garble")
        return Choice(
            plugin.type,
            self._options(section.name, section.options),
            garble=garble.value if garble else True,
            package=plugin.package,
            version=plugin.version,
        )

    def _executor(self, name: str) -> Choice[ExecutorSpec] | None:
        section = self.schema.sections.get(f"executors.{name}")
        if section:
            return self._choice(section)
        if name != LOCAL:
            place = self.values["run.executor"].place
            try:
                self.schema.registry.find("executors", name, place=place)
            except UnknownPluginError as error:
                self.mistakes.append(f"{error}; {LOCAL!r} is anonkit's own")
        return None
