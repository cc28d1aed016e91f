"""The shell's completion: its script, and the names that it offers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from anonkit.cli import main
from anonkit.cli.completion import VARIABLE
from anonkit.cli.site_names import site_names

Call = Callable[..., Any]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_asks_the_program(call: Call, shell: str) -> None:
    said = call("completion", shell)
    assert said.status == 0
    assert f"{VARIABLE}={shell}_complete" in said.out


def test_an_unknown_shell_is_wrong_usage(call: Call) -> None:
    said = call("completion", "csh")
    assert said.status == 2
    assert "'bash', 'zsh', 'fish'" in said.err


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("anonkit comp", ["plain,completion"]),
        ("anonkit run --enable tal", ["plain,tally"]),
        ("anonkit run --style sh", ["plain,short"]),
        ("anonkit run --user-col AcctGroupU", ["plain,AcctGroupUser"]),
        ("anonkit run --mapping ma", ["file,ma"]),
        ("anonkit run --preset sl", ["plain,slurm"]),
        ("anonkit demo --format sq", ["plain,sqlite"]),
        ("anonkit run --output-dir o", ["dir,o"]),
    ],
)
def test_names_are_completed(call: Call, monkeypatch: pytest.MonkeyPatch, line: str, offered: list[str]) -> None:
    words = line.split()
    monkeypatch.setenv(VARIABLE, "bash_complete")
    monkeypatch.setenv("COMP_WORDS", line)
    monkeypatch.setenv("COMP_CWORD", str(len(words) - 1))
    assert call().out.splitlines() == offered


def test_profiles_are_completed(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv(VARIABLE, "bash_complete")
    monkeypatch.setenv("COMP_WORDS", "anonkit run --profile p")
    monkeypatch.setenv("COMP_CWORD", "3")
    main(())
    assert capsys.readouterr().out.splitlines() == ["plain,public", "plain,partner"]


def test_sites_of_the_input_are_completed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pq.write_table(pa.table({"MATCH_EXP_JOB_Site": ["FermiGrid", " Fermi2 ", None, "CERN"]}), tmp_path / "jobs.parquet")
    monkeypatch.setenv(VARIABLE, "bash_complete")
    for line in ("run . out --site Fer", "run --data-dir jobs.parquet --site Fer"):
        monkeypatch.setenv("COMP_WORDS", f"anonkit {line}")
        monkeypatch.setenv("COMP_CWORD", str(len(line.split())))
        main(())
        assert capsys.readouterr().out.splitlines() == ["plain,Fermi2", "plain,FermiGrid"]


def test_an_input_without_sites_completes_nothing(tmp_path: Path) -> None:
    (tmp_path / "x.parquet").write_bytes(b"damaged")
    assert site_names(str(tmp_path), "Site") == site_names(str(tmp_path / "none"), "Site") == []
