"""The settings that all commands on mappings share: the mapping, its keys and its access log."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import attrs
import click

from anonkit.cli.settings import registry_of
from anonkit.config import Config, Overrides, load
from anonkit.errors import ConfigError

if TYPE_CHECKING:
    from anonkit.mapping import AccessLog, Keys

__all__ = ["Vault"]


@attrs.frozen
class Vault:
    """The settings of one command on mappings; `anonkit.mapping` is imported on use."""

    config: Config

    @classmethod
    def from_context(cls, ctx: click.Context, file: str | None, overrides: Overrides) -> Vault:
        """Return the settings in the configuration and the flags. ConfigError."""
        return cls(load(file=file, overrides=overrides, registry=registry_of(ctx), complete=False))

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
