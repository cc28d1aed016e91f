"""Running plugin objects, without entry points and without a configuration file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from pathlib import Path
from typing import Any

from anonkit.config.model import Choice, Config, RunOptions
from anonkit.engine.coordinator import run
from anonkit.input.tasks import TaskSize
from anonkit.plugin.contracts import OutputEncoder, Reader, Reporter, Roles, Tokenizer, Transform
from anonkit.plugin.discovery import discover
from anonkit.plugin.guard import debugging
from anonkit.plugin.hooks import (
    AnonymizerSpec,
    EncoderSpec,
    ExecutorSpec,
    NoOptions,
    ReaderSpec,
    ReporterSpec,
    TokenizerSpec,
    TransformSpec,
)

__all__ = ["plugin_config", "run_plugins"]


def plugin_config(tokenizers: Sequence[Tokenizer]) -> Config:
    """Return the configuration of a stream with these tokenizers alone."""
    return Config(run=RunOptions(), anonymizers=tuple(map(_tokenizer, tokenizers)))


def run_plugins(
    data_dir: Path,
    output_dir: Path,
    *,
    reporters: Sequence[Reporter[Any, Any]] = (),
    encoders: Sequence[OutputEncoder] = (),
    readers: Sequence[Reader] | None = None,
    tokenizers: Sequence[Tokenizer] | None = None,
    transforms: Sequence[Transform] = (),
    executor: Callable[[int], Executor] | None = None,
    roles: Roles | None = None,
    garble: bool = True,
    task_rows: int | None = None,
    **options: Any,
) -> dict[str, bytes]:
    """Run the engine over `data_dir` and return the outputs by name, the manifest included.

    Without `tokenizers`, or `readers`, the installed ones run that are on by default; `executor` makes one for a number
    of workers. `options` are those of `[run]`: ``workers=2``, ``batch_rows=10``; no value is withheld by default
    (``on_find="stop"``). A task has at most `task_rows` rows, or those of one small file. Raises what a run raises;
    when a plugin fails, with its original exception.
    """
    installed = [
        Choice[AnonymizerSpec](plugin.type, plugin.type.options())
        for plugin in discover().anonymizers.values()
        if plugin.type.enabled and isinstance(plugin.type, TokenizerSpec)
    ]
    given = [_tokenizer(plugin) for plugin in tokenizers] if tokenizers is not None else installed
    config = Config(
        run=RunOptions(
            data_dir=str(data_dir), output_dir=str(output_dir), **{"workers": 1, "on_find": "stop", **options}
        ),
        roles=roles or Roles(),
        readers=None if readers is None else tuple(_reader(place, plugin) for place, plugin in enumerate(readers)),
        anonymizers=(*given, *(_transform(place, plugin) for place, plugin in enumerate(transforms))),
        reporters=tuple(_reporter(place, plugin, garble) for place, plugin in enumerate(reporters)),
        encoders=tuple(_encoder(place, plugin) for place, plugin in enumerate(encoders)),
        executor=None if executor is None else _executor(executor),
    )
    with debugging():
        run(config, task_size=TaskSize() if task_rows is None else TaskSize(most_rows=task_rows))
    return {path.name: path.read_bytes() for path in sorted(output_dir.iterdir())}


def _reader(place: int, made: Reader) -> Choice[ReaderSpec]:
    return Choice(ReaderSpec(name=f"reader_{place}", summary="", factory=lambda _: made), NoOptions())


def _tokenizer(made: Tokenizer) -> Choice[AnonymizerSpec]:
    return Choice(TokenizerSpec(name=made.kind, summary="", factory=lambda _: made), NoOptions())


def _transform(place: int, made: Transform) -> Choice[AnonymizerSpec]:
    return Choice(TransformSpec(name=f"transform_{place}", summary="", factory=lambda _: made), NoOptions())


def _encoder(place: int, made: OutputEncoder) -> Choice[EncoderSpec]:
    return Choice(EncoderSpec(name=f"encoder_{place}", summary="", factory=lambda _: made), NoOptions())


def _reporter(place: int, made: Reporter[Any, Any], garble: bool) -> Choice[ReporterSpec]:
    return Choice(ReporterSpec(name=f"reporter_{place}", summary="", factory=lambda _: made), NoOptions(), garble)


def _executor(make: Callable[[int], Executor]) -> Choice[ExecutorSpec]:
    spec = ExecutorSpec(name="executor", summary="", factory=lambda _, workers: make(workers))
    return Choice(spec, NoOptions())
