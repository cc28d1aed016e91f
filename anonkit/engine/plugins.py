"""The plugins of a run, made from their options."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any

import attrs

from anonkit.config.model import Choice, Config
from anonkit.errors import PluginError, PluginLoadError
from anonkit.plugin.contracts import AnyReporter, OutputEncoder, Reporter, Tokenizer, Transform
from anonkit.plugin.guard import plugin_errors
from anonkit.plugin.hooks import resolve

__all__ = ["Plugins", "is_garbled", "make"]


@attrs.frozen
class Plugins:
    """The plugins that are switched on, made."""

    tokenizers: tuple[Tokenizer, ...]
    transforms: tuple[Transform, ...]
    reporters: tuple[tuple[Choice[Any], AnyReporter], ...]
    encoders: tuple[OutputEncoder, ...]
    disabled_tokenizers: tuple[Tokenizer, ...] = ()
    """Switched off, and surveyed for the audit alone."""

    @classmethod
    def from_config(cls, config: Config) -> Plugins:
        """Make every plugin that is switched on. PluginError, PluginLoadError."""
        anonymizers = [make(choice) for choice in config.anonymizers]
        reporters = [(choice, make(choice)) for choice in config.reporters]
        for choice, made in reporters:
            if not isinstance(made, (Reporter, OutputEncoder)):
                raise PluginError(f"reporter {choice.name}: its factory made a {type(made).__name__}, not a Reporter")
        return cls(
            tuple(made for made in anonymizers if isinstance(made, Tokenizer)),
            tuple(made for made in anonymizers if isinstance(made, Transform)),
            tuple((choice, made) for choice, made in reporters if isinstance(made, Reporter)),
            tuple(made for _, made in reporters if isinstance(made, OutputEncoder)),
            tuple(_makeable(config.disabled_tokenizers)) if _is_audited(config) else (),
        )


def make(choice: Choice[Any], *more: Any) -> Any:
    """Return the object that a plugin's factory makes of its options, and `more`. PluginLoadError, PluginError."""
    try:
        factory = resolve(choice.type.factory)
    except (ImportError, AttributeError) as error:
        raise PluginLoadError(
            f"plugin {choice.name}: cannot be loaded ({type(error).__name__}: {error}); "
            "install what it needs, or switch it off with --disable"
        ) from error
    with plugin_errors(f"plugin {choice.name}"):
        return factory(choice.options, *more)


def is_garbled(choice: Choice[Any], reporter: AnyReporter) -> bool:
    """Return whether the reporter's outputs are free of originals."""
    return choice.garble and not reporter.writes_originals


def _is_audited(config: Config) -> bool:
    """Return whether any output is audited; the outputs of a reporter that gets originals are not."""
    return config.run.audit and any(choice.garble for choice in config.reporters)


def _makeable(choices: Iterable[Choice[Any]]) -> Iterator[Tokenizer]:
    """Yield the tokenizers that can be made; one that cannot may have been switched off for that reason."""
    for choice in choices:
        with suppress(PluginError):
            yield make(choice)
