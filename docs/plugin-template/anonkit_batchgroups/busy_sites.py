"""The sites with the most jobs."""

from collections import Counter

import attrs
import orjson

from anonkit.api import Batch, Outputs, Reporter, Roles, RunContext
from anonkit_batchgroups import BusySitesOptions

Sites = list[tuple[str, int]]


@attrs.frozen
class BusySites(Reporter[Counter[str], Sites]):
    """Counts rows by site; the state is a counter, which adds up."""

    options: BusySitesOptions

    def columns(self, roles: Roles) -> list[str]:
        return [roles.site]

    def static_text(self, context: RunContext) -> list[str]:
        return ['"busy_sites":', "\nbusy_sites."]

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
        outputs.write(self.options.file, orjson.dumps({"busy_sites": result}, option=orjson.OPT_INDENT_2))
