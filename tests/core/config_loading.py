"""Loading a configuration of sample plugins, and the mistakes in it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import attrs
import pytest
from sample_plugins import TallyOptions, registry

from anonkit.config import Config, Overrides, load
from anonkit.errors import ConfigError
from anonkit.options import option
from anonkit.plugin.registry import Registry

PATHS = {"data_dir": "data", "output_dir": "out"}


def loaded(
    toml: str = "",
    environ: Mapping[str, str] | None = None,
    values: Mapping[str, Any] | None = None,
    *,
    plugins: Registry | None = None,
    complete: bool = False,
    **overrides: Any,
) -> Config:
    if toml:
        Path("anonkit.toml").write_text(toml)
    return load(
        values,
        environ=environ or {},
        overrides=Overrides(**overrides),
        registry=plugins or registry(),
        complete=complete,
    )


# Lines and columns of tables and keys are tested in test_toml_places.py.
_PLACE = re.compile(r": line \d+, column \d+: (?=\[|\w+: a key outside)")


def mistakes(*args: Any, **kwargs: Any) -> list[str]:
    with pytest.raises(ConfigError) as error:
        loaded(*args, **kwargs)
    return [_PLACE.sub(": ", mistake) for mistake in error.value.mistakes]


def tally(config: Config) -> TallyOptions:
    [options] = [choice.options for choice in config.reporters if choice.name == "tally"]
    assert isinstance(options, TallyOptions)
    return options


def flagged(flag: str) -> type[Any]:
    @attrs.frozen(kw_only=True)
    class Options:
        thing: str = option("", help="", flag=flag)

    return Options
