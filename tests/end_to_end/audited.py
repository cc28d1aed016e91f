"""Runs over four jobs whose audit passes or fails, and a reporter that leaks."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import attrs
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from anonkit_std.options.reporters import CmdEnvReportOptions, SiteJobsOptions, SummaryOptions
from anonkit_std.reporters.site_jobs.reporter import SiteJobsListing
from anonkit_std.reporters.summary import SummaryReporter
from anonkit_std.reporters.text_report.reporter import CmdEnvReport

from anonkit.auditing.findings import AuditError
from anonkit.plugin.contracts import OutputEncoder, Outputs, Reporter, RunContext
from anonkit.testing import run_plugins

QUOTE = "'"
HANDLES = ("annakowal", "müllerj", "o'brien", "bo")
ROWS = [
    {
        "User": f"{handle}@example.org",
        "RequestMemory": 2000,
        "JobsubClientIpAddress": "192.0.2.1",
        "MATCH_EXP_JOB_Site": "FermiGrid",
        "NumJobCompletions": 1,
        "NumJobStarts": 1,
        "Cmd": f"/home/{handle}/run_{handle.upper()}.sh",
        "Environment": f"A=1 GRID_USER={handle.replace(QUOTE, QUOTE * 2)} HOME=/home/{handle.replace(QUOTE, '')}x",
    }
    for handle in HANDLES
]


def write_jobs(folder: Path) -> Path:
    """Write the jobs into a new folder and return it."""
    folder.mkdir()
    pq.write_table(pa.Table.from_pylist(ROWS), folder / "jobs.parquet")
    return folder


REPORTERS: tuple[Reporter[Any, Any], ...] = (
    SummaryReporter(SummaryOptions()),
    SiteJobsListing(SiteJobsOptions(all_sites=True)),
    CmdEnvReport(CmdEnvReportOptions()),
)


def run_reporters(
    data: Path, output: Path, *plugins: Reporter[Any, Any] | OutputEncoder, **options: Any
) -> dict[str, bytes]:
    encoders = [one for one in plugins if isinstance(one, OutputEncoder)]
    reporters = [one for one in plugins if isinstance(one, Reporter)]
    return run_plugins(data, output, reporters=reporters, **{"encoders": encoders, **options})


def failure(data: Path, *more: Reporter[Any, Any] | OutputEncoder, **options: Any) -> str:
    """Run; the audit must fail, publish nothing and name nobody. Return what it says."""
    output = data.parent / "out"
    with pytest.raises(AuditError) as raised:
        run_reporters(data, output, *REPORTERS, *more, **options)
    assert not any(output.iterdir())
    told = str(raised.value)
    assert "nothing was published" in told
    assert "--no-audit" in told
    assert not any(handle in told.casefold() for handle in (*HANDLES[:3], "192.0.2.1"))
    return told


@attrs.frozen
class Leaky(Reporter[None, None]):
    """Writes what the test wants, as output `name`."""

    name: str
    content: bytes

    def start(self, context: RunContext) -> None:
        return None

    def consume(self, state: None, batch: Any) -> None:
        return None

    def merge(self, left: None, right: None) -> None:
        return None

    def finish(self, state: None, context: RunContext) -> None:
        return None

    def write(self, result: None, outputs: Outputs, context: RunContext) -> None:
        outputs.write(self.name, self.content)


def parquet(residue: bool) -> bytes:
    stored = io.BytesIO()
    words = pa.DictionaryArray.from_arrays(
        pa.array([0], pa.int32()), pa.array(["UR_1", "annakowal" if residue else ""])
    )
    table = pa.table({"c": words}).replace_schema_metadata(None if residue else {"by": "annakowal"})
    pq.write_table(table, stored, write_statistics=False, store_schema=not residue)
    return stored.getvalue()
