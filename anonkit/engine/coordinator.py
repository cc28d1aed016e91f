"""A run: plan, survey, number, apply, publish. The only module that knows them all; it works on no cell itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Executor
from contextlib import AbstractContextManager, nullcontext, suppress
from importlib import import_module
from pathlib import Path
from typing import Any, TypeVar

import pyarrow as pa

from anonkit.config.model import Choice, Config
from anonkit.engine.anonymizer import Anonymizer
from anonkit.engine.passes import (
    Applied,
    ApplyPass,
    Piece,
    SurveyPass,
    Task,
)
from anonkit.engine.results import (
    Progress,
    RunResult,
    silent,
)
from anonkit.engine.setup import RunSetup, held_mapping, is_garbled, make, plan, token_table
from anonkit.engine.worker_modules import worker_modules
from anonkit.file_names import MANIFEST
from anonkit.identities.survey import KindSurvey, merge
from anonkit.identities.token_table import literals
from anonkit.input.column_roles import ColumnRoles
from anonkit.input.source import DamagedFile
from anonkit.mapping import Keys
from anonkit.mapping import Mapping as MappingFile
from anonkit.mapping.domain import Release
from anonkit.output.reporter_outputs import ReporterOutputs
from anonkit.output.staging import Staging
from anonkit.plugin.bound_reporter import BoundReporter
from anonkit.plugin.contracts import (
    AnyReporter,
    Listing,
    RunContext,
    Tokenizer,
)
from anonkit.plugin.guard import plugin_errors
from anonkit.runtime.executors import InlineExecutor, Work, in_order, local_executor
from anonkit.runtime.spool import read_span, release, remove
from anonkit.text.replace import TextReplacer, TokenPreserver

__all__ = ["plan", "run"]

T = TypeVar("T")


def run(config: Config, *, progress: Progress = silent) -> RunResult:
    """Read the input twice and publish every output.

    Raises an AnonkitError when that cannot be done; the output folder is then as it was before.
    """
    damaged: list[DamagedFile] = []
    keys = Keys.from_options(config.mapping)
    while True:
        try:
            return _run(RunSetup.from_config(config, damaged), keys, progress)
        except DamagedFile as bad:
            # Found only now, in the middle of its data: all numbers change without it, so begin anew.
            if config.run.on_bad_file == "stop":
                raise
            damaged.append(bad)


def _run(prepared: RunSetup, keys: Keys, progress: Progress) -> RunResult:
    config = prepared.config
    with (
        held_mapping(config, keys) as mapping,
        Staging.at(Path(config.run.output_dir), prepared.plugins.encoders) as staging,
        _executor(prepared) as executor,
    ):
        staging.warnings += prepared.warnings
        staging.warnings += _other_domain(config, mapping)
        met = _survey(prepared, prepared.plugins.tokenizers, prepared.layout, executor, progress)
        off = _survey(prepared, prepared.plugins.disabled_tokenizers, prepared.disabled_tokenizers, executor, progress)
        table = token_table(prepared.plugins.tokenizers, met, mapping, shuffled=config.run.order == "shuffled")
        garbler = TextReplacer(literals(prepared.plugins.tokenizers, table))
        anonymizer = Anonymizer(
            prepared.plugins.tokenizers, prepared.plugins.transforms, prepared.layout, table, garbler
        )
        keeper = TokenPreserver(garbler, [token for kind in table.values() for token in kind.text_tokens.to_pylist()])
        bound = _bound(prepared, anonymizer, keeper)
        outputs = [_outputs(staging, one) for one in bound]
        from anonkit.engine.finish import Auditor, Publisher  # `_import_what_finishes`

        auditor = Auditor.from_setup(prepared, table, mapping, off, executor, progress)
        states = _apply(prepared, executor, anonymizer, bound, outputs, staging.work, progress)
        highlights = _write(bound, states, outputs)
        published = {kind: held.published(originals=False) for kind, held in table.items()}
        skipped = [f"{bad.name}: {bad.reason}" for bad in prepared.source.skipped]
        finishing = Publisher(
            prepared, staging, bound, published, tuple(skipped), keeper, mapping.domain if mapping else None
        )
        finished = finishing(auditor)
        # First the mapping: outputs whose tokens nobody can resolve any more would be worse than unused numbers.
        if mapping is not None:
            mapping.save(table)
        staging.publish(finished.names)
    return RunResult(
        output_dir=config.run.output_dir,
        outputs=tuple(staging.outputs),
        rows=prepared.source.rows,
        identities=published,
        highlights=tuple(highlights),
        audit=finished.audit,
        skipped=tuple(skipped),
        warnings=tuple(dict.fromkeys(staging.warnings)),
    )


def _other_domain(config: Config, mapping: MappingFile | None) -> Iterator[str]:
    """Yield a warning when the tokens in the output folder are not those that will replace them."""
    earlier = Release.from_manifest(Path(config.run.output_dir) / MANIFEST)
    if earlier and earlier.domain and earlier.domain != (mapping.domain if mapping else None):
        ours = f"this run's mapping is of domain {mapping.domain}" if mapping else "this run has no mapping"
        yield (
            f"the outputs that are replaced in {config.run.output_dir} were made with a mapping of domain "
            f"{earlier.domain}, and {ours}: the same tokens stand for others now"
        )


def _executor(prepared: RunSetup) -> AbstractContextManager[Executor]:
    choice = prepared.config.executor
    if choice is None:
        workers = min(prepared.workers, max(len(prepared.tasks), 1))
        return local_executor(workers, worker_modules(prepared.config))
    made = make(choice, prepared.workers)
    return made if isinstance(made, AbstractContextManager) else nullcontext(made)


def _survey(
    prepared: RunSetup,
    tokenizers: tuple[Tokenizer, ...],
    layout: ColumnRoles,
    executor: Executor,
    progress: Progress,
) -> dict[str, KindSurvey]:
    """Run pass one; return the identities in the rows, by kind."""
    met: dict[str, KindSurvey] = {tokenizer.kind: {} for tokenizer in tokenizers}
    if not tokenizers:
        return met
    work = SurveyPass.from_schema(
        tokenizers,
        layout,
        prepared.config.roles,
        prepared.schema,
        prepared.cells,
        prepared.config.run.batch_rows,
    )
    for rows, surveyed in _results(prepared, executor, work, _import_what_finishes):
        for kind, identities in surveyed.items():
            merge(met[kind], identities)
        progress("survey", rows, prepared.source.rows)
    return met


def _import_what_finishes() -> None:
    """Import the audit and what else follows the passes, which the first task need not wait for."""
    import_module("anonkit.engine.finish")


def _results(
    prepared: RunSetup,
    executor: Executor,
    work: Callable[[Task], T],
    meanwhile: Callable[[], object],
) -> Iterator[tuple[int, T]]:
    """Yield what `work` makes of each task, in global row order, with the number of rows done so far.

    `meanwhile` is called when workers are busy; see `in_order`.
    """
    done = 0
    # Two tasks a worker: one at work, one waiting, so that nobody idles and little piles up.
    ahead = 2 * prepared.workers
    tasks = prepared.tasks
    if isinstance(executor, InlineExecutor):
        results = in_order(executor, work, tasks, ahead, meanwhile)
    else:
        results = map(Work.result, in_order(executor, Work(work), tasks, ahead, meanwhile))
    for task, result in zip(tasks, results, strict=True):
        done += sum(fragment.rows for fragment in task)
        yield done, result


def _unchanged(array: pa.Array) -> pa.Array:
    return array


def _bound(prepared: RunSetup, anonymizer: Anonymizer, keeper: TokenPreserver) -> tuple[BoundReporter, ...]:
    """Give each reporter the view of the run that it may have."""
    garbled_schema = anonymizer.schema(prepared.schema)
    with plugin_errors("an anonymizer"):
        operations = anonymizer.operations(prepared.schema)

    def context(choice: Choice[Any], reporter: AnyReporter) -> RunContext:
        schema = garbled_schema if choice.garble else prepared.schema
        record = pa.schema([field for field in schema if field.name not in prepared.layout.extra])
        originals = not is_garbled(choice, reporter)
        return RunContext(
            roles=prepared.config.roles,
            schema=record,
            total_rows=prepared.source.rows,
            identities={kind: held.published(originals=originals) for kind, held in anonymizer.table.items()},
            garbled=choice.garble,
            text_prefixes={kind: held.text_prefix for kind, held in anonymizer.table.items()},
            garble=keeper if choice.garble else _unchanged,
            columns=prepared.columns,
            batch_schema=schema,
            operations=operations if choice.garble else {},
        )

    return tuple(BoundReporter(choice.name, made, context(choice, made)) for choice, made in prepared.plugins.reporters)


def _outputs(staging: Staging, bound: BoundReporter) -> ReporterOutputs:
    garbled = bound.context.garbled and not bound.reporter.writes_originals
    listing = bound.reporter if isinstance(bound.reporter, Listing) else None
    return ReporterOutputs(staging, bound.name, garbled, listing, bound.context)


def _apply(
    prepared: RunSetup,
    executor: Executor,
    anonymizer: Anonymizer,
    bounds: tuple[BoundReporter, ...],
    outputs: Sequence[ReporterOutputs],
    work: Path,
    progress: Progress,
) -> list[Any]:
    """Run pass two; return each reporter's state after all rows."""
    spool = work / "spool"
    spool.mkdir()
    shares_files = prepared.config.executor is None or getattr(executor, "shares_files", False)
    passed = ApplyPass(
        anonymizer,
        bounds,
        prepared.schema,
        prepared.cells,
        prepared.config.run.batch_rows,
        str(spool.resolve()) if shares_files else None,
    )
    states: list[Any] = []
    for bound in bounds:
        with plugin_errors(f"reporter {bound.name}"):
            states.append(bound.reporter.start(bound.context))
    for rows, applied in _results(prepared, executor, passed, anonymizer.garble.make_ready):
        for place, bound in enumerate(bounds):
            with plugin_errors(f"reporter {bound.name}"):
                states[place] = bound.reporter.merge(states[place], applied.states[place])
                _append(outputs[place], applied, place)
        progress("apply", rows, prepared.source.rows)
    if passed.spool is not None:
        _remove_meanwhile(executor, passed.spool)
    return states


def _remove_meanwhile(executor: Executor, spool: str) -> None:
    """Have a worker remove the spool: hundreds of megabytes take a while, and workers have nothing else to do."""
    # A worker that has died is told of by what comes next, if that needs workers.
    with suppress(BrokenExecutor):
        executor.submit(remove, spool)


def _append(outputs: ReporterOutputs, applied: Applied, place: int) -> None:
    """Append what a task rendered for one listing to its streams, in row order."""
    spool = applied.spools[place]
    for piece in applied.pieces[place]:
        outputs.append(piece.stream, _bytes_of(piece, spool))
    if spool is not None:
        release(spool)


def _bytes_of(piece: Piece, spool: str | None) -> Iterator[bytes]:
    if spool is not None:
        return read_span(spool, piece.offset, piece.size)
    assert piece.data is not None
    return iter((piece.data,))


def _write(
    bound: Sequence[BoundReporter], states: Sequence[Any], outputs: Sequence[ReporterOutputs]
) -> list[tuple[str, str]]:
    highlights: list[tuple[str, str]] = []
    for one, state, target in zip(bound, states, outputs, strict=True):
        with plugin_errors(f"reporter {one.name}"):
            result = one.reporter.finish(state, one.context)
            one.reporter.write(result, target, one.context)
            highlights += one.reporter.highlights(result, one.context)
    return highlights
