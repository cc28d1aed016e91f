"""The engine as a stream: whatever speaks the Arrow C stream goes in, anonymized batches come out.

    anonymized = anonkit.anonymize(duckdb.sql("SELECT * FROM 'jobs/*.parquet'"))
    polars.from_arrow(anonymized.read_all())

The rows are gone through twice, as in a run: DuckDB relations, Polars and pandas frames and Arrow tables are asked for
them a second time; a reader, which can be read but once, is held in memory.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Protocol

import attrs
import pyarrow as pa

from anonkit.arrow.rows import Rows
from anonkit.config import load
from anonkit.config.model import Config
from anonkit.engine.anonymizer import Anonymizer
from anonkit.engine.operations import transformed_schema
from anonkit.engine.passes import (
    SurveyPass,
)
from anonkit.engine.setup import Plugins, check_roles, held_mapping, token_table
from anonkit.errors import ConfigError, InputError
from anonkit.identities.survey import KindSurvey
from anonkit.identities.token_table import literals
from anonkit.input.column_roles import ColumnRoles
from anonkit.input.column_selection import check_none_is_refused
from anonkit.input.normalize import CellNormalizer, unified_field
from anonkit.mapping import Keys
from anonkit.plugin.guard import plugin_errors
from anonkit.text.replace import TextReplacer

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
    settled = config if isinstance(config, Config) else load(config or {}, complete=False)
    plugins = Plugins.from_config(attrs.evolve(settled, reporters=()))
    rows = _Rows(_rereadable(data), CellNormalizer(settled.run.null_values), settled.run.batch_rows)
    schema = rows.schema()
    check_none_is_refused(list(map(settled.classes.classify, schema.names)))
    check_roles(settled, plugins, schema.names)
    layout = ColumnRoles.from_schema(schema, schema.names, plugins.tokenizers, settled.roles)
    with plugin_errors("an anonymizer"):
        changed = transformed_schema(plugins.transforms, layout.tokenized(schema))
    with held_mapping(settled, Keys.from_options(settled.mapping)) as mapping:
        survey = SurveyPass.from_schema(plugins.tokenizers, layout, settled.roles, schema, rows.cells, 0)
        met, total = _survey(rows, survey, schema)
        table = token_table(plugins.tokenizers, met, mapping, shuffled=settled.run.order == "shuffled")
        if mapping is not None:
            mapping.save(table)
    garbler = TextReplacer(literals(plugins.tokenizers, table))
    anonymizer = Anonymizer(plugins.tokenizers, plugins.transforms, layout, table, garbler)
    return pa.RecordBatchReader.from_batches(changed, _anonymized(rows, schema, anonymizer, total))


@attrs.frozen
class _Rows:
    """The input, to be read more than once, with cells of the types and nulls that a run would see."""

    data: ArrowStream
    cells: CellNormalizer
    batch_rows: int

    def schema(self) -> pa.Schema:
        raw = pa.RecordBatchReader.from_stream(self.data).schema
        twice = sorted({name for name in raw.names if raw.names.count(name) > 1})
        if twice:
            raise InputError(f"column {twice[0]!r} is there twice; rename one of them")
        return pa.schema([unified_field(field.name, [field.type]) for field in raw])

    def batches(self, schema: pa.Schema) -> Iterator[tuple[int, pa.RecordBatch]]:
        """Yield batches with the number of their first row."""
        first_row = 0
        for whole in pa.RecordBatchReader.from_stream(self.data):
            for start in range(0, len(whole), self.batch_rows):
                part = whole.slice(start, self.batch_rows)
                arrays = [self.cells(part.column(place), field.type) for place, field in enumerate(schema)]
                yield first_row, pa.RecordBatch.from_arrays(arrays, schema=schema)
                first_row += len(part)


def _rereadable(data: ArrowStream) -> ArrowStream:
    if not hasattr(data, "__arrow_c_stream__"):
        raise ConfigError(
            f"anonymize: a {type(data).__name__} does not export the Arrow C stream; "
            "give a DuckDB relation, a Polars or pandas frame, an Arrow table or reader"
        )
    # What is its own iterator can be gone through once.
    return pa.RecordBatchReader.from_stream(data).read_all() if hasattr(data, "__next__") else data


def _survey(rows: _Rows, work: SurveyPass, schema: pa.Schema) -> tuple[dict[str, KindSurvey], int]:
    found: dict[str, KindSurvey] = {tokenizer.kind: {} for tokenizer in work.tokenizers}
    total = 0
    for first_row, batch in rows.batches(schema):
        work.add(found, batch, first_row)
        total = first_row + len(batch)
    return found, total


def _anonymized(rows: _Rows, schema: pa.Schema, anonymizer: Anonymizer, total: int) -> Iterator[pa.RecordBatch]:
    seen = 0
    for _, batch in rows.batches(schema):
        seen += len(batch)
        with plugin_errors("an anonymizer"):
            yield Rows(anonymizer(batch).data).data
    if seen != total:
        raise InputError(
            "anonymize: the input gave other rows when it was read again; give an Arrow table, or a reader, "
            "which is held in memory"
        )
