"""Jobs by hour and experiment, as CSV."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timezone

import attrs
import pyarrow as pa
import pyarrow.compute as pc

from anonkit.api import Batch, Outputs, Reporter, Roles, RunContext
from anonkit_batch_usage import UsageOptions

KIND = "experiment"
Usage = Counter[tuple[int, int]]
"""Rows by hour since 1970 and position of the experiment; -1 for jobs that mention none."""


@attrs.frozen
class UsageByHour(Reporter[Usage, Usage]):
    """A job counts for each experiment that it mentions."""

    options: UsageOptions

    @property
    def mentioned_kinds(self) -> tuple[str, ...]:
        return (KIND,)

    def columns(self, roles: Roles) -> Sequence[str]:
        return [self.options.column]

    def static_text(self, context: RunContext) -> Sequence[str]:
        return ["\nhour,experiment,jobs\n", f"\n{self.options.file}"]

    def start(self, context: RunContext) -> Usage:
        return Counter()

    def consume(self, state: Usage, batch: Batch) -> Usage:
        hours = pc.cast(pc.floor(pc.divide(pc.cast(batch.column(self.options.column), pa.float64()), 3600)), pa.int64())
        experiments = batch.identities[KIND]
        rows = pc.list_parent_indices(experiments)
        table = pa.table({"hour": hours.take(rows), "experiment": pc.list_flatten(experiments)})
        nobody = hours.filter(pc.equal(pc.list_value_length(experiments), 0))
        alone = pa.table({"hour": nobody, "experiment": pa.array([-1] * len(nobody), pa.int32())})
        counted = (
            pa.concat_tables([table, alone]).drop_null().group_by(["hour", "experiment"]).aggregate([([], "count_all")])
        )
        state.update({(row["hour"], row["experiment"]): row["count_all"] for row in counted.to_pylist()})
        return state

    def merge(self, left: Usage, right: Usage) -> Usage:
        return left + right

    def write(self, result: Usage, outputs: Outputs, context: RunContext) -> None:
        tokens = context.identities[KIND].tokens
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(["hour", "experiment", "jobs"])
        for (hour, experiment), jobs in sorted(result.items()):
            time = datetime.fromtimestamp(hour * 3600, timezone.utc)
            writer.writerow([f"{time:%Y-%m-%dT%H}", tokens[experiment] if experiment >= 0 else "", jobs])
        outputs.write(self.options.file, text.getvalue().encode())
