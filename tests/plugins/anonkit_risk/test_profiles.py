"""Profiles: settings by one name, of anonkit and of others."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import attrs
import pytest
from command import run_command, run_program

import anonkit
from anonkit.api import ConfigError, PluginLoadError, ProfileSpec
from anonkit.config import load, load_resolved
from anonkit.demo import write_demo
from anonkit.plugin.discovery import discover
from anonkit.plugin.registry import Installed, Registry


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo")
    write_demo(folder, rows=20_000, files=2)
    return folder


def test_the_public_profile_passes_its_gate(demo: Path, tmp_path: Path) -> None:
    run_command("run", demo, "out", "--profile", "public", cwd=tmp_path)
    figures = json.loads((tmp_path / "out" / "risk.json").read_text())
    assert figures["k"] >= figures["min_users"] == 11
    assert {path.name for path in (tmp_path / "out").iterdir()} >= {"report.html", "dataset.parquet", "manifest.json"}
    assert b"Environment" not in (tmp_path / "out" / "dataset.parquet").read_bytes()


def test_the_columns_of_a_profile_win_over_those_of_a_preset(tmp_path: Path) -> None:
    (tmp_path / "sacct.txt").write_text(
        "JobID|User|Account|Cluster|State|RequestMemory|CumulativeSlotTime|Elapsed|SubmitLine\n"
        "1|annakow|g2lab|north|COMPLETED|4|600|00:10:00|sbatch x\n"
    )

    def columns(**run: Any) -> set[str]:
        place = {"data_dir": str(tmp_path / "sacct.txt"), "output_dir": str(tmp_path / "out"), "workers": 1}
        return set(anonkit.plan({"run": {**place, "preset": "slurm", **run}}).columns)

    assert {"SubmitLine", "State", "Elapsed"} <= columns()
    assert "RequestMemory" not in columns()
    assert {"RequestMemory", "CumulativeSlotTime"} <= columns(profile="public")
    assert not {"SubmitLine", "Elapsed"} & columns(profile="public")
    assert "RequestMemory" not in columns(profile="public", columns=["User", "CumulativeSlotTime"])


def test_the_internal_profile_has_no_gate(demo: Path, tmp_path: Path) -> None:
    run = {
        "data_dir": str(demo),
        "output_dir": str(tmp_path / "out"),
        "profile": "internal",
        "workers": 1,
        "limit": 500,
    }
    anonkit.run({"run": run, "reporters": {"cmd_env_report": {"enabled": False}}})
    assert json.loads((tmp_path / "out" / "risk.json").read_text())["k"] == 1


def test_config_show_names_the_profile_as_the_source(tmp_path: Path) -> None:
    shown = run_command("config", "show", "--profile", "public", "--min-users", "12", cwd=tmp_path).stdout
    assert 'profile = "public"  # --profile\n' in shown
    assert 'order = "shuffled"  # profile public\n' in shown
    assert "min_users = 12  # --min-users\n" in shown
    assert "profile public" not in run_command("config", "show", cwd=tmp_path).stdout


@pytest.mark.parametrize("name", ["public", "partner", "internal"])
def test_each_layer_wins_over_the_profile(name: str, tmp_path: Path) -> None:
    file = tmp_path / "anonkit.toml"
    file.write_text(f'[run]\nprofile = "{name}"\n[reporters.html]\nenabled = false\n')
    resolved = load_resolved(file=file, environ={}, complete=False)
    assert resolved.values["reporters.dataset.enabled"].source == f"profile {name}"
    assert not resolved.values["reporters.html.enabled"].value
    by_variable = load(
        {"reporters": {"dataset": {"enabled": False}}}, environ={"ANONKIT_PROFILE": name}, complete=False
    )
    assert "dataset" not in [one.name for one in by_variable.reporters]
    assert "html" in [one.name for one in by_variable.reporters]


def test_a_profile_that_is_not_there(tmp_path: Path) -> None:
    message = run_command("config", "show", "--profile", "publik", cwd=tmp_path, status=2).stderr
    assert "--profile: no profile 'publik' is installed (did you mean 'public'?); known: public, partner" in message


def with_profile(place: str) -> Registry:
    spec = ProfileSpec(name="strict", summary="ours", place=place)
    return attrs.evolve(discover(), profiles={"strict": Installed("theirs", "1", spec)})


def test_a_profile_of_another_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "their_profiles"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "strict.toml").write_text("[risk]\nmin_users = 50\n")
    (package / "broken.toml").write_text("[risk\n")
    (package / "nested.toml").write_text('[run]\nprofile = "public"\n')
    (package / "wrong.toml").write_text("[run]\nworkerz = 1\n")
    monkeypatch.syspath_prepend(str(tmp_path))

    def loaded(file: str) -> anonkit.config.Config:
        registry = with_profile(f"their_profiles:{file}")
        return load({"run": {"profile": "strict"}}, environ={}, complete=False, registry=registry)

    (risk,) = [one for one in loaded("strict.toml").reporters if one.name == "risk"]
    assert risk.options.min_users == 50
    for file in ("broken.toml", "absent.toml"):
        with pytest.raises(PluginLoadError, match=f"profile strict: their_profiles:{file} cannot be read"):
            loaded(file)
    with pytest.raises(ConfigError, match="a profile names no other"):
        loaded("nested.toml")
    with pytest.raises(ConfigError, match=r"profile strict: \[run\] workerz: no such key"):
        loaded("wrong.toml")


THEIRS = """from anonkit.api import ProfileSpec, hookimpl

@hookimpl
def register_profiles():
    return [ProfileSpec(name="strict", summary="for the strict", place="their_package:strict.toml")]
"""


def test_a_profile_of_an_installed_package(demo: Path, tmp_path: Path) -> None:
    """Found through its entry point by a command in a process of its own: shown, and its gate holds."""
    info = tmp_path / "their_package-1.0.dist-info"
    (package := tmp_path / "their_package").mkdir()
    info.mkdir()
    (package / "__init__.py").write_text(THEIRS)
    (package / "strict.toml").write_text("[risk]\nmin_users = 500\n")
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: their-package\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[anonkit]\ntheirs = their_package\n")
    path = os.pathsep.join(filter(None, (str(tmp_path), os.environ.get("PYTHONPATH"))))
    shown = run_program("config", "show", "--profile", "strict", cwd=tmp_path, PYTHONPATH=path).stdout
    assert "min_users = 500  # profile strict\n" in shown
    call = ("run", demo, "out", "--profile", "strict", "--limit", "200", "--workers", "1")
    refused = run_program(*call, cwd=tmp_path, status=1, PYTHONPATH=path).stderr
    assert "nothing was published" in refused
    assert "min_users = 500" in refused
    assert not (tmp_path / "out" / "summary.json").exists()


def test_profiles_are_listed(tmp_path: Path) -> None:
    assert "\npublic " in run_command("plugins", cwd=tmp_path).stdout
