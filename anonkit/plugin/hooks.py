"""The hooks, and the specifications that they hand over.

A hook gives back descriptions; nothing of a plugin's implementation need be imported until it is used. So `factory` may
be the place of a callable, ``"package.module:name"``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import Executor
from importlib import import_module
from typing import Any, TypeVar

import attrs
import pluggy

from anonkit.plugin.contracts import OutputEncoder, Reporter, Tokenizer, Transform

__all__ = [
    "AnonymizerType",
    "ExecutorType",
    "PluginType",
    "ReporterType",
    "TokenizerType",
    "TransformType",
    "hookimpl",
    "hookspec",
    "resolve",
]

hookspec = pluggy.HookspecMarker("anonkit")
hookimpl = pluggy.HookimplMarker("anonkit")

T = TypeVar("T")
Factory = str | Callable[..., T]


@attrs.frozen(kw_only=True)
class NoOptions:
    """The options of a plugin that has none."""


@attrs.frozen(kw_only=True)
class _PluginType:
    name: str
    """The key of its table in TOML: lower-case letters, digits, underscores; unique."""
    summary: str
    """One line for `anonkit plugins`."""
    options: type[Any] = NoOptions
    """An attrs class whose fields are made with `option`."""
    enabled: bool = False
    """Whether it is on when the configuration does not say."""


@attrs.frozen(kw_only=True)
class TokenizerType(_PluginType):
    """A tokenizer to choose from; `factory(options)` makes it."""

    factory: Factory[Tokenizer]


@attrs.frozen(kw_only=True)
class TransformType(_PluginType):
    """A transform to choose from; `factory(options)` makes it."""

    factory: Factory[Transform]


@attrs.frozen(kw_only=True)
class ReporterType(_PluginType):
    """A reporter, a listing or an output encoder to choose from; `factory(options)` makes it."""

    factory: Factory[Reporter[Any, Any] | OutputEncoder]


@attrs.frozen(kw_only=True)
class ExecutorType(_PluginType):
    """A way to run the passes, chosen by `[run] executor`; `factory(options, workers)` makes the executor.

    An executor that is a context manager is entered for the run. One with a true attribute `shares_files` promises that
    its workers see the output folder under the same path; then listings pass through files there, not through messages.
    """

    factory: Factory[Executor]


AnonymizerType = TokenizerType | TransformType
PluginType = TokenizerType | TransformType | ReporterType | ExecutorType


@hookspec
def register_anonymizers() -> Iterable[AnonymizerType]:
    """Return the tokenizers and transforms that this package offers."""
    return ()


@hookspec
def register_reporters() -> Iterable[ReporterType]:
    """Return the reporters that this package offers."""
    return ()


@hookspec
def register_executors() -> Iterable[ExecutorType]:
    """Return the executors that this package offers."""
    return ()


def resolve(factory: Factory[T]) -> Callable[..., T]:
    """Return the callable of a factory, imported when it is given by its place. ImportError, AttributeError."""
    if not isinstance(factory, str):
        return factory
    module, _, name = factory.partition(":")
    found: Callable[..., T] = getattr(import_module(module), name)
    return found
