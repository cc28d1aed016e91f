"""The anonymized rows as parquet, with a dictionary of its columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import PurePath

import attrs
import numpy as np
import pyarrow as pa

from anonkit.api import Batch, Column, ConfigError, Listing, Outputs, Roles, RunContext
from anonkit_std.columns.cell_text import as_text, distinct_text
from anonkit_std.options.dataset import DatasetOptions
from anonkit_std.reporters.dataset.column_choice import EVERY, ColumnChoice, choose, further
from anonkit_std.reporters.dataset.column_dictionary import as_json, as_markdown, describe, labels
from anonkit_std.reporters.dataset.parquet_rows import ParquetFile, packed, unpacked
from anonkit_std.reporters.dataset.plain_columns import plain_batch, plain_schema
from anonkit_std.reporters.file_names import distinct_stems
from anonkit_std.reporters.labels import default_name

__all__ = ["Dataset"]

_ALL, _NULL, _VALUE = "all", "null", "="
"""Names of streams: of all rows, of those without a value in the column that parts them; before such a value."""
_NO_VALUE = "__null__"


# How the names of its files end, in both documents.
_ENDS = ('.parquet"', "&#46;parquet |")


@attrs.frozen
class Dataset(Listing[int, int]):
    """Writes the rows as parquet. Its streams are batches as bytes, which are read back; its state counts rows."""

    options: DatasetOptions

    def columns(self, roles: Roles) -> Sequence[str]:
        """Return the columns that are named."""
        return [*(name for name in self.options.columns if name != EVERY), *self._beside]

    def optional_columns(self, columns: Sequence[Column], roles: Roles) -> Sequence[str]:
        """Return all that may go in, when all are wanted."""
        return further(columns, self.options.accept) if EVERY in self.options.columns else ()

    def static_text(self, context: RunContext) -> list[str]:
        """Return what the dictionary says of columns, and the names of the files unless they were chosen."""
        content = describe(self._choice(context), self._schema(context), {}, context)
        stem = PurePath(DatasetOptions().file).stem
        own = (f"\n{stem}.", f'"{stem}.', f"| {stem}&#46;") if stem == self._stem else ()
        whole = default_name(DatasetOptions, self.options.file) and self._names
        return [*labels(content), *own, *whole, *_ENDS]

    def start(self, context: RunContext) -> int:
        """Return no rows; ConfigError when rows cannot be sorted as asked."""
        for name in self.options.sort_by:
            if pa.types.is_nested(context.batch_schema.field(name).type):
                raise ConfigError(f"[reporters.dataset] sort_by: {name!r} holds lists or structs; name another column")
        return 0

    def consume(self, state: int, batch: Batch) -> int:
        """Count."""
        return state + len(batch)

    def merge(self, left: int, right: int) -> int:
        """Add up."""
        return left + right

    def finish(self, state: int, context: RunContext) -> int:
        """Return the number of rows."""
        return state

    def output_name(self, stream: str) -> None:
        """Return that no stream is an output."""

    def render(self, batch: Batch) -> Mapping[str, bytes]:
        """Return the rows as bytes, by the value that parts them."""
        plain = plain_batch(batch.data, self._schema(batch.context))
        if not len(plain):
            return {}
        if self.options.partition_by is None:
            return {_ALL: packed(plain)}
        texts, codes = distinct_text(as_text(batch.column(self.options.partition_by)))
        places = codes.to_numpy(zero_copy_only=False)
        order = np.argsort(places, kind="stable")
        plain = plain.take(pa.array(order))
        ends = np.cumsum(np.bincount(places, minlength=len(texts)))
        return {
            _NULL if text is None else f"{_VALUE}{text}": packed(plain.slice(start, end - start))
            for text, start, end in zip(texts.to_pylist(), [0, *ends[:-1].tolist()], ends.tolist(), strict=True)
            if end > start
        }

    def write(self, result: int, outputs: Outputs, context: RunContext) -> None:
        """Write the files and the dictionary."""
        schema = self._schema(context)
        writer = ParquetFile(schema, self.options.row_group_rows, self.options.compression_level, self.options.sort_by)
        rows: dict[str, int] = {}
        for name, stream in self._files(outputs).items():
            with outputs.open(name) as file:
                rows[name] = writer.write(unpacked(outputs.read(stream)) if stream else (), file)
        content = describe(self._choice(context), schema, rows, context)
        outputs.write(f"{self._stem}.json", as_json(content))
        outputs.write(f"{self._stem}.md", as_markdown(content))

    def highlights(self, result: int, context: RunContext) -> list[tuple[str, str]]:
        """Return how many columns the data set has."""
        choice = self._choice(context)
        return [("data set", f"{len(choice.included)} columns, {len(choice.left_out)} left out: see {self._stem}.md")]

    @property
    def _stem(self) -> str:
        return PurePath(self.options.file).stem

    @property
    def _names(self) -> list[str]:
        """The file names as they appear in a listing, in the dictionary and in its Markdown."""
        file, suffix = f'"{self.options.file}"', PurePath(self.options.file).suffix.removeprefix(".")
        return [*(f"\n{self._stem}.{end}" for end in (suffix, "json", "md")), file, f"| {self._stem}&#46;{suffix} |"]

    @property
    def _beside(self) -> tuple[str, ...]:
        by = self.options.partition_by
        return (*(() if by is None else (by,)), *self.options.sort_by)

    def _choice(self, context: RunContext) -> ColumnChoice:
        return choose(self.options.columns, self._beside, self.options.accept, context)

    def _schema(self, context: RunContext) -> pa.Schema:
        return plain_schema(context.batch_schema, self._choice(context).included)

    def _files(self, outputs: Outputs) -> dict[str, str | None]:
        """Return the stream of each file, None for an empty one."""
        streams = sorted(outputs.streams())
        if self.options.partition_by is None:
            return {self.options.file: streams[0] if streams else None}
        names = {stream: _NO_VALUE if stream == _NULL else stream.removeprefix(_VALUE) for stream in streams}
        if f"{_VALUE}{_NO_VALUE}" in names:
            names[_NULL] = f"{_NO_VALUE}\0"
        stems = distinct_stems(names[stream] for stream in streams)
        suffix = PurePath(self.options.file).suffix
        return {f"{self._stem}.{stems[names[stream]]}{suffix}": stream for stream in streams}
