"""However the rows are cut, the bytes that come out are the same."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from anonkit.config import load
from anonkit.engine.coordinator import run
from anonkit.input.tasks import TaskSize

ROWS = 70
WHOLE = TaskSize()
SMALL = TaskSize(most_rows=10, least_rows=5)
"""Of so few rows, a run makes tasks for several workers only if it is asked to."""


@pytest.fixture(scope="module")
def rows(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> pa.Table:
    """Rows of the files that have one schema."""
    files = sorted(demo.glob("*.parquet"))[:-1]
    return pa.concat_tables(pq.read_table(path) for path in files).slice(0, ROWS)


@pytest.fixture(scope="module")
def data(rows: pa.Table, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("whole")
    pq.write_table(rows, folder / "rows.parquet", row_group_size=9)
    return folder


def _outputs(
    data: Path, out: Path, task_size: TaskSize = WHOLE, group_by: str | None = None, **options: Any
) -> dict[str, bytes]:
    """Run on a folder, with one worker by default; return the outputs by name."""
    reporters = {
        "site_jobs": {"all_sites": True},
        "dataset": {"enabled": True, "columns": ["*"], "row_group_rows": 15},
        "cmd_env_report": {} if group_by is None else {"group_by": group_by},
    }
    tables = {
        "run": {"data_dir": str(data), "output_dir": str(out), "workers": 1, **options},
        "reporters": reporters,
        "encoders": {"compression": {"enabled": True, "outputs": ["jobs_at_*"]}},
    }
    run(load(tables, environ={}), task_size=task_size)
    return {path.name: path.read_bytes() for path in out.iterdir()}


@pytest.fixture(scope="module")
def expected(data: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    return _outputs(data, tmp_path_factory.mktemp("expected") / "out")


def test_all_outputs_are_there(expected: dict[str, bytes]) -> None:
    assert {"summary.json", "failed_users.json", "cmd_env_report.txt", "manifest.json"} <= set(expected)
    assert "jobs_at_FermiGrid.json.zst" in expected
    assert {"dataset.parquet", "dataset.json", "dataset.md"} <= set(expected)


def test_the_data_set_has_all_rows(expected: dict[str, bytes]) -> None:
    footer = pq.read_metadata(pa.BufferReader(expected["dataset.parquet"]))
    assert [footer.row_group(place).num_rows for place in range(footer.num_row_groups)] == [15] * 4 + [10]
    assert footer.num_columns > 20


@pytest.mark.parametrize("workers", [2, 3])
def test_workers_do_not_show(data: Path, tmp_path: Path, expected: dict[str, bytes], workers: int) -> None:
    assert _outputs(data, tmp_path / "out", SMALL, workers=workers) == expected


def test_batches_of_one_row_do_not_show(rows: pa.Table, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    pq.write_table(rows.slice(0, 12), tmp_path / "data" / "rows.parquet")
    expected = _outputs(tmp_path / "data", tmp_path / "whole")
    assert _outputs(tmp_path / "data", tmp_path / "single", batch_rows=1) == expected


@pytest.mark.parametrize("batch_rows", [9, 50])
def test_batches_do_not_show(data: Path, tmp_path: Path, expected: dict[str, bytes], batch_rows: int) -> None:
    assert _outputs(data, tmp_path / "out", batch_rows=batch_rows) == expected


@pytest.mark.parametrize("sizes", [[1, 0, 69], [35, 35], [10] * 7])
def test_files_do_not_show(rows: pa.Table, tmp_path: Path, expected: dict[str, bytes], sizes: list[int]) -> None:
    folder = tmp_path / "data"
    first = 0
    for number, size in enumerate(sizes):
        (folder / f"part-{number}").mkdir(parents=True)
        pq.write_table(rows.slice(first, size), folder / f"part-{number}" / "rows.parquet")
        first += size
    assert first == ROWS
    assert _without_files(_outputs(folder, tmp_path / "out", SMALL)) == _without_files(expected)


def _without_files(outputs: dict[str, bytes]) -> dict[str, object]:
    """Return the outputs, and the manifest without the number of files, which is that of the input."""
    manifest = json.loads(outputs["manifest.json"])
    for reader in manifest["input"]:
        del reader["files"]
    return {**outputs, "manifest.json": manifest}


def test_grouped_reports_do_not_show_it_either(data: Path, tmp_path: Path) -> None:
    one = _outputs(data, tmp_path / "one", group_by="User")
    many = _outputs(data, tmp_path / "many", SMALL, group_by="User", workers=3, batch_rows=7)
    assert one == many
    assert b"## User: " in one["cmd_env_report.txt"]
