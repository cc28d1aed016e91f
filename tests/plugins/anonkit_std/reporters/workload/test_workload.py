"""Traces and workloads, read by parsers of their own, which are written from the two formats' definitions."""

from __future__ import annotations

import json
from typing import Any

import attrs
import pyarrow as pa
import pytest
from anonkit_std.options.workloads import BatsimOptions, SwfOptions
from anonkit_std.reporters.workload.batsim import BatsimReporter
from anonkit_std.reporters.workload.swf import SwfReporter
from batsim_rules import check_workload
from hypothesis import given
from hypothesis import strategies as st
from reporter_kit import check_fold_laws, identities, make_batch, run

from anonkit.api import Batch, Transformed
from anonkit.catalogue import Classes

SHIFTED = Transformed("shifted by whole weeks")
FIELDS = (
    "job", "submit", "wait", "run", "processors", "cpu", "memory", "requested", "time", "wanted", "status", "user",
    "group", "executable", "queue", "partition", "preceding", "think",
)  # fmt: skip


def jobs(**columns: Any) -> dict[str, Any]:
    usual = {
        "QDate": [1000, 1010, None],
        "JobCurrentStartDate": [1005, 1030, 0],
        "CompletionDate": [1065, 1100, 0],
        "RemoteWallClockTime": [60.0, None, 7.4],
        "RequestCpus": [4, 1, 2],
        "ResidentSetSize": [4096, None, 8],
        "RequestMemory": ["2000", "x", None],
        "JobStatus": ["4", "3 by hand", None],
        "Cmd": ["b.sh", "a.sh", "b.sh"],
        "MATCH_EXP_JOB_Site": ["North\n1", None, "South"],
    }
    return usual | columns


def batch(done: Any = (), users: Any = (1, 0, 2), **columns: Any) -> Batch:
    users_known = identities("user", [1, 1, 1], valid=[True, True, False])
    known = {"user": users_known, "experiment": identities("experiment", [1])}
    made = make_batch(jobs(**columns), codes={"user": list(users), "experiment": [[0], [], [0]]}, known=known)
    classed = {name: Classes().classify(name) for name in made.context.schema.names}
    return attrs.evolve(made, context=attrs.evolve(made.context, operations=dict(done), columns=classed))


def trace(given: Batch, **options: Any) -> tuple[dict[str, list[str]], list[dict[str, int]]]:
    """Read a trace: comments are ``; label: value``, records 18 whole numbers, sorted by submission, -1 for unknown."""
    text = run(SwfReporter(SwfOptions(**options)), [given]).files["trace.swf"].decode()
    header: dict[str, list[str]] = {}
    records: list[dict[str, int]] = []
    for line in text.splitlines():
        if line.startswith(";"):
            assert not records, "comments come first"
            label, _, value = line.removeprefix("; ").partition(": ")
            header.setdefault(label, []).append(value)
            continue
        numbers = [int(part) for part in line.split(" ")]
        records.append(dict(zip(FIELDS, numbers, strict=True)))
    assert [one["job"] for one in records] == list(range(1, len(records) + 1))
    times = [one["submit"] for one in records if one["submit"] >= 0]
    assert times == sorted(times)
    assert all(value >= -1 for one in records for value in one.values())
    assert all(one["status"] in range(-1, 6) for one in records)
    assert header["Version"] == ["2.2"]
    assert header["MaxJobs"] == [str(len(records))]
    return header, records


def workload(given: Batch, **options: Any) -> Any:
    """Read a workload, and check it by the rules of Batsim."""
    content = json.loads(run(BatsimReporter(BatsimOptions(**options)), [given]).files["workload.json"])
    check_workload(content)
    return content


def test_a_trace() -> None:
    header, records = trace(batch(), computer="North", installation="Example")
    assert list(records[0].values()) == [1, 0, 5, 60, 4, -1, 1024, 4, -1, 512000, 1, 2, 1, 1, -1, 1, -1, -1]
    assert list(records[1].values()) == [2, 10, 20, -1, 1, -1, -1, 1, -1, -1, 5, 1, -1, 2, -1, -1, -1, -1]
    assert list(records[2].values()) == [3, -1, -1, 7, 2, -1, 4, 2, -1, -1, -1, -1, 1, 1, -1, 2, -1, -1]
    assert header["UnixStartTime"] == ["1000"]
    assert header["EndTime"] == ["Thu Jan 01 00:16:50 UTC 1970"]
    assert header["Partition"] == ["1 North\\n1", "2 South"]
    assert header["Note"][2:] == ["user 1 is UR1", "user 2 is UR2", "group 1 is EX_1"]
    assert (header["Computer"], header["MaxProcs"]) == (["North"], ["4"])


def test_a_workload() -> None:
    content = workload(batch())
    assert content["meta"] == {"left_out": 2}
    assert content["jobs"][0]["profile"] == "60"
    assert json.loads(content["jobs"][0]["extra_data"]) == {"wait": 5, "status": 1, "user": 2, "group": 1}
    assert content["profiles"] == {"60": {"type": "delay", "delay": 60}}
    limited = workload(batch(Limit=[90, 0, 5]), requested_time="Limit", profile_type="DelayProfile")
    assert limited["jobs"][0]["walltime"] == 90
    assert limited["profiles"]["60"]["type"] == "DelayProfile"


def test_processors_are_rounded_alike_in_jobs_and_platform() -> None:
    columns = {"QDate": [1000.0], "RemoteWallClockTime": [60.0], "RequestCpus": [1.5]}
    made = make_batch(columns, codes={"user": [0]}, known={"user": identities("user", [1])})
    content = workload(made)
    assert (content["nb_res"], content["jobs"][0]["res"]) == (2, 2)


def test_jobs_that_are_left_out_are_counted() -> None:
    said = run(BatsimReporter(BatsimOptions()), [batch()]).warnings
    assert said == ["2 jobs without submission, a run time of a second or processors are left out"]


@given(
    st.lists(st.tuples(st.none() | st.floats(-1, 3e9), st.none() | st.floats(-1, 3e6), st.none() | st.floats(-2, 9))),
    st.lists(st.none() | st.floats(-1, 99), min_size=1),
)
def test_batsim_takes_any_workload(rows: list[Any], limits: list[Any]) -> None:
    submit, run_time, processors = (pa.array([row[place] for row in rows], pa.float64()) for place in range(3))
    limit = pa.array([limits[place % len(limits)] for place in range(len(rows))], pa.float64())
    columns = {"QDate": submit, "RemoteWallClockTime": run_time, "RequestCpus": processors, "Limit": limit}
    made = make_batch(columns, codes={"user": [0] * len(rows)}, known={"user": identities("user", [1])})
    content = workload(made, requested_time="Limit")
    assert len(content["jobs"]) + content["meta"]["left_out"] == len(rows)


def test_columns_that_are_not_there() -> None:
    bare = make_batch({"User": ["UR_1"], "Cmd": ["x"]}, codes={"user": [0]})
    _, [record] = trace(bare)
    assert {key: value for key, value in record.items() if value != -1} == {"job": 1, "user": 1, "executable": 1}
    assert workload(bare)["jobs"] == []


@pytest.mark.parametrize(
    ("done", "wait", "run_time"),
    [
        ({"QDate": (SHIFTED,), "JobCurrentStartDate": (SHIFTED,)}, 5, 60),
        ({"QDate": (SHIFTED,)}, -1, 60),
        ({"QDate": (Transformed("rounded down to 1h"),)}, -1, 60),
        ({"QDate": (Transformed("rounded"),), "JobCurrentStartDate": (Transformed("rounded"),)}, -1, 60),
        ({"RemoteWallClockTime": (Transformed("rounded"),)}, 5, -1),
    ],
)
def test_waiting_and_running_times_are_exact_or_unknown(done: Any, wait: int, run_time: int) -> None:
    _, records = trace(batch(done))
    assert (records[0]["wait"], records[0]["run"]) == (wait, run_time)


def test_times_between_two_columns() -> None:
    _, records = trace(batch(), run_time="")
    assert [one["run"] for one in records] == [60, 70, -1]
    times = pa.array([1000, 2000, None], pa.int64()).cast(pa.timestamp("s", "UTC"))
    _, dated = trace(batch(QDate=times, JobCurrentStartDate=times, CompletionDate=times))
    assert [one["wait"] for one in dated] == [0, 0, -1]


def test_states_are_numbers_of_the_format() -> None:
    with pytest.raises(ValueError, match="states: expected numbers from 0 to 5, found '7'"):
        SwfOptions(states={"x": "7"})


VALUES = st.none() | st.integers(0, 99)


@given(
    st.lists(st.tuples(VALUES, VALUES, st.sampled_from(["a", "b c", None])), max_size=9),
    st.lists(st.integers(0, 9), max_size=3),
)
def test_fold_laws(rows: list[Any], places: list[int]) -> None:
    submit, run_time, cmd = ([row[place] for row in rows] for place in range(3))
    columns = {
        "QDate": pa.array(submit, pa.int64()),
        "RemoteWallClockTime": pa.array(run_time, pa.int64()),
        "Cmd": pa.array(cmd, pa.string()),
    }
    given = make_batch(columns, codes={"user": [0] * len(rows)}, known={"user": identities("user", [1])})
    for reporter in (SwfReporter(SwfOptions()), BatsimReporter(BatsimOptions())):
        check_fold_laws(reporter, given, places)
