"""The options of the reporters that write workloads for simulators."""

from __future__ import annotations

from typing import Literal

import attrs

from anonkit.api import option

__all__ = ["BatsimOptions", "SwfOptions", "WorkloadOptions"]

_HTCONDOR_STATES = {"3": "5", "4": "1"}


@attrs.frozen(kw_only=True)
class WorkloadOptions:
    """The columns of a workload; the defaults are those of HTCondor's ads, a preset sets others."""

    submit: str = option("QDate", help="column of the time of submission")
    relative_submit: str = option(
        "", help="column of the seconds from an unknown beginning to submission, for an input without the column above"
    )
    start: str = option("JobCurrentStartDate", help="column of the time of the start")
    end: str = option("CompletionDate", help="column of the time of the end")
    wait: str = option("", help="column of the waiting time; empty: from submission to start")
    run_time: str = option("RemoteWallClockTime", help="column of the run time; empty: from start to end")
    processors: str = option("RequestCpus", help="column of the processors that the job had")
    cpu_time: str = option("RemoteUserCpu", help="column of the CPU time, of all processors")
    memory: str = option("ResidentSetSize", help="column of the memory that the job used")
    requested_processors: str = option("RequestCpus", help="column of the processors that were asked for")
    requested_time: str = option("", help="column of the run time that was asked for")
    requested_memory: str = option("RequestMemory", help="column of the memory that was asked for")
    per_processor: bool = option(False, help="whether CPU time and memory are those of one processor")
    status: str = option("JobStatus", help="column that says how the job ended")
    states: dict[str, str] = option(
        _HTCONDOR_STATES,
        help="first words of that column with the status in SWF: 0 failed, 1 completed, 2 to 4 parts, 5 cancelled",
    )
    executable: str = option("", help="column of the program; empty: the command's")
    queue: str = option("", help="column of the queue")
    partition: str = option("", help="column of the partition; empty: the site's")

    def __attrs_post_init__(self) -> None:
        if wrong := sorted(set(self.states.values()) - set("012345")):
            raise ValueError(f"states: expected numbers from 0 to 5, found {', '.join(map(repr, wrong))}")


@attrs.frozen(kw_only=True)
class SwfOptions(WorkloadOptions):
    """`[reporters.swf]`."""

    file: str = option("trace.swf", help="name of the output", file_name=True)
    computer: str = option("unknown", help="the machine, for the header")
    installation: str = option("unknown", help="where the machine is, for the header")


@attrs.frozen(kw_only=True)
class BatsimOptions(WorkloadOptions):
    """`[reporters.batsim]`."""

    file: str = option("workload.json", help="name of the output", file_name=True)
    profile_type: Literal["delay", "DelayProfile"] = option(
        "delay", help="how the version of Batsim calls a profile that waits: delay up to 4, DelayProfile from 5"
    )
