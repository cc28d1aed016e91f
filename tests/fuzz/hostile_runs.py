"""Whole runs over jobs of which some are hostile: what happened, what is left, and what it cost."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import attrs
import pyarrow as pa
import pyarrow.parquet as pq
from slow_search import readable

import anonkit
from anonkit.errors import AnonkitError

__all__ = ["NAME", "Outcome", "harmless", "run_over"]

NAME = "zorblatqui"
"""A user that hostile texts are about; each run has others beside it."""

ROWS = 6


@attrs.frozen
class Outcome:
    """How a run ended: its error as a text, the places in which the name is left, and seconds of CPU."""

    error: str
    left: tuple[str, ...]
    seconds: float

    @property
    def fine(self) -> bool:
        """Whether the run published, and nobody is left."""
        return not self.error and not self.left


def run_over(folder: Path, texts: Sequence[str], column: str) -> Outcome:
    """Run over jobs with the texts in that column and some others beside them."""
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "data").mkdir(parents=True)
    pq.write_table(_jobs(texts, column), folder / "data" / "jobs.parquet")
    before = time.process_time()
    error = ""
    try:
        anonkit.run(anonkit.load(_settings(folder), environ={}))
    except AnonkitError as refused:
        error = f"{type(refused).__name__}: {refused}"
    seconds = time.process_time() - before
    return Outcome(error, () if error else tuple(_left(folder / "out")), seconds)


def harmless(size: int) -> str:
    """Return a text of that many characters that nobody could object to."""
    return ("/opt/tools/run.sh --events 100 --out result.root " * (size // 49 + 1))[:size]


def _jobs(texts: Sequence[str], column: str) -> pa.Table:
    number = len(texts) + ROWS
    columns = {
        "User": [f"{NAME}@example.org", *(f"wexlomir{place}@example.org" for place in range(number - 1))],
        "JobsubClientIpAddress": ["192.0.2.77"] * number,
        "MATCH_EXP_JOB_Site": ["SiteA"] * number,
        "Cmd": ["/bin/run.sh"] * number,
        "Environment": ["A=1"] * number,
        "NumJobStarts": ["1"] * number,
        "NumJobCompletions": ["1"] * number,
    }
    columns[column][ROWS:] = [*texts]
    return pa.table({name: pa.array(values, pa.string()) for name, values in columns.items()})


def _settings(folder: Path) -> dict[str, dict[str, Any]]:
    return {
        "run": {"data_dir": str(folder / "data"), "output_dir": str(folder / "out"), "workers": 1},
        "reporters": {
            "site_jobs": {"all_sites": True},
            "cmd_env_report": {"enabled": True},
            "dataset": {"enabled": True, "columns": ["*"]},
        },
    }


def _left(out: Path) -> list[str]:
    left = []
    for row in json.loads((out / "jobs_at_SiteA.json").read_bytes())["jobs_at_site"]:
        left += [f"jobs_at, {key}" for key, value in row.items() if readable(str(value), NAME)]
    for path in sorted(out.rglob("*.parquet")):
        for row in pq.read_table(path).to_pylist():
            left += [f"dataset, {key}" for key, value in row.items() if readable(str(value), NAME)]
    for path in sorted(out.rglob("*.txt")):
        left += [path.name for line in path.read_text().splitlines() if readable(line, NAME)]
    return left
