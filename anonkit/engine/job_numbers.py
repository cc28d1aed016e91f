"""The number of each row in the outputs, as a column: by it the rows of all outputs can be joined."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pyarrow as pa

from anonkit.catalogue import Attribute, AttributeClass, Column
from anonkit.errors import ConfigError
from anonkit.plugin.contracts import Transformed

__all__ = ["JOB", "JOB_COLUMN", "NUMBERED", "check_job_column", "numbered", "numbered_schema"]

JOB = "job"
"""The name of the column."""

JOB_COLUMN = Column(
    name=JOB,
    cls=AttributeClass.PLAIN,
    attribute=Attribute(
        name=JOB,
        cls=AttributeClass.PLAIN,
        kind="",
        type="integer",
        unit="",
        meaning="number of the job in this release, the same in every output",
    ),
)
NUMBERED = Transformed("numbered from 1, in the order of the input")


def check_job_column(names: Iterable[str]) -> None:
    """ConfigError when a column of the input that is read has the name."""
    if JOB in map(str.casefold, names):
        raise ConfigError(
            f"[run] job_numbers: the input has a column {JOB!r} of its own; leave the option out, or the column, with "
            "[run] columns"
        )


def numbered_schema(schema: pa.Schema) -> pa.Schema:
    """Return the schema with the column of numbers before the others."""
    return pa.schema([pa.field(JOB, pa.int64()), *schema])


def numbered(batch: pa.RecordBatch, first_row: int) -> pa.RecordBatch:
    """Return the rows with their numbers; `first_row` is that of the first one, from 0."""
    numbers = pa.array(np.arange(first_row + 1, first_row + 1 + len(batch)))
    return pa.RecordBatch.from_arrays([numbers, *batch.columns], schema=numbered_schema(batch.schema))
