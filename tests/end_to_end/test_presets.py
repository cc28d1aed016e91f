"""Records of other programs, from their files to the outputs, without a configuration."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from anonkit.config import load
from anonkit.engine.coordinator import run
from anonkit.engine.results import RunResult

NAMES = "JobID|JobName|User|Account|Cluster|Partition|State|ReqMem|Timelimit|Elapsed|TotalCPU|Submit|End|SubmitLine|UID"
JOBS = (
    "101|annakow_run|annakow|g2lab|north|batch|COMPLETED|4Gn|1-02:03:04|00:10:00|00:09.500|2023-12-31T20:08:12|"
    "2023-12-31T20:19:12|sbatch /x/annakow/run.sh|71001",
    "101.batch|batch||g2lab|north||COMPLETED|||00:10:00|00:09.500|2023-12-31T20:08:12|2023-12-31T20:19:12||",
    "102_4|sim|bodewig|mu7lab|north|batch|CANCELLED by 71001|16Gc|UNLIMITED|00:01:00|02:03.123|2023-12-31T20:08:12|"
    "Unknown|sbatch sim.sh --account=mu7lab|71002",
    "104|sim|bodewig|mu7lab|north|batch|TIMEOUT|4000M|01:00:00|later|02:03.123|2024-01-01T20:08:12|"
    "2024-01-01T21:19:12|sbatch sim.sh|71002",
)
SACCT = "\n".join((NAMES, *JOBS, ""))
SWF = """\
; Version: 2.2
; UnixStartTime: 1704053292
1 0 5 60 4 -1 -1 4 100 -1 1 7 1 2 1 1 -1 -1
2 10 5 60 4 -1 -1 4 100 -1 0 8 1 2 1 2 -1 -1
3 20 5 60 4 -1 -1 4 100 -1 5 8 1 2 1 2 -1 -1
"""


@pytest.fixture(scope="module")
def slurm(tmp_path_factory: pytest.TempPathFactory) -> tuple[RunResult, Path]:
    return outputs(tmp_path_factory.mktemp("slurm"), "sacct.txt", SACCT)


@pytest.fixture(scope="module")
def swf(tmp_path_factory: pytest.TempPathFactory) -> tuple[RunResult, Path]:
    return outputs(tmp_path_factory.mktemp("swf"), "trace.swf", SWF)


def outputs(folder: Path, name: str, text: str, **options: Any) -> tuple[RunResult, Path]:
    (folder / name).write_text(text)
    settings = {"data_dir": str(folder / name), "output_dir": str(folder / "out"), "workers": 1, **options}
    reporters = {"site_jobs": {"all_sites": True}, "dataset": {"enabled": True, "columns": ["*"]}}
    return run(load({"run": settings, "reporters": reporters}, environ={})), folder / "out"


def records(folder: Path, site: str) -> Any:
    return json.loads((folder / f"jobs_at_{site}.json").read_text())["jobs_at_site"]


def test_the_run_finds_and_names_the_preset(slurm: tuple[RunResult, Path], swf: tuple[RunResult, Path]) -> None:
    assert slurm[0].preset == "slurm, found by the columns"
    assert json.loads((swf[1] / "manifest.json").read_text())["preset"] == "swf"


def test_every_report_is_written(slurm: tuple[RunResult, Path], swf: tuple[RunResult, Path]) -> None:
    for _, folder in (slurm, swf):
        names = {path.name for path in folder.iterdir()}
        assert names >= {"summary.json", "failed_users.json", "cmd_env_report.txt", "dataset.parquet"}


def test_no_identity_is_left_in_slurm(slurm: tuple[RunResult, Path]) -> None:
    for path in slurm[1].glob("*.*"):
        content = path.read_bytes()
        assert not any(name in content for name in (b"annakow", b"bodewig", b"g2lab", b"mu7lab", b"7100")), path.name


def test_failures(slurm: tuple[RunResult, Path], swf: tuple[RunResult, Path]) -> None:
    for _, folder in (slurm, swf):
        failed = json.loads((folder / "failed_users.json").read_text())
        assert [one["failure_count"] for one in failed["failed_users"]] == [1]


def test_the_text_report_has_the_lines_of_the_preset(slurm: tuple[RunResult, Path]) -> None:
    text = (slurm[1] / "cmd_env_report.txt").read_text()
    assert "State: TIMEOUT\n" in text
    assert "Environment:" not in text
    assert "Cmd:\n  sbatch /x/UR_1/run.sh\n" in text


def test_units_become_numbers_and_times_utc(slurm: tuple[RunResult, Path]) -> None:
    first, cancelled, late = records(slurm[1], "north")
    assert (first["ReqMem"], first["Timelimit"], first["Elapsed"], first["TotalCPU"]) == (4096.0, 93784, 600, 9.5)
    assert (cancelled["ReqMem"], cancelled["Timelimit"], cancelled["State"]) == (16384.0, None, "CANCELLED")
    assert late["Elapsed"] is None
    [dated] = [one for one in columns(slurm[1]) if one["name"] == "End"]
    assert (dated["type"], dated["unit"]) == ("timestamp[us, tz=UTC]", "UTC")


def test_what_is_lost_is_counted(slurm: tuple[RunResult, Path]) -> None:
    assert "1 value of Elapsed is of another shape than s, and null" in slurm[0].warnings
    assert any(line.startswith("2 values of ReqMem are for a node or a CPU") for line in slurm[0].warnings)


def test_steps_are_left_out_and_counted(slurm: tuple[RunResult, Path]) -> None:
    assert (slurm[0].rows, slurm[0].rows_of_input) == (3, 4)
    assert "1 step of jobs, by the . in JobID, is left out: steps are no jobs of their own" in slurm[0].warnings
    selection = json.loads((slurm[1] / "manifest.json").read_text())["selection"]
    assert selection == {"steps_left_out": 1, "rows_of_input": 4}


def columns(folder: Path) -> Any:
    return json.loads((folder / "dataset.json").read_text())["columns"]


def test_a_trace_has_dates(swf: tuple[RunResult, Path]) -> None:
    dates = pq.read_table(swf[1] / "dataset.parquet", columns=["SubmitDate"])["SubmitDate"].to_pylist()
    assert [date.isoformat() for date in dates][:2] == ["2023-12-31T20:08:12+00:00", "2023-12-31T20:08:22+00:00"]


def test_a_trace_without_a_start_keeps_its_times(tmp_path: Path) -> None:
    text = SWF.replace("; UnixStartTime: 1704053292\n", "").replace("1 0 5 60", "1 3 5 60", 1)
    (tmp_path / "trace.swf").write_text(text)
    settings = {"data_dir": str(tmp_path / "trace.swf"), "output_dir": str(tmp_path / "out"), "workers": 1}
    reporters = {"swf": {"enabled": True}, "batsim": {"enabled": True}}
    result = run(load({"run": settings, "reporters": reporters}, environ={}))
    lines = (tmp_path / "out" / "trace.swf").read_text().splitlines()
    assert not [line for line in lines if line.startswith(("; UnixStartTime", "; StartTime", "; EndTime"))]
    times = [line.split()[1:4] for line in lines if not line.startswith(";")]
    assert times == [["3", "5", "60"], ["10", "5", "60"], ["20", "5", "60"]]
    jobs = json.loads((tmp_path / "out" / "workload.json").read_text())
    assert ([job["subtime"] for job in jobs["jobs"]], jobs["meta"]) == ([3, 10, 20], {"left_out": 0})
    assert not [warning for warning in result.warnings if "left out" in warning]
