"""Write a file of one format with as many rows as wanted: `python -m benchmarks.format_growth FORMAT FILE ROWS`.

The same 20,000 made-up jobs are in it again and again, with few columns, so that files are below a gigabyte.
"""

from __future__ import annotations

import sqlite3
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

__all__ = ["GROWING", "write_grown"]

GROWING = ("csv", "tsv", "sacct", "swf", "jsonl", "json", "long", "ads", "xml", "sqlite")
"""The formats that are read as a stream."""

_JOBS = 20_000
_WITH_HEADER = ("csv", "tsv", "sacct")
_AGAIN = """
WITH RECURSIVE times(time) AS (SELECT 1 UNION ALL SELECT time + 1 FROM times WHERE time < ?)
INSERT INTO jobs SELECT jobs.* FROM times, jobs WHERE time > 1
"""


def write_grown(form: str, path: Path, rows: int) -> None:
    """Write a file with `rows` rows, a multiple of 20,000."""
    from anonkit.demo.formats import write_rows

    jobs = [_trace(number) if form == "swf" else _job(number) for number in range(_JOBS)]
    write_rows(path, list(jobs[0]), jobs, form)
    if form == "sqlite":
        with closing(sqlite3.connect(path)) as database, database:
            database.execute(_AGAIN, (rows // _JOBS,))
        return
    head, body, tail = _parts(path.read_bytes(), form)
    with path.open("wb") as file:
        file.write(head)
        for _ in range(rows // _JOBS):
            file.write(body)
        file.write(tail)


def _job(number: int) -> dict[str, Any]:
    user = f"user{number % 500}"
    return {
        "JobID": number,
        "User": f"{user}@example.org",
        "Cmd": f"/home/{user}/run{number % 90}.sh",
        "Memory": number / 8,
    }


def _trace(number: int) -> dict[str, Any]:
    return {f"field_{place}": (number * (place + 1)) % 1000 for place in range(18)}


def _parts(data: bytes, form: str) -> tuple[bytes, bytes, bytes]:
    """Return what comes before the jobs, the jobs, and what comes after; arrays of JSON may follow each other."""
    start = data.find(b"<c>") if form == "xml" else data.find(b"\n") + 1 if form in _WITH_HEADER else 0
    end = data.rfind(b"</classads>") if form == "xml" else len(data)
    return data[:start], data[start:end], data[end:]


if __name__ == "__main__":
    wanted, file_name, count = sys.argv[1:]
    write_grown(wanted, Path(file_name), int(count))
