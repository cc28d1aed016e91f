"""The preset of an input, and the settings that it fills in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

import attrs

from anonkit.catalogue import Preset
from anonkit.config.model import Choice, Config
from anonkit.config.presets import SHIPPED, shipped_presets
from anonkit.config.values import extended, mismatches, structure
from anonkit.errors import ConfigError, nearest
from anonkit.input.column_spelling import in_input
from anonkit.options import OptionField, option_fields
from anonkit.plugin.contracts import Roles

__all__ = ["chosen_preset", "described", "preset_warnings", "with_preset"]


def with_preset(config: Config, names: Collection[str]) -> Config:
    """Return the configuration of a run over an input with the columns `names`.

    The preset fills in settings that the user has not set: the columns of the roles, spelled as in the input, and
    defaults of plugins' options. ConfigError for an option that is not to be set so.
    """
    preset = chosen_preset(config, names)
    defaults = _Defaults(preset, config.sources, [])
    changed = attrs.evolve(
        config,
        preset=preset,
        roles=_roles(config, preset, names),
        anonymizers=defaults.applied("anonymizers", config.anonymizers),
        reporters=defaults.applied("reporters", config.reporters),
        encoders=defaults.applied("encoders", config.encoders),
        disabled_tokenizers=defaults.applied("anonymizers", config.disabled_tokenizers),
    )
    if defaults.mistakes:
        raise ConfigError(list(dict.fromkeys(defaults.mistakes)))
    return changed


def chosen_preset(config: Config, names: Collection[str]) -> Preset:
    """Return the preset that the configuration names, else the only one that the columns fit, else the first."""
    presets = _presets(config)
    if config.run.preset is not None:
        return presets[config.run.preset]
    fitting = [preset for preset in presets.values() if preset.fits(names)]
    return fitting[0] if len(fitting) == 1 else presets[SHIPPED[0]]


def preset_warnings(config: Config, files: Iterable[tuple[str, ...]]) -> list[str]:
    """Return warnings about files, given by their columns, that alone have another preset than the one that was found.

    A preset that the configuration names is wanted for all files.
    """
    if config.run.preset is not None or config.preset is None:
        return []
    counts = Counter[str]()
    for names, number in Counter(files).items():
        fitting = [preset.name for preset in _presets(config).values() if preset.fits(names)]
        if len(fitting) == 1:
            counts[fitting[0]] += number
    return [
        f"{number} {'file has' if number == 1 else 'files have'} the columns of the preset {name}, and the run reads "
        f"all files by the preset {config.preset.name}: make a run for each program's files"
        for name, number in counts.items()
        if name != config.preset.name
    ]


def _presets(config: Config) -> Mapping[str, Preset]:
    return {**shipped_presets(), **config.presets}


def described(config: Config) -> str:
    """Return the name of the preset of a run, and how it was found."""
    name = config.preset.name if config.preset else ""
    if config.run.preset is not None:
        return name
    fitting = config.preset is not None and config.preset.name != SHIPPED[0]
    return f"{name}, found by the columns" if fitting else f"{name}, by default"


def _roles(config: Config, preset: Preset, names: Collection[str]) -> Roles:
    own: dict[str, str] = {}
    added = dict(config.roles.added)
    for role, column in config.roles.columns.items():
        candidates = preset.roles.get(role)
        if candidates is not None and f"roles.{role}" not in config.sources:
            spelled = [in_input(candidate, names) for candidate in candidates]
            column = next((name for name in spelled if name in names), candidates[0] if candidates else "")
        (added if role in added else own)[role] = in_input(column, names) if column else ""
    return attrs.evolve(config.roles, **own, added=added, known=preset.attributes)


@attrs.frozen
class _Defaults:
    """The options of plugins that a preset sets."""

    preset: Preset
    sources: Mapping[str, str]
    mistakes: list[str]

    def applied(self, group: str, choices: Sequence[Choice[Any]]) -> tuple[Choice[Any], ...]:
        """Return the plugins of a group with the options of the preset, except those that the user has set."""
        return tuple(
            attrs.evolve(choice, options=self._options(f"{group}.{choice.name}", choice.options)) for choice in choices
        )

    def _options(self, section: str, options: Any) -> Any:
        given = {
            name.removeprefix(f"{section}."): value
            for name, value in self.preset.options.items()
            if name.startswith(f"{section}.") and name not in self.sources
        }
        if not given:
            return options
        fields = {field.key: field for field in option_fields(type(options))}
        found = dict(self._values(section, given, fields))
        try:
            return attrs.evolve(options, **found)
        except (TypeError, ValueError) as error:
            self.mistakes.append(f"{self._place(section)}: {error}")
            return options

    def _values(
        self, section: str, given: Mapping[str, Any], fields: Mapping[str, OptionField]
    ) -> Iterator[tuple[str, Any]]:
        for key, value in given.items():
            place = self._place(f"{section}.{key}")
            field = fields.get(key)
            if field is None:
                self.mistakes.append(f"{place}: no such option{nearest(key, fields)}")
                continue
            try:
                converted = structure(value, field.type)
            except Exception as error:
                for path, mismatch in mismatches(error):
                    self.mistakes.append(f"{place}{path}: {mismatch.message(secret=field.info.secret)}")
            else:
                yield key, extended(field.default, converted) if field.info.adds else converted

    def _place(self, name: str) -> str:
        return f"[presets.{self.preset.name}] options {name!r}"
