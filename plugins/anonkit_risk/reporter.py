"""The risk of the rows that a run publishes, and the gate."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence

import attrs
import pyarrow as pa

from anonkit.api import (
    AttributeClass,
    Batch,
    Column,
    ConfigError,
    Listing,
    OutputError,
    Outputs,
    Roles,
    RunContext,
    nearest,
)
from anonkit_risk.measure import figures, loaded
from anonkit_risk.options import RiskOptions
from anonkit_risk.question import Question
from anonkit_risk.result import RiskResult
from anonkit_risk.session import session

__all__ = ["RiskReport"]

_STREAM = "rows"
_LENGTH = 8
_KEYS = (
    *("people", "rows", "rows_without_user", "quasi_identifiers", "min_users", "classes", "k", "single_user_classes"),
    *("rows_in_single_user_classes", "classes_below_min_users", "rows_below_min_users", "prosecutor_risk"),
    *("marketer_risk", "journalist_risk", "users_per_class", "sample_uniques", "minimal_sample_uniques", "columns"),
    *("uniques", "users", "subsets", "subsets_of", "column", "values", "k_alone", "k_without", "sensitive", "l", "t"),
    *("rows_in_single_user_classes_without", "adds_rows_in_single_user_classes", "classes_with_one_value", "points"),
    *("token", "share", "rank", "singled_out", "small_cells", "table", "cells", "small"),
)
_TABLES = ("summary.users", "summary.ips", "summary.user_ip_pairs", "failed_users.failed_users")


@attrs.define
class Findings:
    """The risk of the rows of a run; None until `RiskReport.write` has computed it."""

    result: RiskResult | None = None


@attrs.frozen
class RiskReport(Listing[None, Findings]):
    """Writes `risk.json`, and refuses the run when the rows do not pass the gate.

    Its stream has the columns of the question as bytes, batch by batch; `write` reads them back into DuckDB.
    """

    options: RiskOptions

    @property
    def required_roles(self) -> tuple[str, ...]:
        """The users must have a column."""
        return ("user",)

    def optional_columns(self, columns: Sequence[Column], roles: Roles) -> Sequence[str]:
        """Return the columns that the options name, without those that must not be passed on."""
        known = {column.name for column in columns if not column.is_refused}
        return [name for name in self._named if name in known]

    def static_text(self, context: RunContext) -> list[str]:
        """Return the keys, the names of columns and tables, and the default name of the file."""
        question = self._question(context)
        names = [f'"{name}"' for name in (*question.columns, *_TABLES)]
        own = ['"risk.json"', "\nrisk.json"] if self.options.file == RiskOptions().file else []
        return [*(f'"{key}":' for key in _KEYS), *names, *own]

    def start(self, context: RunContext) -> None:
        """Return nothing. ConfigError for a named column that the input does not have."""
        known = [*context.columns, *context.batch_schema.names]
        if missing := [name for name in self._named if name not in known]:
            raise ConfigError(
                [f"[risk]: no input file has a column {name!r}{nearest(name, known)}" for name in missing]
            )

    def output_name(self, stream: str) -> None:
        """Return that the stream is not an output."""

    def finish(self, state: None, context: RunContext) -> Findings:
        """Return no risk yet: it is computed in `write`, which has a folder for rows that do not fit into memory."""
        return Findings()

    def render(self, batch: Batch) -> Mapping[str, bytes]:
        """Return the columns of the question as bytes."""
        names = self._question(batch.context).columns
        columns = [batch.column(name) for name in names]
        return {_STREAM: _packed(pa.RecordBatch.from_arrays(columns, names=list(names)))} if len(batch) else {}

    def write(self, result: Findings, outputs: Outputs, context: RunContext) -> None:
        """Compute the risk, write it, and hold the gate. OutputError below it."""
        result.result = self.measured(outputs, context)
        if faults := result.result.faults(self.options):
            lines = "\n".join(faults)
            raise OutputError(
                f"nothing was published: the rows do not pass the gate of [risk]\n{lines}\n"
                "`anonkit risk DATASET --suggest` finds settings that pass, for a data set of a run without the gate"
            )
        outputs.write(self.options.file, result.result.as_json())

    def measured(self, outputs: Outputs, context: RunContext) -> RiskResult:
        """Return the risk of all rows that were rendered."""
        question = self._question(context)
        schema = pa.schema([context.batch_schema.field(name) for name in question.columns])
        pieces = outputs.read(_STREAM) if _STREAM in outputs.streams() else ()
        with session(folder=outputs.scratch(), memory=self.options.memory) as opened:
            loaded(opened, pa.RecordBatchReader.from_batches(schema, _unpacked(pieces)))
            return figures(opened, question, self.options)

    def highlights(self, result: Findings, context: RunContext) -> list[tuple[str, str]]:
        """Return k, and how many users are singled out."""
        if result.result is None:
            return []
        figures = result.result.figures
        return [
            (
                "risk",
                f"fewest users in a class {figures['k']}; {figures['sample_uniques']:,} of {figures['people']:,} users "
                f"have a class of their own: see {self.options.file}",
            )
        ]

    @property
    def _named(self) -> tuple[str, ...]:
        return (*self.options.columns, *self.options.sensitive)

    def _question(self, context: RunContext) -> Question:
        """Return the question about the rows of a run; a transform may have dropped columns. ConfigError."""
        names = context.batch_schema.names
        roles = context.roles.columns
        quasi = [name for name in self.options.columns if name in names] or [
            name for name in names if _is_quasi(name, context)
        ]
        sensitive = [name for name in self.options.sensitive if name in names]
        if not quasi:
            # All were dropped: then all rows are alike.
            return attrs.evolve(Question.from_columns(names, roles, names[:1], sensitive), quasi=())
        return Question.from_columns(names, roles, quasi, sensitive)


def _is_quasi(name: str, context: RunContext) -> bool:
    column = context.columns.get(name)
    return column is not None and column.cls is AttributeClass.QUASI_IDENTIFIER


def _packed(batch: pa.RecordBatch) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, batch.schema, options=pa.ipc.IpcWriteOptions(compression="lz4")) as writer:
        writer.write_batch(batch)
    data: bytes = sink.getvalue().to_pybytes()
    return len(data).to_bytes(_LENGTH, "little") + data


def _unpacked(pieces: Iterable[bytes]) -> Iterator[pa.RecordBatch]:
    """Yield the batches whose bytes, joined and cut anywhere, are `pieces`."""
    buffered = bytearray()
    for piece in pieces:
        buffered += piece
        while len(buffered) >= _LENGTH and len(buffered) >= (
            end := _LENGTH + int.from_bytes(buffered[:_LENGTH], "little")
        ):
            with pa.ipc.open_stream(io.BytesIO(bytes(buffered[_LENGTH:end]))) as reader:
                yield from reader
            del buffered[:end]
