"""The jobs as other batch systems and traces have them: rows for `sacct` and for the Standard Workload Format."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, timedelta, timezone
from pathlib import PurePosixPath
from types import MappingProxyType
from typing import Any

__all__ = ["SACCT", "SWF", "for_format"]

Row = dict[str, Any]

SACCT = (
    "JobID", "JobIDRaw", "JobName", "User", "Account", "Partition", "Cluster", "State", "ExitCode", "Submit", "Start",
    "End", "Elapsed", "AllocCPUS", "ReqMem", "NodeList", "WorkDir", "SubmitLine",
)  # fmt: skip
SWF = (
    "JobNumber", "SubmitTime", "WaitTime", "RunTime", "AllocatedProcessors", "AverageCpuTime", "UsedMemory",
    "RequestedProcessors", "RequestedTime", "RequestedMemory", "Status", "UserID", "GroupID", "Executable", "Queue",
    "Partition", "PrecedingJob", "ThinkTime",
)  # fmt: skip


def for_format(rows: Iterable[Row], form: str) -> Iterator[Row]:
    """Yield rows as a format can carry them: in its own columns, or without characters that it cannot write."""
    return _CARRIED[form](rows) if form in _CARRIED else iter(rows)


def _jobs_of_slurm(rows: Iterable[Row]) -> Iterator[Row]:
    """Yield jobs with the columns of `SACCT`."""
    for row in rows:
        started = bool(row["NumJobStarts"])
        submit = datetime.fromtimestamp(row["QDate"], timezone.utc)
        start = submit + timedelta(seconds=60)
        run = timedelta(seconds=int(row["CumulativeSlotTime"] or 0))
        command = row["Cmd"] or ""
        job = {
            "JobID": f"{row['ClusterId']}_{row['ProcId']}",
            "JobIDRaw": row["ClusterId"] * 1000 + row["ProcId"],
            "JobName": PurePosixPath(command).name,
            "User": (row["User"] or "").partition("@")[0],
            "Account": row["Jobsub_Group"],
            "Partition": row["MATCH_EXP_JOB_Site"],
            "Cluster": "demo",
            "State": _state(row, started),
            "ExitCode": f"{row['ExitCode'] or 0}:0",
            "Submit": _time(submit),
            "Start": _time(start) if started else "Unknown",
            "End": _time(start + run) if started else "Unknown",
            "Elapsed": _duration(run),
            "AllocCPUS": row["RequestCpus"],
            "ReqMem": f"{row['RequestMemory']}M",
            "NodeList": (row["LastRemoteHost"] or "").rpartition("@")[2].partition(".")[0],
            "WorkDir": row["Iwd"],
            "SubmitLine": f"sbatch {command} {row.get('Args') or ''}".rstrip(),
        }
        yield {name: _without(value, "|\r\n\0") for name, value in job.items()}


def _state(row: Row, started: bool) -> str:
    if not started:
        return "CANCELLED"
    return "COMPLETED" if str(row["NumJobCompletions"]) not in ("0", "None", "n/a") else "FAILED"


def _time(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S")


def _duration(time: timedelta) -> str:
    hours, minutes = divmod(time.seconds // 60, 60)
    clock = f"{hours:02}:{minutes:02}:{time.seconds % 60:02}"
    return f"{time.days}-{clock}" if time.days else clock


def _trace(rows: Iterable[Row]) -> Iterator[Row]:
    """Yield jobs with the columns of `SWF`, which are all numbers."""
    numbers: dict[str, dict[Any, int]] = {name: {} for name in ("User", "Jobsub_Group", "Cmd", "MATCH_EXP_JOB_Site")}
    first = None
    for place, row in enumerate(rows, 1):
        known = {name: codes.setdefault(row[name], len(codes) + 1) for name, codes in numbers.items()}
        first = row["QDate"] if first is None else first
        started = bool(row["NumJobStarts"])
        cpus, memory = row["RequestCpus"], int(row["RequestMemory"] or 0) * 1024
        run = int(row["CumulativeSlotTime"] or 0) if started else -1
        status = 5 if not started else 1 if _state(row, True) == "COMPLETED" else 0
        submit = max(row["QDate"] - first, 0)
        fields = (
            place, submit, 60 if started else -1, run, cpus, -1, -1, cpus, -1, memory, status,
            known["User"], known["Jobsub_Group"], known["Cmd"], 1, known["MATCH_EXP_JOB_Site"], -1, -1,
        )  # fmt: skip
        yield dict(zip(SWF, fields, strict=True))


def _cleaned(letters: str) -> Callable[[Iterable[Row]], Iterator[Row]]:
    """Return a function that yields rows without some characters in their texts."""

    def rows_without(rows: Iterable[Row]) -> Iterator[Row]:
        for row in rows:
            yield {name: _without(value, letters) for name, value in row.items()}

    return rows_without


def _without(value: Any, letters: str) -> Any:
    """Return a text with blanks instead of some characters."""
    if not isinstance(value, str) or not any(letter in value for letter in letters):
        return value
    return value.translate(dict.fromkeys(map(ord, letters), " "))


_CARRIED: Mapping[str, Callable[[Iterable[Row]], Iterator[Row]]] = MappingProxyType(
    {
        "sacct": _jobs_of_slurm,
        "swf": _trace,
        "long": _cleaned("\r\n"),
        "history": _cleaned("\r\n"),
    }
)
