"""The plan of a run, made without anonymizing a row."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from anonkit.catalogue import AttributeClass
from anonkit.config import settled
from anonkit.config.model import Config
from anonkit.engine.plugins import is_garbled
from anonkit.engine.presets import described
from anonkit.engine.query import with_query
from anonkit.engine.results import PlanSummary, silent
from anonkit.engine.setup import RunSetup
from anonkit.engine.standard_input import with_standard_input
from anonkit.engine.worker_modules import worker_modules
from anonkit.runtime.task_runner import local_runner

__all__ = ["plan"]


def plan(config: Config | Mapping[str, Any]) -> PlanSummary:
    """Return the plan of a run. Raises as `run` does.

    Of parquet footers are read, of text every row; for a selection the columns that it looks at; for a query its rows.
    `config` is a `Config`, or plain tables as for `anonkit.load`.
    """
    with with_standard_input(settled(config)) as readable, with_query(readable, (), silent, learn=False) as query:
        return _plan(_with_rows(RunSetup.from_config(readable, query=query)))


def _with_rows(setup: RunSetup) -> RunSetup:
    """Return the setup with the rows that a selection takes: they are looked for, as in a run."""
    if setup.selection is None:
        return setup
    with local_runner(min(setup.workers, max(len(setup.tasks), 1)), worker_modules(setup.config)) as runner:
        return setup.with_rows(runner, silent)


def _plan(setup: RunSetup) -> PlanSummary:
    config = setup.config
    reporters = setup.plugins.reporters
    return PlanSummary(
        files=len(setup.source.files),
        rows=setup.rows_of_input,
        rows_taken=setup.rows,
        bytes=sum(file.size for file in setup.source.files),
        preset=described(config),
        columns=tuple(setup.core.schema.names),
        identity_columns=setup.core.column_roles.identity,
        text_columns=setup.core.column_roles.text,
        classes=_columns_by_class(setup),
        anonymizers=tuple(choice.name for choice in config.anonymizers),
        reporters=tuple(choice.name for choice in config.reporters),
        raw_reporters=tuple(choice.name for choice, reporter in reporters if not is_garbled(choice, reporter)),
        workers=setup.workers,
        skipped=tuple(bad.name for bad in setup.source.skipped),
        warnings=setup.warnings,
    )


def _columns_by_class(setup: RunSetup) -> dict[str, tuple[str, ...]]:
    """Return the columns to be read by the name of their class; those that the catalogue lacks come last."""
    columns = [setup.columns[name] for name in setup.core.schema.names]
    by_class = {cls.value: tuple(column.name for column in columns if column.cls is cls) for cls in AttributeClass}
    by_class["not in the catalogue"] = tuple(column.name for column in columns if column.cls is None)
    return {cls: names for cls, names in by_class.items() if names}
