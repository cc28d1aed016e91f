"""Whole runs: dask gives the bytes that the local executor gives, whatever happens to workers."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import attrs
import psutil
import pytest
from dask_plugins import DeadlyReporter

import anonkit
from anonkit.api import AnonkitError, PluginLoadError, ReporterSpec
from anonkit.config import Choice
from anonkit.input.tasks import TaskSize

ANONKIT = Path(sys.executable).with_name("anonkit")
WITH_DASK = {"run": {"executor": "dask", "workers": 2}}

# So that there are more tasks than workers.
SMALL_TASKS = TaskSize(most_rows=100)


def run(data: Path, output: Path, *, marker: Path | None = None, **tables: Any) -> dict[str, bytes]:
    """Run with every reporter, and with one that kills its worker once unless the file `marker` is there."""
    places = {"data_dir": str(data), "output_dir": str(output), "workers": 1}
    reporters = {"site_jobs": {"all_sites": True}}
    encoders = {"compression": {"enabled": True, "outputs": ["jobs_at_F*"]}}
    own = {name: table for name, table in tables.items() if name != "run"}
    run_table = {**places, **tables.get("run", {})}
    config = anonkit.load({"run": run_table, "reporters": reporters, "encoders": encoders, **own}, environ={})
    if marker:
        deadly = DeadlyReporter(str(marker))
        kind = ReporterSpec(name="deadly", summary="", factory=lambda _: deadly)
        config = attrs.evolve(config, reporters=(*config.reporters, Choice(kind, kind.options())))
    anonkit.run(config, task_size=SMALL_TASKS)
    return {path.name: path.read_bytes() for path in output.iterdir()}


@pytest.fixture(scope="module")
def expected(data: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """What the executor writes that comes with anonkit."""
    outputs = run(data, tmp_path_factory.mktemp("expected") / "out")
    assert {"summary.json", "cmd_env_report.txt", "failed_users.json", "jobs_at_FermiGrid.json.zst"} <= set(outputs)
    return outputs


def test_a_command_with_dask_writes_the_same_outputs(data: Path, tmp_path: Path, expected: dict[str, bytes]) -> None:
    (tmp_path / "anonkit.toml").write_text(
        f"""
        [run]
        data_dir = "{data}"
        output_dir = "out"
        executor = "dask"
        workers = 2
        [reporters.site_jobs]
        all_sites = true
        [encoders.compression]
        enabled = true
        outputs = ["jobs_at_F*"]
        """
    )
    done = subprocess.run([ANONKIT, "run"], cwd=tmp_path, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0
    [warning] = done.stderr.splitlines()
    assert warning.startswith("anonkit: warning: names that are words of job records")
    assert {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()} == expected


def test_a_run_in_which_a_worker_dies_leaves_nothing(
    data: Path, tmp_path: Path, expected: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temp"))
    (tmp_path / "temp").mkdir()
    before = set(psutil.Process().children(recursive=True))
    marker = tmp_path / "died"
    outputs = run(data, tmp_path / "out", marker=marker, executors={"dask": {"shared_files": False}}, **WITH_DASK)
    left = set(psutil.Process().children(recursive=True)) - before
    # multiprocessing keeps it for the life of the process.
    assert all("resource_tracker" in " ".join(child.cmdline()) for child in left)
    assert list((tmp_path / "temp").iterdir()) == []
    assert marker.exists()
    assert int(outputs.pop("rows.txt")) == json.loads(expected["summary.json"])["meta"]["total_rows"]
    assert {**outputs, "manifest.json": b""} == {**expected, "manifest.json": b""}


@pytest.mark.parametrize("shared_files", [True, False])
def test_a_running_cluster_writes_the_same_outputs(
    cluster: str, data: Path, tmp_path: Path, expected: dict[str, bytes], shared_files: bool
) -> None:
    executors = {"dask": {"address": cluster, "shared_files": shared_files}}
    assert run(data, tmp_path / "out", executors=executors, **WITH_DASK) == expected


def test_an_address_without_a_scheduler_is_an_error(data: Path, tmp_path: Path) -> None:
    with pytest.raises(AnonkitError) as caught:
        run(data, tmp_path / "out", executors={"dask": {"address": "tcp://127.0.0.1:1", "timeout": 1}}, **WITH_DASK)
    assert str(caught.value) == (
        "no dask scheduler answers at tcp://127.0.0.1:1 within 1 seconds: check that it runs there, that no firewall "
        "is between, and [executors.dask] address and timeout"
    )
    assert list((tmp_path / "out").iterdir()) == []


def test_missing_dask_is_an_error_with_the_command_to_install_it(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("executor", "clusters", "library"):
        monkeypatch.delitem(sys.modules, f"anonkit_dask.{module}", raising=False)
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(PluginLoadError) as caught:
        run(data, tmp_path / "out", **WITH_DASK)
    assert str(caught.value) == (
        "the executor dask cannot be used (ModuleNotFoundError: import of distributed halted; None in sys.modules): "
        "pip install 'anonkit[dask]'"
    )
