"""A package of a stranger's, installed with pip into an environment of its own."""

from __future__ import annotations

import json
import shutil
import site
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

# The environment is made once.
pytestmark = pytest.mark.xdist_group("plugin_package")

TEMPLATE = Path(__file__).parents[2] / "docs" / "plugin-template"


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bin folder of a new environment that sees anonkit, and has the package of docs/plugin-template installed."""
    folder = tmp_path_factory.mktemp("scratch")
    shutil.copytree(TEMPLATE, folder / "package", ignore=shutil.ignore_patterns("__pycache__"))
    subprocess.run([sys.executable, "-m", "venv", folder / "env"], check=True)
    purelib = sysconfig.get_path("purelib", vars={"base": str(folder / "env"), "platbase": str(folder / "env")})
    # addsitedir reads the path files there, which is how an editable anonkit is found.
    paths = [path for path in (*site.getsitepackages(), sysconfig.get_path("purelib")) if Path(path).is_dir()]
    Path(purelib, "outer.pth").write_text("".join(f"import site; site.addsitedir({path!r})\n" for path in set(paths)))
    python = folder / "env" / "bin" / "python"
    pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"]
    subprocess.run([*pip, folder / "package"], check=True, timeout=300)
    return python


def _anonkit(python: Path, cwd: Path, *arguments: object) -> str:
    command = [python, "-c", "from anonkit.cli import main; main()", *map(str, arguments)]
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_it_is_listed(scratch: Path, tmp_path: Path) -> None:
    listed = _anonkit(scratch, tmp_path, "plugins")
    assert "busy_sites" in listed
    assert "group" in listed
    assert "batchgroups" in listed


def test_its_flags_are_in_the_help(scratch: Path, tmp_path: Path) -> None:
    shown = _anonkit(scratch, tmp_path, "run", "--help")
    assert "--busy-top" in shown
    assert "--group-col" in shown


def test_it_works_in_a_parallel_run_from_toml_and_flags(scratch: Path, tmp_path: Path, demo: Path) -> None:
    (tmp_path / "anonkit.toml").write_text(
        f"""
        [run]
        data_dir = "{demo}"
        output_dir = "out"
        columns = ["User", "AccountingGroup", "MATCH_EXP_JOB_Site"]
        [anonymizers.group]
        enabled = true
        [reporters.busy_sites]
        enabled = true
        top = 5
        [reporters.cmd_env_report]
        enabled = false
        """
    )
    _anonkit(scratch, tmp_path, "run", "--workers", "2", "--site", "FermiGrid")
    assert len(json.loads((tmp_path / "out" / "busy_sites.json").read_bytes())["busy_sites"]) == 5
    jobs = json.loads((tmp_path / "out" / "jobs_at_FermiGrid.json").read_bytes())["jobs_at_site"]
    assert {job["AccountingGroup"][:3] for job in jobs} == {"GR_"}

    _anonkit(scratch, tmp_path, "run", "--workers", "2", "--busy-top", "2")
    assert len(json.loads((tmp_path / "out" / "busy_sites.json").read_bytes())["busy_sites"]) == 2


def test_its_own_tests_pass(scratch: Path, tmp_path: Path) -> None:
    tests = shutil.copytree(TEMPLATE / "tests", tmp_path / "tests", ignore=shutil.ignore_patterns("__pycache__"))
    pytest_command = [scratch, "-m", "pytest", "-q", tests]
    done = subprocess.run(pytest_command, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
