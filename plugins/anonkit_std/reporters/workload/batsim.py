"""`workload.json`: the jobs for the simulator Batsim, each with a profile that waits for its run time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import attrs
import orjson
import pyarrow as pa
import pyarrow.compute as pc

from anonkit.api import Outputs, RunContext
from anonkit_std.options.workloads import BatsimOptions
from anonkit_std.reporters.labels import default_name
from anonkit_std.reporters.workload.jobs import Jobs, WorkloadReporter, whole

__all__ = ["BatsimReporter"]

_KEYS = (
    *("nb_res", "meta", "left_out", "jobs", "id", "subtime", "res", "profile", "walltime", "extra_data"),
    *("profiles", "type", "delay"),
)
_META = ("user", "group", "status", "wait")


@attrs.frozen
class BatsimReporter(WorkloadReporter):
    """Writes the workload. A job of which submission, run time or processors are not known is left out, and counted.

    So is a job with a run time that rounds to 0: Batsim refuses a workload with a profile of no time.
    """

    options: BatsimOptions

    def static_text(self, context: RunContext) -> list[str]:
        """Return the keys, and the type of the profiles."""
        keys = [f'"{key}":' for key in (*_KEYS, *_META)]
        keys += [f'\\"{key}\\":' for key in _META]
        return [*keys, f'"type":"{self.options.profile_type}"', *default_name(BatsimOptions, self.options.file)]

    def write(self, result: Jobs, outputs: Outputs, context: RunContext) -> None:
        """Write jobs and profiles, one a line."""
        known = _simulated(result.table)
        jobs = [orjson.dumps(job) for job in _jobs(known)]
        delays = dict.fromkeys(whole(known["run_time"]).to_pylist())
        profiles = [
            orjson.dumps(str(delay)) + b":" + orjson.dumps({"type": self.options.profile_type, "delay": delay})
            for delay in delays
        ]
        left_out = len(result.table) - len(jobs)
        most = round(pc.max(known["processors"]).as_py() or 1)
        with outputs.open(self.options.file) as file:
            file.write(b'{"nb_res":%d,\n"meta":{"left_out":%d},\n"jobs":[\n' % (most, left_out))
            file.write(b",\n".join(jobs))
            file.write(b'\n],\n"profiles":{\n')
            file.write(b",\n".join(profiles))
            file.write(b"\n}}\n")
        if left_out:
            outputs.warn(f"{left_out:,} jobs without submission, a run time of a second or processors are left out")


def _simulated(table: pa.Table) -> pa.Table:
    """Return the jobs that the simulator can use; processors that are not known are those that were requested."""
    processors = pc.coalesce(table["processors"], table["requested_processors"])
    table = table.set_column(table.schema.get_field_index("processors"), "processors", processors)
    run_time = pc.round(table["run_time"], round_mode="half_to_even")
    timed = pc.and_(table["submit"].is_valid(), pc.greater(run_time, 0.0))
    return table.filter(pc.fill_null(pc.and_(timed, pc.greater_equal(processors, 1.0)), False))


def _jobs(table: pa.Table) -> Iterator[dict[str, Any]]:
    """Yield each job. A loop over rows: an object for each, written by orjson."""
    names = ("submit", "run_time", "processors", "requested_time", "wait", "status", "user", "group")
    columns = [whole(table[name]).to_pylist() for name in names]
    for number, values in enumerate(zip(*columns, strict=True), 1):
        row = dict(zip(names, values, strict=True))
        limit = {"walltime": row["requested_time"]} if row["requested_time"] > 0 else {}
        extra = {name: row[name] for name in ("wait", "status", "user", "group")}
        yield {
            "id": str(number),
            "subtime": row["submit"],
            "res": row["processors"],
            "profile": str(row["run_time"]),
            **limit,
            "extra_data": orjson.dumps(extra).decode(),
        }
