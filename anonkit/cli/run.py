"""`anonkit run`."""

from __future__ import annotations

import sys
from contextlib import suppress
from typing import Any

import click

from anonkit.cli.messages import say, warn_loudly
from anonkit.cli.progress import progress_on
from anonkit.cli.reports import write_plan, write_result
from anonkit.cli.settings import SettingsCommand, registry_of
from anonkit.config import Config, Overrides, load
from anonkit.config.model import Choice
from anonkit.engine.results import RunResult
from anonkit.plugin.hooks import resolve
from anonkit.plugin.registry import Registry
from anonkit.runtime.executors import prepare_workers
from anonkit.runtime.own_process import set_up_arrow

__all__ = ["command"]

_NAMED = 5
"""Outputs that a warning names; the table before it has them all."""


@click.command(cls=SettingsCommand, name="run")
@click.option("--dry-run", is_flag=True, help="Resolve everything, print the plan, read no rows.")
@click.pass_context
def command(ctx: click.Context, file: str | None, overrides: Overrides, dry_run: bool) -> None:
    """Read job records, write anonymized reports.

    Flags win over ANONKIT_* variables, which win over anonkit.toml. `anonkit plugins` lists what can be switched on and
    off, `anonkit config show` what is in force.
    """
    registry = registry_of(ctx)
    config = load(file=file, overrides=overrides, registry=registry)
    _warn_before(config, registry)
    if dry_run:
        _plan(config)
    else:
        _run(config)


def _plan(config: Config) -> None:
    from anonkit.engine import coordinator as engine

    plan = engine.plan(config)
    write_plan(plan, sys.stdout)
    _tell(plan.skipped, plan.warnings)


def _run(config: Config) -> None:
    set_up_arrow()
    from anonkit.engine import coordinator as engine

    if config.executor is None:
        _prepare_workers(config)
    try:
        with progress_on(sys.stderr) as progress:
            result = engine.run(config, progress=progress)
    except BrokenPipeError as error:  # a worker's, not that of who reads our output, who may just have left
        raise RuntimeError from error
    write_result(result, sys.stdout)
    _tell(result.skipped, result.warnings)
    _warn_after(result)


def _prepare_workers(config: Config) -> None:
    """Fork what workers fork off, with the plugins of the run in it, before anything here can start a thread."""
    choices: tuple[Choice[Any], ...] = (*config.anonymizers, *config.reporters)
    for choice in choices:
        # Those of strangers may start some; workers import them for themselves.
        if choice.package == "anonkit":
            # What cannot be imported is told of when the plugin is made.
            with suppress(ImportError, AttributeError):
                resolve(choice.type.factory)
    prepare_workers(config.run.workers, forked=True)


def _warn_before(config: Config, registry: Registry) -> None:
    for broken in registry.broken:
        say(f"warning: the plugin package {broken.package} could not be loaded and is left out: {broken.reason}")
    raw = [choice.name for choice in config.reporters if not choice.garble]
    if not config.run.garble:
        warn_loudly("garbling is off: the outputs will hold originals, for internal use only")
    elif raw:
        warn_loudly(f"originals will be given to {', '.join(raw)}: what they write is for internal use only")


def _warn_after(result: RunResult) -> None:
    raw = [output.name for output in result.outputs if not output.garbled]
    if raw:
        more = f" and {len(raw) - _NAMED} more" if len(raw) > _NAMED else ""
        warn_loudly(f"outputs with originals, which must not be handed on: {', '.join(raw[:_NAMED])}{more}")


def _tell(skipped: tuple[str, ...], warnings: tuple[str, ...]) -> None:
    for line in skipped:
        say(f"skipped: {line}")
    for line in warnings:
        say(f"warning: {line}")
