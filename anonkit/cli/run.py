"""`anonkit run`."""

from __future__ import annotations

import sys
from contextlib import nullcontext

import attrs
import click

from anonkit.arrow.memory import use_system_memory
from anonkit.cli.json_output import json_option, plan_document, print_json, run_document
from anonkit.cli.messages import say, warn_loudly
from anonkit.cli.progress import progress_on
from anonkit.cli.reports import write_plan, write_result
from anonkit.cli.settings import registry_of
from anonkit.cli.short_help import ShortHelpCommand
from anonkit.config import Config, Overrides, load
from anonkit.engine.results import PlanSummary, RunResult, silent
from anonkit.engine.standard_input import with_standard_input
from anonkit.engine.worker_modules import worker_modules
from anonkit.errors import ConfigError, some
from anonkit.plugin.registry import Registry
from anonkit.runtime.workers import prepare_workers

__all__ = ["command"]

_FLAGS_OF_ARGUMENTS = {"run.data_dir": "--data-dir", "run.output_dir": "--output-dir"}
"""The settings that IN and OUT give, and their flags."""
_NAMED = 5
"""Outputs that a warning names; the table before it has them all."""


@click.command(cls=ShortHelpCommand, name="run")
@click.argument("source", metavar="IN", required=False, type=click.Path())
@click.argument("target", metavar="OUT", required=False, type=click.Path())
@click.option(
    "--dry-run",
    is_flag=True,
    help="Print the plan and write nothing; rows are read only to count those of a selection.",
)
@click.option("-q", "--quiet", is_flag=True, help="Print only warnings and errors.")
@click.option("-v", "--verbose", is_flag=True, help="Print the plan first.")
@json_option
@click.pass_context
def command(
    ctx: click.Context, /, file: str | None, overrides: Overrides, source: str | None, target: str | None, **shown: bool
) -> None:
    """Read job records, write anonymized reports.

    IN and OUT are short for --data-dir and --output-dir.

    \b
    Examples:
      anonkit run data Output
      anonkit run data Output --site FermiGrid --report-file cmd_env_report.txt
      anonkit run data Output --enable dataset --mapping mapping.json

    Flags win over ANONKIT_* variables, which win over anonkit.toml. `anonkit plugins` lists the plugins to switch on
    and off, `anonkit config show` the settings in force.
    """
    registry = registry_of(ctx)
    config = load(file=file, overrides=_with_arguments(overrides, source, target), registry=registry)
    _warn_of_missing_plugins(config, registry)
    _warn_of_raw_reporters(config)
    if shown["dry_run"]:
        plan = _plan(config)
        if shown["as_json"]:
            print_json(plan_document(plan))
        else:
            write_plan(plan, sys.stdout)
        _print_warnings(plan.skipped, plan.warnings)
        return
    # Standard input can be read once only, and with --verbose both need it.
    with with_standard_input(config) as readable:
        first = _plan(readable) if shown["verbose"] else None
        if first and not shown["as_json"]:
            write_plan(first, sys.stdout)
        result = _run(readable, quiet=shown["quiet"])
    if shown["as_json"]:
        print_json({**run_document(result), **({"plan": plan_document(first)} if first else {})})
    elif not shown["quiet"]:
        write_result(result, sys.stdout)
    _print_warnings(result.skipped, result.warnings)
    _warn_of_raw_outputs(result)


def _with_arguments(overrides: Overrides, source: str | None, target: str | None) -> Overrides:
    """Return the settings of the command line with IN and OUT, which are short for two flags."""
    if source is None:
        return overrides
    if target is None:
        raise click.UsageError("IN is given without OUT; write `anonkit run IN OUT`, or --data-dir and --output-dir.")
    doubled = [flag for name, flag in _FLAGS_OF_ARGUMENTS.items() if name in overrides.flags]
    if doubled:
        raise click.UsageError(f"IN and OUT are given, and {' and '.join(doubled)} as well; give one of the two.")
    return attrs.evolve(
        overrides, flags={**overrides.flags, **dict(zip(_FLAGS_OF_ARGUMENTS, (source, target), strict=True))}
    )


def _plan(config: Config) -> PlanSummary:
    from anonkit.engine import coordinator as engine

    return engine.plan(config)


def _run(config: Config, *, quiet: bool) -> RunResult:
    if config.executor is None:
        prepare_workers(config.run.workers, worker_modules(config))
    # The import takes a while, which the workers' server uses for its own.
    from anonkit.engine import coordinator as engine

    use_system_memory()
    try:
        with nullcontext(silent) if quiet else progress_on(sys.stderr) as progress:
            return engine.run(config, progress=progress)
    except BrokenPipeError as error:  # from a worker; one from our output would be no error
        raise RuntimeError from error


def _warn_of_missing_plugins(config: Config, registry: Registry) -> None:
    """Warn of installed plugins that the run does without. ConfigError when warnings are errors."""
    for broken in registry.broken:
        if broken.plugin:
            say(f"warning: the plugin {broken.plugin} of {broken.package} is left out: {broken.reason}")
        else:
            say(f"warning: the plugin package {broken.package} could not be loaded and is left out: {broken.reason}")
    if config.run.strict and registry.broken:
        raise ConfigError("plugins are left out, and --strict takes a warning for an error; repair or --block them")


def _warn_of_raw_reporters(config: Config) -> None:
    """Warn of outputs that will hold originals, before the run."""
    raw = [choice.name for choice in config.reporters if not choice.garble]
    if not config.run.garble:
        warn_loudly("garbling is off: the outputs will hold originals, for internal use only")
    elif raw:
        warn_loudly(f"originals will be given to {', '.join(raw)}: their outputs are for internal use only")


def _warn_of_raw_outputs(result: RunResult) -> None:
    raw = [output.name for output in result.outputs if not output.garbled]
    if raw:
        warn_loudly(f"outputs with originals, which must not be handed on: {some(raw, _NAMED)}")


def _print_warnings(skipped: tuple[str, ...], warnings: tuple[str, ...]) -> None:
    for line in skipped:
        say(f"skipped: {line}")
    for line in warnings:
        say(f"warning: {line}")
