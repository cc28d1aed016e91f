"""The package that `anonkit plugins new` writes, with a plugin of each kind, in an environment of its own."""

from __future__ import annotations

import csv
import gzip
import json
import os
import shutil
import site
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from anonkit.cli import main
from anonkit.cli.new_plugin import KINDS, package_files

# The environment is made once.
pytestmark = pytest.mark.xdist_group("plugin_package")

TEMPLATE = Path(__file__).parents[2] / "docs" / "plugin-template"
EXAMPLES = [TEMPLATE.parent / "examples" / name for name in ("anonkit-batch-usage", "anonkit-web-logs")]
NAMES = [f"batch_groups_{kind}" for kind in KINDS]


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of a new environment that sees anonkit, and has the package installed that the command writes."""
    folder = tmp_path_factory.mktemp("scratch")
    kinds = [argument for kind in KINDS for argument in ("--kind", kind)]
    assert main(["plugins", "new", "batch-groups", *kinds, "--into", str(folder)]) == 0
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder / "env"], check=True)
    purelib = sysconfig.get_path("purelib", vars={"base": str(folder / "env"), "platbase": str(folder / "env")})
    # addsitedir reads the path files there, which is how an editable anonkit is found.
    paths = [path for path in (*site.getsitepackages(), sysconfig.get_path("purelib")) if Path(path).is_dir()]
    Path(purelib, "outer.pth").write_text("".join(f"import site; site.addsitedir({path!r})\n" for path in set(paths)))
    python = folder / "env" / "bin" / "python"
    packages = [shutil.copytree(example, folder / example.name) for example in EXAMPLES]
    # What builds the packages is installed once, not in an environment for each.
    _pip(python, "--target", folder / "build", "hatchling")
    built = (folder / "anonkit-batch-groups", *packages)
    _pip(python, "--no-deps", "--no-build-isolation", *built, PYTHONPATH=str(folder / "build"))
    return python


def _pip(python: Path, *arguments: object, **variables: str) -> None:
    """Install packages; the environment has no pip of its own, and finds the one of this Python."""
    pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, *map(str, arguments)], env={**os.environ, **variables}, check=True, timeout=300)


def _anonkit(python: Path, cwd: Path, *arguments: object) -> str:
    command = [python, "-c", "import sys; from anonkit.cli import main; sys.exit(main())", *map(str, arguments)]
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_template_in_the_docs_is_what_the_command_writes() -> None:
    written = {
        str(path.relative_to(TEMPLATE)): path.read_text()
        for path in TEMPLATE.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert package_files("batch-groups", list(KINDS)) == written


def test_every_plugin_is_listed_and_shown(scratch: Path, tmp_path: Path) -> None:
    listed = json.loads(_anonkit(scratch, tmp_path, "plugins", "--check", "--json"))["plugins"]
    states = {plugin["name"]: plugin["status"] for plugin in listed}
    expected = {"reader": "on", "executor": "available"}
    assert {name: states[name] for name in NAMES} == {
        f"batch_groups_{kind}": expected.get(kind, "off") for kind in KINDS
    }
    shown = _anonkit(scratch, tmp_path, "plugins", "batch_groups_transform")
    assert "--batch-groups-transform-step" in shown
    assert "[anonymizers.batch_groups_transform]" in shown


def test_it_works_in_a_parallel_run_from_toml_and_flags(scratch: Path, tmp_path: Path, demo: Path) -> None:
    shutil.copytree(demo, tmp_path / "data")
    (tmp_path / "data" / "more.batch_groups").write_text("annak group_tarnis.annak FermiGrid\n" * 3)
    (tmp_path / "anonkit.toml").write_text(
        """
        [run]
        data_dir = "data"
        output_dir = "out"
        executor = "batch_groups_executor"
        columns = ["User", "AccountingGroup", "MATCH_EXP_JOB_Site", "RequestMemory"]
        [anonymizers.batch_groups_tokenizer]
        enabled = true
        [anonymizers.batch_groups_transform]
        enabled = true
        [reporters.batch_groups_reporter]
        enabled = true
        [reporters.batch_groups_listing]
        enabled = true
        [encoders.batch_groups_encoder]
        enabled = true
        [reporters.cmd_env_report]
        enabled = false
        """
    )
    flags = ("--site", "FermiGrid", "--batch-groups-reporter-top", "5", "--batch-groups-transform-step", "100")
    _anonkit(scratch, tmp_path, "run", "--workers", "2", *flags)

    def output(name: str) -> bytes:
        return gzip.decompress((tmp_path / "out" / f"{name}.gz").read_bytes())

    assert len(json.loads(output("batch_groups_reporter.json"))["sites"]) == 5
    jobs = json.loads(output("jobs_at_FermiGrid.json"))["jobs_at_site"]
    groups = {job["AccountingGroup"].partition(".")[0] for job in jobs if job["AccountingGroup"]}
    assert groups
    assert all(group.startswith("BATCHGROUPS_") for group in groups)
    assert all(job["RequestMemory"] % 100 == 0 for job in jobs if job["RequestMemory"] is not None)
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_bytes())
    read = {entry["reader"]: entry["rows"] for entry in manifest["input"]}
    assert read["batch_groups_reader"] == 3
    assert len(output("batch_groups_listing.txt").splitlines()) == 1 + sum(read.values())


def test_jobs_by_hour_and_experiment(scratch: Path, tmp_path: Path, demo: Path) -> None:
    _anonkit(scratch, tmp_path, "run", demo, "out", "--workers", "2", "--enable", "usage_by_hour")
    rows = list(csv.DictReader((tmp_path / "out" / "usage_by_hour.csv").read_text().splitlines()))
    assert len({row["hour"] for row in rows}) > 1
    assert {row["experiment"][:2] for row in rows} <= {"", "EX"}
    summary = json.loads((tmp_path / "out" / "summary.json").read_bytes())
    assert sum(int(row["jobs"]) for row in rows) >= summary["meta"]["total_rows"]


def test_a_web_log_is_anonymized_by_its_own_plugins(scratch: Path, tmp_path: Path) -> None:
    line = '192.0.2.{0} - annak{0} [31/Dec/2023:20:08:12 +0100] "GET /~annak{0}/ HTTP/1.1" 200 512 "-" "curl/8"\n'
    (tmp_path / "logs").mkdir()
    for day in range(3):
        lines = "".join(line.format(visitor) for visitor in range(day, 5))
        (tmp_path / "logs" / f"access.log.{day}").write_text(lines)
    shutil.copy(EXAMPLES[1] / "anonkit.toml", tmp_path)
    _anonkit(scratch, tmp_path, "run", "logs", "out", "--workers", "2", "--hits-top", "3")
    hits = (tmp_path / "out" / "web_hits.csv").read_text().splitlines()
    assert hits[0] == "path,status,hits"
    assert [line.rpartition(",")[2] for line in hits[1:]] == ["3", "3", "3"]
    assert all(line.startswith("/~V_") for line in hits[1:])


def test_their_own_tests_pass(scratch: Path, tmp_path: Path) -> None:
    for package in (TEMPLATE, *EXAMPLES):
        tests = tmp_path / package.name
        shutil.copytree(package / "tests", tests, ignore=shutil.ignore_patterns("__pycache__"))
    pytest_command = [scratch, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--import-mode=importlib", tmp_path]
    done = subprocess.run(pytest_command, capture_output=True, text=True, check=False, timeout=500)
    assert done.returncode == 0, done.stdout + done.stderr
