"""However the rows are cut, the bytes that come out are the same."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from command import run_command

ROWS = 140


@pytest.fixture(scope="module")
def rows(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> pa.Table:
    """Rows of the files that have one schema."""
    files = sorted(demo.glob("*.parquet"))[:-1]
    return pa.concat_tables(pq.read_table(path) for path in files).slice(0, ROWS)


@pytest.fixture(scope="module")
def data(rows: pa.Table, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("whole")
    pq.write_table(rows, folder / "rows.parquet", row_group_size=18)
    return folder


def _outputs(data: Path, folder: Path, *more: object) -> dict[str, bytes]:
    run_command(
        "run", "--data-dir", data, "--output-dir", folder / "out", "--all-sites", "--enable", "compression",
        "--enable", "dataset", "--dataset-columns", "*", "--set", "reporters.dataset.row_group_rows=30",
        "--set", "encoders.compression.outputs=jobs_at_*", *more, cwd=folder,
    )  # fmt: skip
    return {path.name: path.read_bytes() for path in (folder / "out").iterdir()}


@pytest.fixture(scope="module")
def expected(data: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    return _outputs(data, tmp_path_factory.mktemp("expected"), "--workers", 1)


def test_all_outputs_are_there(expected: dict[str, bytes]) -> None:
    assert {"summary.json", "failed_users.json", "cmd_env_report.txt", "manifest.json"} <= set(expected)
    assert "jobs_at_FermiGrid.json.zst" in expected
    assert {"dataset.parquet", "dataset.json", "dataset.md"} <= set(expected)


def test_the_data_set_has_all_rows(expected: dict[str, bytes]) -> None:
    footer = pq.read_metadata(pa.BufferReader(expected["dataset.parquet"]))
    assert [footer.row_group(place).num_rows for place in range(footer.num_row_groups)] == [30] * 4 + [20]
    assert footer.num_columns > 20


@pytest.mark.parametrize("workers", [2, 7])
def test_workers_do_not_show(data: Path, tmp_path: Path, expected: dict[str, bytes], workers: int) -> None:
    assert _outputs(data, tmp_path, "--workers", workers) == expected


def test_batches_of_one_row_do_not_show(rows: pa.Table, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    pq.write_table(rows.slice(0, 30), tmp_path / "data" / "rows.parquet")
    whole, single = tmp_path / "whole", tmp_path / "single"
    for folder in (whole, single):
        folder.mkdir()
    expected = _outputs(tmp_path / "data", whole, "--workers", 1)
    assert _outputs(tmp_path / "data", single, "--workers", 1, "--set", "run.batch_rows=1") == expected


@pytest.mark.parametrize("batch_rows", [9, 100, 100_000])
def test_batches_do_not_show(data: Path, tmp_path: Path, expected: dict[str, bytes], batch_rows: int) -> None:
    assert _outputs(data, tmp_path, "--workers", 1, "--set", f"run.batch_rows={batch_rows}") == expected


@pytest.mark.parametrize("sizes", [[1, 0, 139], [70, 70], [20] * 7])
def test_files_do_not_show(rows: pa.Table, tmp_path: Path, expected: dict[str, bytes], sizes: list[int]) -> None:
    folder = tmp_path / "data"
    first = 0
    for number, size in enumerate(sizes):
        (folder / f"part-{number}").mkdir(parents=True)
        pq.write_table(rows.slice(first, size), folder / f"part-{number}" / "rows.parquet")
        first += size
    assert first == ROWS
    assert _without_files(_outputs(folder, tmp_path, "--workers", 2)) == _without_files(expected)


def _without_files(outputs: dict[str, bytes]) -> dict[str, object]:
    """Return the outputs, and the manifest without the number of files, which is that of the input."""
    manifest = json.loads(outputs["manifest.json"])
    for reader in manifest["input"]:
        del reader["files"]
    return {**outputs, "manifest.json": manifest}


def test_grouped_reports_do_not_show_it_either(data: Path, tmp_path: Path) -> None:
    flags = ("--report-group-by", "User")
    one = _outputs(data, tmp_path, *flags, "--workers", 1)
    shutil.rmtree(tmp_path / "out")
    many = _outputs(data, tmp_path, *flags, "--workers", 3, "--set", "run.batch_rows=7")
    assert one == many
    assert b"## User: " in one["cmd_env_report.txt"]
