"""The setup of a run: everything that is settled before a row is read."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cached_property
from pathlib import Path

import attrs

from anonkit.catalogue import Column
from anonkit.config.model import Config
from anonkit.engine.checks import check_roles, check_transforms, flags_without_effect
from anonkit.engine.core import TokenizingCore
from anonkit.engine.job_numbers import check_job_column
from anonkit.engine.passes import SurveyPass
from anonkit.engine.plugins import Plugins
from anonkit.engine.presets import preset_warnings, with_preset
from anonkit.engine.results import Progress
from anonkit.engine.selection import row_selection, select_rows, selection_warnings
from anonkit.errors import DamagedFile, InputError, PluginConflictError
from anonkit.identities.kind_survey import KindSurvey
from anonkit.input.column_selection import Chosen, choose, learned_columns
from anonkit.input.readers import FileReader, Readers
from anonkit.input.selection.rows import RowSelection, SelectedRows
from anonkit.input.source import Source
from anonkit.input.tasks import Task, TaskSize, cut_tasks
from anonkit.mapping import AccessLog
from anonkit.plugin.contracts import Tokenizer
from anonkit.plugin.guard import plugin_errors
from anonkit.runtime.task_runner import TaskRunner
from anonkit.runtime.workers import worker_count

__all__ = ["QueryResult", "RunSetup", "fitting_core", "open_source"]


@attrs.frozen
class QueryResult:
    """The result of `[run] sql`."""

    config: Config
    """That of the run, with the result as its input."""
    source: Source
    """The files that the query read."""
    learnt: Mapping[str, KindSurvey]
    """By kind, the identities in these files."""
    warnings: tuple[str, ...]


@attrs.frozen
class RunSetup:
    """The plugins of a run, its input, and the part of each column."""

    config: Config
    plugins: Plugins
    source: Source
    core: TokenizingCore
    learning: TokenizingCore
    """The core of the survey: it also reads columns that teach identities and are not shown."""
    disabled: TokenizingCore
    """The core of tokenizers that are switched off: the audit looks for the identities that its survey finds."""
    columns: Mapping[str, Column]
    """Every column of the input, read or not."""
    warnings: tuple[str, ...]
    task_size: TaskSize
    selection: RowSelection | None = None
    """The conditions on the rows; None for all rows."""
    selected: SelectedRows | None = None
    """The rows that are taken, once they are found."""
    query: QueryResult | None = None
    """The result of the query that the run reads; None without one."""

    @classmethod
    def from_config(
        cls,
        config: Config,
        damaged: Sequence[DamagedFile] = (),
        task_size: TaskSize = TaskSize(),  # noqa: B008
        query: QueryResult | None = None,
    ) -> RunSetup:
        """Settle a run over the files of the input without `damaged`, or over the result of a query.

        ConfigError, InputError, PluginError.
        """
        config = config if query is None else query.config
        source = open_source(config, damaged)
        config = with_preset(config, source.columns)
        source = source.with_preset(config.preset)
        plugins = Plugins.from_config(config)
        check_roles(config, plugins, source.names)
        columns = choose(config, plugins.tokenizers, plugins.reporters, source.columns)
        core = TokenizingCore.from_plugins(
            plugins, config, source.schema((*columns.record, *columns.extra)), columns.record
        )
        check_transforms(config, plugins, core.tokenized_schema)
        if config.run.job_numbers:
            check_job_column(core.schema.names)
        learned, unreadable = _learned(config, plugins, source, columns)
        learning = core.learning_from(source.schema(learned))
        return cls(
            config,
            plugins,
            source,
            core,
            learning,
            fitting_core(core, plugins.disabled_tokenizers),
            columns.known,
            (
                *config.warnings,
                *(query.warnings if query else ()),
                *source.warnings,
                *columns.warnings,
                *unreadable,
                *flags_without_effect(config),
                *_warnings(config, plugins, source),
            ),
            task_size,
            row_selection(config, source),
            query=query,
        )

    def survey_pass(self) -> SurveyPass:
        """Return pass one, first for the tokenizers that are switched on, then for those that are switched off."""
        learning = self.learning
        surveyors = (learning.surveyor(), self.disabled.surveyor())
        return SurveyPass.from_schema(surveyors, learning.schema, learning.cells, learning.limits)

    def with_rows(self, runner: TaskRunner, progress: Progress) -> RunSetup:
        """Return the setup of a run over the rows that it takes; they are found by a pass when not all are."""
        if self.selection is None:
            return self
        selected = select_rows(self.selection, self.tasks, self.core, runner, progress)
        warnings = (*self.warnings, *selection_warnings(self.selection, selected))
        return attrs.evolve(self, selected=selected, warnings=warnings)

    @property
    def rows(self) -> int:
        """How many rows the run takes."""
        return self.source.rows if self.selected is None else self.selected.rows

    @property
    def rows_of_input(self) -> int:
        """How many rows the files have."""
        return self.source.rows if self.query is None else self.query.source.rows

    @property
    def workers(self) -> int:
        """How many tasks run at the same time."""
        return worker_count(self.config.run.workers)

    @cached_property
    def tasks(self) -> tuple[Task, ...]:
        """The rows that the run takes, cut for the workers, in global order."""
        if self.selected is not None:
            return self.selected.tasks
        return tuple(cut_tasks(self.source.files, self.workers, self.task_size))


def open_source(config: Config, damaged: Sequence[DamagedFile]) -> Source:
    """Return the files of the input without `damaged`. InputError, DamagedFile."""
    made = [FileReader(choice.type, choice.options) for choice in config.readers or ()]
    readers = None if config.readers is None else Readers(tuple(made))
    return Source.open(
        (config.run.data_dir, *config.run.more_data),
        skip_damaged=config.run.on_bad_file == "skip",
        without=damaged,
        readers=readers,
        skip_bad_records=config.run.on_bad_record == "skip",
        private=_private(config),
    )


def _private(config: Config) -> frozenset[str]:
    """Return the operator's own files, which are not input wherever they are."""
    options, mapping = config.mapping, config.run.mapping
    log = AccessLog.from_mapping(Path(mapping), options.access_log).path if mapping else options.access_log
    paths = (mapping, log, config.run.findings, options.identity_file, options.passphrase_file)
    return frozenset(os.path.abspath(path) for path in paths if path)


def _learned(
    config: Config, plugins: Plugins, source: Source, columns: Chosen
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the columns that are read for the survey alone, and warnings."""
    if config.run.learn == "shown":
        return (), ()
    with plugin_errors("an anonymizer"):
        return learned_columns(plugins.tokenizers, columns, config.roles, source.schema)


def fitting_core(core: TokenizingCore, tokenizers: Sequence[Tokenizer]) -> TokenizingCore:
    """Return the core of those of `tokenizers` that have their columns and agree with each other."""
    fitting = core.with_tokenizers(())
    roles = core.roles.columns
    for tokenizer in tokenizers:
        if all(roles[role] in core.schema.names for role in tokenizer.required_roles):
            with suppress(InputError, PluginConflictError):
                fitting = core.with_tokenizers((*fitting.tokenizers, tokenizer))
    cells = attrs.evolve(fitting.cells, identity_columns=fitting.column_roles.identity_columns)
    return attrs.evolve(fitting, cells=cells)


def _warnings(config: Config, plugins: Plugins, source: Source) -> list[str]:
    warnings = []
    if not plugins.tokenizers:
        warnings.append("no anonymizer is switched on: every output holds the originals")
    warnings += [f"skipped {bad.name}: {bad.reason}" for bad in source.skipped]
    warnings += preset_warnings(config, (tuple(file.schema.names) for file in source.files))
    if not config.run.audit:
        warnings.append("the outputs were not audited (--no-audit): nothing proves that nobody is named in them")
    return warnings
