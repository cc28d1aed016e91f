"""The plugins of a run, made from their options."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any

import attrs

from anonkit.config.model import Choice, Config
from anonkit.errors import PluginError
from anonkit.plugin import making
from anonkit.plugin.contracts import AnyReporter, OutputEncoder, Tokenizer, Transform
from anonkit.plugin.kinds import check_tokenizers

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
        tokenizers = tuple(made for made in anonymizers if isinstance(made, Tokenizer))
        pairs = zip(config.anonymizers, anonymizers, strict=True)
        check_tokenizers(
            tokenizers, [f"anonymizer {choice.name}" for choice, made in pairs if isinstance(made, Tokenizer)]
        )
        return cls(
            tokenizers,
            tuple(made for made in anonymizers if isinstance(made, Transform)),
            tuple((choice, make(choice)) for choice in config.reporters),
            tuple(make(choice) for choice in config.encoders),
            tuple(_makeable(config.disabled_tokenizers)) if _is_audited(config) else (),
        )


def make(choice: Choice[Any], *more: Any) -> Any:
    """Return the object that a plugin's factory makes of its options, and `more`. PluginLoadError, PluginError."""
    return making.made(choice.type, choice.options, *more)


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
