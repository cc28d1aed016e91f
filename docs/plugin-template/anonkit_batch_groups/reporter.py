"""The sites with the most jobs."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence

import attrs

from anonkit.api import Batch, Outputs, Reporter, Roles, RunContext
from anonkit_batch_groups import BatchGroupsReporterOptions

Sites = list[tuple[str, int]]


@attrs.frozen
class BatchGroupsReporter(Reporter[Counter[str], Sites]):
    """Counts rows by site; the state is a counter, which adds up."""

    options: BatchGroupsReporterOptions

    def columns(self, roles: Roles) -> Sequence[str]:
        return [roles.site]

    def static_text(self, context: RunContext) -> Sequence[str]:
        return ['"sites":', f"\n{self.options.file}"]

    def start(self, context: RunContext) -> Counter[str]:
        return Counter()

    def consume(self, state: Counter[str], batch: Batch) -> Counter[str]:
        counts = batch.column(batch.context.roles.site).drop_null().value_counts().to_pylist()
        state.update({entry["values"]: entry["counts"] for entry in counts})
        return state

    def merge(self, left: Counter[str], right: Counter[str]) -> Counter[str]:
        return left + right

    def finish(self, state: Counter[str], context: RunContext) -> Sites:
        return sorted(state.items(), key=lambda pair: (-pair[1], pair[0]))[: self.options.top]

    def write(self, result: Sites, outputs: Outputs, context: RunContext) -> None:
        outputs.write(self.options.file, json.dumps({"sites": result}, indent=2).encode())
