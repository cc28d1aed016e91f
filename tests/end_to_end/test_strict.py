"""With --strict a warning is an error, and nothing is published."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from command import Command

import anonkit as package


def _data(folder: Path, **more: list[str]) -> Path:
    names = {"User": ["zorkmidas@example.org"], "Cmd": ["/bin/true"], "Environment": ["A=1"]}
    others = {"NumJobStarts": [1], "NumJobCompletions": [1], "CumulativeSlotTime": [2.0], "RequestMemory": [1]}
    rest = {"JobsubClientIpAddress": ["192.0.2.7"], "MATCH_EXP_JOB_Site": ["Here"], "DAG_NodesFailed": [0]}
    pq.write_table(pa.table({**names, **others, **rest, **more}), folder / "jobs.parquet")
    return folder / "jobs.parquet"


def test_a_warning_stops_the_publication(anonkit: Command, tmp_path: Path) -> None:
    data = _data(tmp_path)
    columns = "run.columns=User,Cmd,Environment,Nowhere"
    done = anonkit("run", data, "out", "--set", columns, "--strict", "--mapping", "mapping.json", status=1)
    assert "nothing is published, because of --strict ([run] strict) and these warnings:" in done.stderr
    assert "Nowhere" in done.stderr
    assert not any((tmp_path / "out").iterdir())
    # Warnings name tokens, which the operator looks up in it.
    assert "zorkmidas" in (tmp_path / "mapping.json").read_text()


def test_without_a_warning_it_changes_nothing(anonkit: Command, tmp_path: Path) -> None:
    anonkit("run", _data(tmp_path), "out", "--strict")
    assert (tmp_path / "out" / "summary.json").exists()


def test_python_takes_plain_tables(tmp_path: Path) -> None:
    tables = {"run": {"data_dir": str(_data(tmp_path)), "output_dir": str(tmp_path / "out"), "workers": 1}}
    assert package.plan(tables).rows == 1
    assert package.run(tables).rows == 1
    assert {"anonymize", "audit", "load", "plan", "run"} <= set(dir(package))
