"""The hooks, and the specifications that they hand over.

A hook gives back specifications; nothing of a plugin's implementation need be imported until it is used. So `factory`
may be the place of a callable, ``"package.module:name"``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from importlib import import_module
from typing import TYPE_CHECKING, Any, TypeVar

import attrs
import pluggy

if TYPE_CHECKING:  # what `anonkit --help` need not import
    from concurrent.futures import Executor

    from anonkit.plugin.contracts import OutputEncoder, Reader, Reporter, Tokenizer, Transform

__all__ = [
    "AnonymizerSpec",
    "CommandSpec",
    "EncoderSpec",
    "ExecutorSpec",
    "NoOptions",
    "PluginSpec",
    "ProfileSpec",
    "ReaderSpec",
    "ReporterSpec",
    "RoleSpec",
    "TokenizerSpec",
    "TransformSpec",
    "hookimpl",
    "hookspec",
    "resolve",
]

hookspec = pluggy.HookspecMarker("anonkit")
hookimpl = pluggy.HookimplMarker("anonkit")
"""Marks a function of a hooks module as the implementation of the hook of its name."""

T = TypeVar("T")
Factory = str | Callable[..., T]


@attrs.frozen(kw_only=True)
class NoOptions:
    """The options of a plugin that has none."""


@attrs.frozen(kw_only=True)
class _Spec:
    name: str
    """The key of its table in TOML: lower-case letters, digits, underscores; unique."""
    summary: str
    """One line for `anonkit plugins`."""
    options: type[Any] = NoOptions
    """An attrs class with fields made by `option`."""
    enabled: bool = False
    """Whether it is on when the configuration does not say. An executor is chosen by `[run] executor` alone."""


@attrs.frozen(kw_only=True)
class TokenizerSpec(_Spec):
    """A tokenizer to choose from; `factory(options)` makes it."""

    factory: Factory[Tokenizer]


@attrs.frozen(kw_only=True)
class TransformSpec(_Spec):
    """A transform to choose from; `factory(options)` makes it."""

    factory: Factory[Transform]


@attrs.frozen(kw_only=True)
class ReporterSpec(_Spec):
    """A reporter, which may be a listing, to choose from; `factory(options)` makes it."""

    factory: Factory[Reporter[Any, Any]]
    short_table: bool = False
    """Whether its table may be called ``[NAME]`` as well, and switches it on then: for one that is a gate."""


@attrs.frozen(kw_only=True)
class ReaderSpec(_Spec):
    """A format of input files; `factory(options)` makes its reader. Every reader is on unless it is switched off."""

    factory: Factory[Reader]
    patterns: tuple[str, ...] = ()
    """Names of its files, in lower case and without the suffix of a compression: ``("*.csv",)``. A file goes to the
    first reader that has its name and recognizes it, then to the first that recognizes it, whatever its name."""
    example: str = ""
    """A command that writes such a file, for messages: ``condor_history -json > jobs.json``."""
    enabled: bool = True


@attrs.frozen(kw_only=True)
class EncoderSpec(_Spec):
    """An output encoder to choose from; `factory(options)` makes it."""

    factory: Factory[OutputEncoder]


@attrs.frozen(kw_only=True)
class ExecutorSpec(_Spec):
    """A way to run the passes, chosen by `[run] executor`; `factory(options, workers)` makes the executor.

    An executor that is a context manager is entered for the run. One with a true attribute `shares_files` promises that
    its workers see the output folder under the same path; then listings pass through files there, not through messages.
    """

    factory: Factory[Executor]


@attrs.frozen(kw_only=True)
class CommandSpec:
    """A command of the program: `anonkit NAME`."""

    name: str
    """Lower-case letters, digits and dashes."""
    summary: str
    """One line for `anonkit --help`."""
    place: str
    """``"package.module:name"`` of the click command, which is imported when the command is called."""
    function: str = ""
    """``"package.module:name"`` of the same in Python, which is then `anonkit.NAME`; empty for none."""


@attrs.frozen(kw_only=True)
class ProfileSpec:
    """Settings that belong together, by one name: `--profile NAME`."""

    name: str
    """Lower-case letters, digits, underscores."""
    summary: str
    """One line for `anonkit plugins`."""
    place: str
    """``"package.module:file.toml"``: a file in a package, with tables as in anonkit.toml."""


@attrs.frozen(kw_only=True)
class RoleSpec:
    """A role that a plugin adds: a key of `[roles]` that says which column plays the part."""

    name: str
    """The key: lower-case letters, digits, underscores; unique."""
    column: str
    """The column when the configuration names none."""
    help: str
    """One line, lower case, without a full stop: ``"column of the queue"``."""
    flag: str | None = None
    """Its flag in `anonkit run`: ``--queue-col``."""


AnonymizerSpec = TokenizerSpec | TransformSpec
PluginSpec = ReaderSpec | TokenizerSpec | TransformSpec | ReporterSpec | EncoderSpec | ExecutorSpec


@hookspec
def register_readers() -> Iterable[ReaderSpec]:
    """Return the formats of input files that this package reads."""
    return ()


@hookspec
def register_anonymizers() -> Iterable[AnonymizerSpec]:
    """Return the tokenizers and transforms that this package offers."""
    return ()


@hookspec
def register_reporters() -> Iterable[ReporterSpec]:
    """Return the reporters that this package offers."""
    return ()


@hookspec
def register_encoders() -> Iterable[EncoderSpec]:
    """Return the output encoders that this package offers."""
    return ()


@hookspec
def register_executors() -> Iterable[ExecutorSpec]:
    """Return the executors that this package offers."""
    return ()


@hookspec
def register_commands() -> Iterable[CommandSpec]:
    """Return the commands that this package adds to the program."""
    return ()


@hookspec
def register_roles() -> Iterable[RoleSpec]:
    """Return the roles that this package adds to `[roles]`."""
    return ()


@hookspec
def register_profiles() -> Iterable[ProfileSpec]:
    """Return the profiles that this package offers."""
    return ()


def resolve(factory: Factory[T]) -> Callable[..., T]:
    """Return the callable of a factory, imported when it is given by its place. ImportError, AttributeError."""
    if not isinstance(factory, str):
        return factory
    module, _, name = factory.partition(":")
    found: Callable[..., T] = getattr(import_module(module), name)
    return found
