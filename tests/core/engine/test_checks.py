"""Checks before a row is read."""

from __future__ import annotations

import pytest
from fakes import Handles

from anonkit.config.model import Choice, Config, RunOptions
from anonkit.engine.checks import check_roles
from anonkit.engine.plugins import Plugins
from anonkit.errors import ConfigError
from anonkit.plugin.hooks import NoOptions, TokenizerSpec


class Names(Handles):
    kind = "person"
    required_roles = ("user",)  # type: ignore[assignment]  # where a property is, an attribute will do


def test_a_missing_column_names_the_tokenizer_as_the_configuration_does() -> None:
    spec = TokenizerSpec(name="names", summary="", factory=lambda _: Names())
    config = Config(run=RunOptions(), anonymizers=(Choice(spec, NoOptions()),))
    with pytest.raises(ConfigError, match=r"anonymizer names needs the user column, .* --disable names"):
        check_roles(config, Plugins.from_config(config), ["n"])
