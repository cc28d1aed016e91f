"""The commands on mappings, and the settings that all of them share: the mapping, its keys and its access log."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs
import click

from anonkit.cli.settings import SettingsCommand, registry_of
from anonkit.config import Config, Overrides, load
from anonkit.config.schema import Setting
from anonkit.errors import ConfigError

if TYPE_CHECKING:
    from anonkit.mapping import AccessLog, Keys

__all__ = ["MappingCommand", "Vault", "VaultCommand"]


@attrs.frozen
class Vault:
    """The settings of one command on mappings; `anonkit.mapping` is imported on use."""

    config: Config
    overrides: Overrides
    """The settings of the command line, which are in `config` too."""

    @property
    def path(self) -> Path:
        """The path of the mapping; ConfigError when none is named."""
        if not self.config.run.mapping:
            raise ConfigError(
                "no mapping is named; give --mapping FILE, set ANONKIT_MAPPING, or write mapping below [run] in "
                "anonkit.toml"
            )
        return Path(self.config.run.mapping)

    def check_path(self) -> None:
        """ConfigError when no mapping is named."""
        _ = self.path

    @property
    def keys(self) -> Keys:
        """The keys that open it."""
        from anonkit.mapping import Keys

        return Keys.from_options(self.config.mapping)

    def log(self, path: Path) -> AccessLog:
        """Return the access log of the mapping at `path`."""
        from anonkit.mapping import AccessLog

        return AccessLog.from_mapping(path, self.config.mapping.access_log)


class VaultCommand(SettingsCommand):
    """A command whose function is called with `vault`, instead of `file` and `overrides`."""

    def pass_settings(self, ctx: click.Context, overrides: Overrides) -> None:
        """Add the settings of the configuration and the flags as a `Vault`. ConfigError."""
        config = load(file=ctx.params.pop("file"), overrides=overrides, registry=registry_of(ctx), complete=False)
        ctx.params["vault"] = Vault(config, overrides)


class MappingCommand(VaultCommand):
    """A command on mappings: of the settings it has only the flags that name the mapping and open it.

    `names_file` is False for a command with arguments that name the file.
    """

    def __init__(self, *args: Any, names_file: bool = True, **kwargs: Any) -> None:
        self.names_file = names_file
        super().__init__(*args, **kwargs)

    def _plugin_switches(self) -> list[click.Parameter]:
        return []

    def takes(self, setting: Setting) -> bool:
        """Return whether the command has the flag of a setting."""
        return setting.section == "mapping" or (self.names_file and setting.name == "run.mapping")
