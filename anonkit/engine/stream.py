"""The engine over a stream: any object with the Arrow C stream goes in, anonymized batches come out.

    anonymized = anonkit.anonymize(duckdb.sql("SELECT * FROM 'jobs/*.parquet'"))
    polars.from_arrow(anonymized.read_all())

The rows are read twice, as in a run: DuckDB relations, Polars and pandas frames and Arrow tables are asked for them a
second time; the rows of a reader, which can be read only once, are put into memory.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Protocol

import attrs
import pyarrow as pa

from anonkit.arrow.rows import Rows
from anonkit.config import settled
from anonkit.config.model import Config
from anonkit.engine.anonymizer import Anonymizer
from anonkit.engine.checks import check_roles
from anonkit.engine.core import TokenizingCore
from anonkit.engine.job_numbers import check_job_column, numbered, numbered_schema
from anonkit.engine.plugins import Plugins
from anonkit.engine.presets import with_preset
from anonkit.engine.selection import refuse_selection
from anonkit.engine.token_numbers import number_identities, open_mapping
from anonkit.engine.transform_learning import with_learned_from_batches
from anonkit.errors import ConfigError, InputError
from anonkit.identities.kind_survey import KindSurvey
from anonkit.identities.mentions import TextCache
from anonkit.identities.reconciling import reconcile
from anonkit.input.column_selection import check_none_is_refused
from anonkit.input.measures import measures_of
from anonkit.input.normalize import unified_field
from anonkit.mapping import Keys
from anonkit.plugin.guard import plugin_errors

__all__ = ["ArrowStream", "anonymize"]


class ArrowStream(Protocol):
    """Anything that exports the Arrow C stream (Arrow PyCapsule interface)."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """Return a capsule of an `ArrowArrayStream`."""


def anonymize(data: ArrowStream, config: Config | Mapping[str, Any] | None = None) -> pa.RecordBatchReader:
    """Return the rows of `data` anonymized: all its columns in their order, all its rows in theirs.

    Columns that the tokenizers claim are tokenized, text is garbled, transforms are applied. `config` is a `Config`, or
    plain tables as for `anonkit.load`; reporters in it do not matter. Identities are learnt before this returns;
    batches are worked on as they are read. ConfigError, InputError, PluginError.
    """
    configured = settled(config, complete=False)
    refuse_selection(configured)
    source = _rereadable(data)
    raw = _raw_schema(source)
    configured = with_preset(configured, raw.names)
    core = _core(configured, raw)
    is_numbered = configured.run.job_numbers
    schema = numbered_schema(core.anonymized_schema) if is_numbered else core.anonymized_schema
    rows = _Rows(source, with_learned_from_batches(core, (batch for _, batch in _Rows(source, core).batches())))
    with open_mapping(configured, Keys.from_options(configured.mapping)) as mapping:
        found, total = _survey(rows)
        shuffled = configured.run.order == "shuffled"
        table = number_identities(rows.core.tokenizers, found, mapping, shuffled=shuffled)
        if mapping is not None:
            mapping.save(table)
    return pa.RecordBatchReader.from_batches(schema, _anonymized(rows, rows.core.anonymizer(table), total, is_numbered))


def _core(config: Config, raw: pa.Schema) -> TokenizingCore:
    """Return the core of the plugins that are switched on, bound to the columns of the stream."""
    measures = measures_of(config.preset)
    schema = pa.schema([unified_field(field.name, [field.type], measures.get(field.name.casefold())) for field in raw])
    plugins = Plugins.from_config(attrs.evolve(config, reporters=()))
    check_none_is_refused(list(map(config.classes.classify, schema.names)))
    check_roles(config, plugins, schema.names)
    if config.run.job_numbers:
        check_job_column(schema.names)
    return TokenizingCore.from_plugins(plugins, config, schema, schema.names)


@attrs.frozen
class _Rows:
    """The rows of a stream, which can be read more than once, as the batches that a run would read from files."""

    source: ArrowStream
    core: TokenizingCore

    def batches(self) -> Iterator[tuple[int, pa.RecordBatch]]:
        """Yield batches with the number of their first row."""
        schema, size = self.core.schema, self.core.limits.rows
        first_row = 0
        for raw in pa.RecordBatchReader.from_stream(self.source):
            for start in range(0, len(raw), size):
                part = raw.slice(start, size)
                arrays = [self.core.cells.column(field, [part.column(place)]) for place, field in enumerate(schema)]
                yield first_row, pa.RecordBatch.from_arrays(arrays, schema=schema)
                first_row += len(part)


def _raw_schema(source: ArrowStream) -> pa.Schema:
    raw = pa.RecordBatchReader.from_stream(source).schema
    repeated = sorted({name for name in raw.names if raw.names.count(name) > 1})
    if repeated:
        raise InputError(f"column {repeated[0]!r} is there twice; rename one of them")
    return raw


def _rereadable(data: ArrowStream) -> ArrowStream:
    if not hasattr(data, "__arrow_c_stream__"):
        raise ConfigError(
            f"anonymize: a {type(data).__name__} does not export the Arrow C stream; "
            "give a DuckDB relation, a Polars or pandas frame, an Arrow table or reader"
        )
    # A reader is its own iterator, and can be read only once.
    return pa.RecordBatchReader.from_stream(data).read_all() if hasattr(data, "__next__") else data


def _survey(rows: _Rows) -> tuple[dict[str, KindSurvey], int]:
    """Return the identities in all rows, by kind, and the number of rows."""
    surveyor = rows.core.surveyor()
    found = surveyor.nothing_found()
    total = 0
    for first_row, batch in rows.batches():
        surveyor.add(found, batch, first_row, TextCache(batch))
        total = first_row + len(batch)
    reconcile(rows.core.tokenizers, found)
    return found, total


def _anonymized(rows: _Rows, anonymizer: Anonymizer, expected: int, is_numbered: bool) -> Iterator[pa.RecordBatch]:
    total = 0
    for first_row, batch in rows.batches():
        total = first_row + len(batch)
        with plugin_errors("an anonymizer"):
            data = Rows(anonymizer(batch).data).data
        yield numbered(data, first_row) if is_numbered else data
    if total != expected:
        raise InputError(
            "anonymize: the input gave other rows when it was read again; give an Arrow table, or a reader, "
            "which is read into memory"
        )
