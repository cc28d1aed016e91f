"""A run over the result of a query: the query is made first, and the run reads its result instead of the files.

Identities are learnt from the rows that the query reads as well: its result may lack the columns that name them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import attrs
import pyarrow as pa
import pyarrow.parquet as pq

from anonkit.config.model import Config
from anonkit.engine.core import TokenizingCore
from anonkit.engine.passes import SurveyPass
from anonkit.engine.plugins import Plugins
from anonkit.engine.presets import with_preset
from anonkit.engine.results import Progress
from anonkit.engine.selection import place_of, row_selection, selection_warnings, without_selection
from anonkit.engine.setup import QueryResult, fitting_core, open_source
from anonkit.engine.worker_modules import worker_modules
from anonkit.errors import DamagedFile, InputError
from anonkit.identities.kind_survey import NEVER, KindSurvey, merge
from anonkit.input.batches import read
from anonkit.input.column_selection import standard_columns
from anonkit.input.column_spelling import in_input
from anonkit.input.measures import Counts, describe_counts
from anonkit.input.selection.rows import LeftOut, RowSelection, SelectedRows
from anonkit.input.source import Source
from anonkit.input.tasks import Task, TaskSize, cut_tasks
from anonkit.output.staging import Staging
from anonkit.plugin.contracts import Roles, Tokenizer
from anonkit.plugin.guard import plugin_errors
from anonkit.runtime.task_runner import local_runner
from anonkit.runtime.workers import worker_count
from anonkit.withheld import describe_long

__all__ = ["with_query"]


@contextmanager
def with_query(
    config: Config, damaged: Sequence[DamagedFile], progress: Progress, *, learn: bool = True
) -> Iterator[QueryResult | None]:
    """Give the result of `[run] sql`, and remove it in the end; None when there is no query.

    Without `learn` no identities are learnt from the input of the query: for a plan. ConfigError, InputError,
    DamagedFile.
    """
    if config.run.sql is None:
        yield None
        return
    queried = _QueryInput.from_config(config, damaged)
    with Staging.at(Path(config.run.output_dir), ()) as staging:
        yield queried.result(config, staging.work, progress, learn=learn)


@attrs.frozen
class _QueryInput:
    """The files that a query reads."""

    config: Config
    """Without what is meant for the result: roles, columns, reporters, selection."""
    source: Source
    core: TokenizingCore
    """Of the columns from which identities are learnt, with the tokenizers that they suffice for."""
    columns: tuple[str, ...]
    """Those that the query may read."""

    @classmethod
    def from_config(cls, config: Config, damaged: Sequence[DamagedFile]) -> _QueryInput:
        source = open_source(config, damaged)
        sources = {name: source for name, source in config.sources.items() if not name.startswith("roles.")}
        config = without_selection(config)
        run = attrs.evolve(config.run, columns=())
        bare = attrs.evolve(config, run=run, roles=Roles(), sources=sources, reporters=())
        bare = with_preset(bare, source.columns)
        source = source.with_preset(bare.preset)
        columns = tuple(name for name in source.columns if not bare.classes.classify(name).is_refused)
        plugins = Plugins.from_config(bare)
        schema = source.schema(_learned(bare, plugins.tokenizers, source, columns))
        nothing = attrs.evolve(plugins, tokenizers=(), transforms=())
        core = TokenizingCore.from_plugins(nothing, bare, schema, schema.names)
        return cls(bare, source, fitting_core(core, plugins.tokenizers), columns)

    def result(self, config: Config, folder: Path, progress: Progress, *, learn: bool) -> QueryResult:
        """Make the query and learn; `config` is that of the run."""
        from anonkit.input.selection.query import Query  # DuckDB takes a while to import

        place = place_of(config, "sql")
        query = Query.from_text(config.run.sql or "", place, self.columns, self._identities, self.source.schema)
        tasks = cut_tasks(self.source.files, worker_count(config.run.workers), TaskSize())
        jobs = _Jobs(row_selection(self.config, self.source))
        counts: Counts = Counter()
        rows = jobs.among(self._batches(query.columns, jobs, tasks, counts))
        columns = list(query.columns)
        path = query.spool((batch.select(columns) for batch in rows), self.source.schema(columns), folder)
        learnt = self._learnt(tasks, progress) if learn else {}
        warnings = (
            *self.source.warnings,
            *(f"skipped {bad.name}: {bad.reason}" for bad in self.source.skipped),
            *describe_counts(counts, self.core.cells.measures),
            *describe_long(counts, self.core.cells.max_value_bytes),
            *jobs.warnings(),
        )
        return QueryResult(self._config_over(config, path), self.source, learnt, warnings)

    def _batches(
        self, columns: Sequence[str], jobs: _Jobs, tasks: Sequence[Task], counts: Counts
    ) -> Iterator[pa.RecordBatch]:
        """Yield the rows of the files with `columns`, and with those that tell steps of jobs; add to `counts`."""
        steps = jobs.selection.schema.names if jobs.selection else []
        schema = self.source.schema(dict.fromkeys((*columns, *steps)))
        for task in tasks:
            for _, batch in read(task, schema, self.core.cells, self.core.limits, counts):
                yield batch

    def _config_over(self, config: Config, path: Path) -> Config:
        """Return the configuration of a run with the query's result at `path` as its input."""
        preset = self.config.preset.name if self.config.preset else None
        record = config.run.columns or tuple(pq.read_schema(path).names)
        run = attrs.evolve(config.run, data_dir=str(path), more_data=(), preset=preset, columns=record)
        return attrs.evolve(config, run=run, readers=None)

    @property
    def _identities(self) -> tuple[str, ...]:
        """The columns of identities, or of names of them and nothing else."""
        roles = self.config.roles
        with plugin_errors("an anonymizer"):
            named = [
                name
                for name in self.columns
                if any(tokenizer.names_in(name, roles) for tokenizer in self.core.tokenizers)
                or name in self.core.column_roles.identity_columns
            ]
        return tuple(named)

    def _learnt(self, tasks: Sequence[Task], progress: Progress) -> Mapping[str, KindSurvey]:
        core = self.core
        work = SurveyPass.from_schema((core.surveyor(),), core.schema, core.cells, core.limits)
        found, done = work.nothing_found()[0], 0
        workers = min(worker_count(self.config.run.workers), max(len(tasks), 1))
        with local_runner(workers, worker_modules(self.config)) as runner:
            for task, parts in zip(tasks, runner.results(work, tasks), strict=True):
                for kind, survey in parts[0].items():
                    merge(found[kind], survey)
                done += sum(fragment.rows for fragment in task)
                progress("survey", done, self.source.rows)
        return {kind: _uncounted(survey) for kind, survey in found.items()}


def _uncounted(survey: KindSurvey) -> KindSurvey:
    """Return the identities of a survey with no rows counted, after all that the result has."""
    return {
        identity: attrs.evolve(facts, count=0, first_row=min(facts.first_row + (1 << 62), NEVER))
        for identity, facts in survey.items()
        if identity is not None
    }


def _learned(config: Config, tokenizers: Sequence[Tokenizer], source: Source, columns: Sequence[str]) -> Iterator[str]:
    """Yield the columns that a run over the files would learn from; not those with types that cannot be unified."""
    known = tuple(map(config.classes.classify, columns))
    with plugin_errors("an anonymizer"):
        learned = {name for tokenizer in tokenizers for name in tokenizer.learned_columns(known, config.roles)}
    learned |= {in_input(name, columns) for name in standard_columns(config)}
    for name in columns:
        if name in learned:
            try:
                source.schema([name])
            except InputError:
                continue
            yield name


@attrs.define
class _Jobs:
    """The rows of the files without those that are steps of jobs, which are counted."""

    selection: RowSelection | None
    rows: int = 0
    left_out: LeftOut = attrs.field(factory=LeftOut)

    def among(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """Yield the batches without steps."""
        for batch in batches:
            if self.selection is None:
                yield batch
                continue
            taken, left_out = self.selection(batch)
            self.rows += int(taken.sum())
            self.left_out += left_out
            yield batch.filter(pa.array(taken))

    def warnings(self) -> Iterator[str]:
        """Yield how many were left out."""
        if self.selection is not None:
            yield from selection_warnings(self.selection, SelectedRows((), self.rows, self.left_out))
