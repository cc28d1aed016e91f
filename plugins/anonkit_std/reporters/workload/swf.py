"""`trace.swf`: the jobs in the Standard Workload Format, version 2.2."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timezone

import attrs
import pyarrow as pa
import pyarrow.compute as pc

from anonkit.api import Outputs, RunContext, printable
from anonkit_std.options.workloads import SwfOptions
from anonkit_std.reporters.labels import default_name
from anonkit_std.reporters.workload.jobs import Jobs, WorkloadReporter, whole

__all__ = ["SwfReporter"]

_FIELDS = (
    "submit", "wait", "run_time", "processors", "cpu_time", "memory", "requested_processors", "requested_time",
    "requested_memory", "status", "user", "group", "executable", "queue", "partition",
)  # fmt: skip
"""After the job's number and before the preceding job and the think time, which no record has."""
_LABELS = (
    "Version: 2.2", "Computer: ", "Installation: ", "Conversion: ", "Acknowledge: ", "MaxJobs: ", "MaxRecords: ",
    "UnixStartTime: ", "TimeZoneString: ", "StartTime: ", "EndTime: ", "MaxProcs: ", "Queue: ", "Partition: ", "Note: ",
)  # fmt: skip
_CONVERSION = "anonkit, from anonymized job records"
_NOTES = (
    "Users and groups are numbered as their tokens are listed below; executables as they first appear",
    "CPU time and memory are those of one processor; -1 is what is not known or was made less exact",
)


@attrs.frozen
class SwfReporter(WorkloadReporter):
    """Writes the trace."""

    options: SwfOptions

    def static_text(self, context: RunContext) -> list[str]:
        """Return what the header says of itself."""
        lines = [*_LABELS, *(f"Note: {note}" for note in (*_NOTES, "user ", "group ")), f"Conversion: {_CONVERSION}\n"]
        return [*(f"\n; {line}" for line in lines), *default_name(SwfOptions, self.options.file)]

    def write(self, result: Jobs, outputs: Outputs, context: RunContext) -> None:
        """Write header and jobs."""
        with outputs.open(self.options.file) as file:
            file.write("".join(f"; {line}\n" for line in self._header(result, context)).encode())
            file.write(_lines(result))

    def _header(self, jobs: Jobs, context: RunContext) -> Iterator[str]:
        yield "Version: 2.2"
        yield f"Computer: {printable(self.options.computer)}"
        yield f"Installation: {printable(self.options.installation)}"
        yield f"Conversion: {_CONVERSION}"
        yield f"MaxJobs: {len(jobs.table)}"
        yield f"MaxRecords: {len(jobs.table)}"
        if jobs.first_submit is not None:
            last = jobs.first_submit + (pc.max(jobs.table["submit"]).as_py() or 0)
            yield f"UnixStartTime: {round(jobs.first_submit)}"
            yield "TimeZoneString: UTC"
            yield f"StartTime: {_date(jobs.first_submit)}"
            yield f"EndTime: {_date(last)}"
        yield f"MaxProcs: {round(pc.max(jobs.table['processors']).as_py() or -1)}"
        yield from (f"Note: {note}" for note in _NOTES)
        for kind, name in (("user", "user"), ("experiment", "group")):
            known = context.identities.get(kind)
            used = set(pc.unique(jobs.table[name]).drop_null().to_pylist())
            tokens = known.tokens if known else ()
            yield from (f"Note: {name} {number} is {token}" for number, token in enumerate(tokens, 1) if number in used)
        for column, label in (("queue", "Queue"), ("partition", "Partition")):
            yield from (f"{label}: {number} {printable(name)}" for number, name in enumerate(jobs.names[column], 1))


def _lines(jobs: Jobs) -> bytes:
    """Return a line of 18 numbers for each job."""
    if not len(jobs.table):
        return b""
    numbers = pa.array(range(1, len(jobs.table) + 1))
    columns = [numbers, *(whole(jobs.table[field]) for field in _FIELDS)]
    texts = [column.cast(pa.large_string()) for column in columns]
    lines = pc.binary_join_element_wise(
        *texts, pa.scalar("-1 -1", pa.large_string()), pa.scalar(" ", pa.large_string())
    )
    return ("\n".join(lines.to_pylist()) + "\n").encode()


def _date(seconds: float) -> str:
    return datetime.fromtimestamp(round(seconds), timezone.utc).strftime("%a %b %d %H:%M:%S UTC %Y")
