"""The rows that a run takes: settled from `[run]`, found by a pass, described in the manifest."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import attrs

from anonkit.catalogue import Steps
from anonkit.config.model import Config
from anonkit.config.moments import moment
from anonkit.engine.core import TokenizingCore
from anonkit.engine.results import Progress
from anonkit.errors import ConfigError
from anonkit.input.column_spelling import in_input
from anonkit.input.selection.rows import RowSelection, SelectedRows, Selector, numbered
from anonkit.input.selection.sampling import Sample
from anonkit.input.selection.time_range import TimeRange
from anonkit.input.source import Source
from anonkit.input.tasks import Task
from anonkit.output.manifest_entries import SelectionEntry
from anonkit.plugin.hooks import TransformSpec
from anonkit.runtime.task_runner import TaskRunner

__all__ = [
    "refuse_selection",
    "row_selection",
    "select_rows",
    "selection_entry",
    "selection_warnings",
    "without_selection",
]

_TIMES = ("since", "until")
_OPTIONS = ("where", *_TIMES, "sample", "limit")
_OF_FILES = ("sql", *_OPTIONS)


def row_selection(config: Config, source: Source) -> RowSelection | None:
    """Return the conditions on the rows of a source, None when all are taken. ConfigError."""
    run = config.run
    steps = _steps(config, source.columns)
    if steps is None and all(getattr(run, key) is None for key in _OPTIONS):
        return None
    columns = [name for name in source.columns if not config.classes.classify(name).is_refused]
    times = _time_range(config, columns)
    condition = None
    if run.where is not None:
        from anonkit.input.selection.condition import Condition

        condition = Condition.from_text(run.where, place_of(config, "where"), columns, source.schema)
    read = (*(condition.columns if condition else ()), *(part.column for part in (times, steps) if part is not None))
    sample = None if run.sample is None else Sample(run.sample)
    return RowSelection(source.schema(dict.fromkeys(read)), condition, times, sample, run.limit, steps)


def _steps(config: Config, columns: Sequence[str]) -> Steps | None:
    """Return how the preset distinguishes steps from jobs; None when the input does not have the column."""
    steps = config.preset.steps if config.preset else None
    column = in_input(steps.column, columns) if steps else ""
    return attrs.evolve(steps, column=column) if steps and column in columns else None


def select_rows(
    selection: RowSelection, tasks: Sequence[Task], core: TokenizingCore, runner: TaskRunner, progress: Progress
) -> SelectedRows:
    """Return the tasks over the rows that are taken; each worker looks through the rows of a task."""
    starts: dict[str, int] = {}
    for task in tasks:
        for fragment in task:
            starts.setdefault(fragment.name, fragment.first_row)
    selector = Selector(selection, starts, core.cells, core.limits)
    return numbered(tasks, _with_progress(runner.results(selector, tasks), tasks, progress), selection.limit)


def selection_entry(
    config: Config, selection: RowSelection | None, selected: SelectedRows | None, rows: int, text: Callable[[str], str]
) -> SelectionEntry | None:
    """Return the manifest's entry: the settings, and the rows of the input; None when all rows are taken.

    SQL is written without its constants. Times are null beside a transform that the user switched on, which may have
    moved those of the rows: both could point at a person.
    """
    run = config.run
    entry: dict[str, Any] = {key: text(_masked(config, key)) for key in ("sql", "where") if getattr(run, key)}
    moved = any(isinstance(choice.type, TransformSpec) and not choice.type.enabled for choice in config.anonymizers)
    entry |= {key: None if moved else text(getattr(run, key)) for key in _TIMES if getattr(run, key) is not None}
    if selection is not None and selection.times is not None:
        entry["time_column"] = text(selection.times.column)
    entry |= {key: getattr(run, key) for key in ("sample", "limit") if getattr(run, key) is not None}
    if selected is not None and selected.left_out.steps:
        entry["steps_left_out"] = selected.left_out.steps
    return SelectionEntry(**entry, rows_of_input=rows) if entry else None


def selection_warnings(selection: RowSelection, selected: SelectedRows) -> Iterator[str]:
    """Yield the warnings about the selection."""
    if selection.times is not None and selected.left_out.timeless:
        yield (
            f"rows without a time in {selection.times.column} are left out by since and until"
            + ("" if selection.limit else f": {selected.left_out.timeless:,}")
        )
    if selection.steps is not None and (steps := selected.left_out.steps):
        count, are = ("1 step", "is") if steps == 1 else (f"{steps:,} steps", "are")
        yield (
            f"{count} of jobs, by the {selection.steps.mark} in {selection.steps.column}, {are} left out: "
            "steps are no jobs of their own"
        )
    if not selected.rows:
        yield "no row of the input is taken: see where, since, until and sample in [run]"


def refuse_selection(config: Config) -> None:
    """ConfigError when rows are to be selected where all must be taken: from a stream."""
    given = [key for key in _OF_FILES if getattr(config.run, key) is not None]
    if given:
        raise ConfigError(
            f"anonymize: {place_of(config, given[0])} selects rows of files alone; filter the data itself"
        )


def without_selection(config: Config) -> Config:
    """Return the configuration of a run over all rows of the input."""
    run = attrs.evolve(config.run, where=None, since=None, until=None, sample=None, limit=None, sql=None)
    return attrs.evolve(config, run=run)


def place_of(config: Config, key: str) -> str:
    """Return how messages name a setting of `[run]`: as the user gave it."""
    source = config.sources.get(f"run.{key}", "")
    return source if source.startswith(("--", "ANONKIT_")) else f"[run] {key}"


def _masked(config: Config, key: str) -> str:
    from anonkit.input.selection.user_sql import UserSql

    return UserSql(getattr(config.run, key), place_of(config, key)).masked()


def _with_progress(found: Iterator[Any], tasks: Sequence[Task], progress: Progress) -> Iterator[Any]:
    total = sum(fragment.rows for task in tasks for fragment in task)
    rows = 0
    for task, result in zip(tasks, found, strict=False):
        rows += sum(fragment.rows for fragment in task)
        progress("select", rows, total)
        yield result


def _time_range(config: Config, columns: Sequence[str]) -> TimeRange | None:
    run = config.run
    if run.since is None and run.until is None:
        return None
    wanted = config.preset.time if config.preset else ()
    column = next((name for candidate in wanted if (name := in_input(candidate, columns)) in columns), None)
    if column is None:
        raise ConfigError(
            f"{place_of(config, 'since' if run.since else 'until')}: no input file has a column of the time of a job "
            f"({', '.join(wanted) or 'the preset names none'}); select with where instead"
        )
    known = config.classes.classify(column).attribute
    per_second = 1000 if known is not None and known.unit.startswith("ms ") else 1
    since, until = (None if text is None else moment(text) for text in (run.since, run.until))
    return TimeRange(column, per_second, since, until)
