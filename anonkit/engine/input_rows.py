"""The rows of an input as they are read, before anything is replaced: originals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import attrs
import pyarrow as pa

from anonkit.config import settled
from anonkit.config.model import Config
from anonkit.engine.presets import with_preset
from anonkit.engine.selection import row_selection, without_selection
from anonkit.engine.setup import open_source
from anonkit.errors import ConfigError, nearest
from anonkit.input.batches import BatchLimits
from anonkit.input.batches import read as read_task
from anonkit.input.measures import measures_of
from anonkit.input.normalize import CellNormalizer
from anonkit.input.selection.rows import RowSelection
from anonkit.input.source import Source
from anonkit.input.tasks import cut_tasks

__all__ = ["InputRows", "read"]


def read(config: Config | Mapping[str, Any], *, columns: Sequence[str] = ()) -> InputRows:
    """Return the rows of an input of any format as a run reads them. They are ORIGINALS: nothing is replaced.

    `config` names the input: ``{"run": {"data_dir": "history.json"}}``. Every job is read, whatever `where` and the
    like select; steps of jobs are left out. `columns` are all by default. ConfigError, InputError, DamagedFile.
    """
    configured = without_selection(settled(config, complete=False))
    source = open_source(configured, ())
    configured = with_preset(configured, source.columns)
    rows = InputRows(configured, source.with_preset(configured.preset), source.columns)
    return rows.select(columns) if columns else rows


@attrs.frozen
class InputRows:
    """Rows that DuckDB, Polars, pandas and Arrow take as a stream; each time they are read anew."""

    config: Config = attrs.field(repr=False)
    source: Source = attrs.field(repr=False)
    columns: tuple[str, ...]
    """Names of the columns that are read."""

    @property
    def schema(self) -> pa.Schema:
        """The columns with their types. InputError when the files' types cannot be unified."""
        return self.source.schema(self.columns)

    def select(self, columns: Sequence[str]) -> InputRows:
        """Return the same rows with these columns alone. ConfigError for one that no file has."""
        if missing := [name for name in columns if name not in self.source.columns]:
            known = self.source.columns
            raise ConfigError([f"no input file has a column {name!r}{nearest(name, known)}" for name in missing])
        return attrs.evolve(self, columns=tuple(columns))

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """Return the rows as an Arrow C stream (Arrow PyCapsule interface)."""
        reader = pa.RecordBatchReader.from_batches(self.schema, self.batches())
        return reader.__arrow_c_stream__(requested_schema)

    def batches(self) -> Iterator[pa.RecordBatch]:
        """Yield the rows, in the order of the files. DamagedFile."""
        selection = row_selection(self.config, self.source)
        names = dict.fromkeys((*self.columns, *(selection.schema.names if selection else ())))
        schema, limits = self.source.schema(names), BatchLimits(self.config.run.batch_rows)
        for task in cut_tasks(self.source.files, 1):
            for _, batch in read_task(task, schema, self._cells, limits):
                yield _jobs(selection, batch).select(list(self.columns))

    @property
    def _cells(self) -> CellNormalizer:
        run, people = self.config.run, frozenset({self.config.roles.user})
        measures = measures_of(self.config.preset)
        return CellNormalizer(run.null_values, run.max_value_bytes, run.placeholders, people, measures)


def _jobs(selection: RowSelection | None, batch: pa.RecordBatch) -> pa.RecordBatch:
    """Return a batch without the rows that are steps of jobs."""
    return batch if selection is None else batch.filter(pa.array(selection(batch)[0]))
