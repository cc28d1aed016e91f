from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import attrs
import pytest
from sample_plugins import registry

from anonkit.auditing.findings import AuditResult
from anonkit.cli import installed as installed_plugins
from anonkit.cli import main
from anonkit.engine.results import (
    PlanSummary,
    RunResult,
)
from anonkit.output.output_info import OutputInfo
from anonkit.plugin.contracts import Identities
from anonkit.plugin.registry import Registry


@attrs.frozen
class Said:
    """What a call of the program came to."""

    status: int
    out: str
    err: str


Call = Callable[..., Said]


@pytest.fixture(autouse=True)
def _nothing_but_what_the_test_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for variable in list(os.environ):
        if variable.startswith("ANONKIT_"):
            monkeypatch.delenv(variable)


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> Callable[[Registry], None]:
    """Makes a registry that of the installed plugins."""
    return lambda found: monkeypatch.setattr(installed_plugins, "discover", lambda **_: found)


@pytest.fixture
def call(installed: Callable[[Registry], None], capsys: pytest.CaptureFixture[str]) -> Call:
    """Calls the program, with the sample plugins installed."""
    installed(registry())

    def called(*arguments: str) -> Said:
        capsys.readouterr()
        status = main(arguments)
        return Said(status, *capsys.readouterr())

    return called


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """Stands for the engine: `configs` has what it was given, `result` and `plan` what it gives; `error` is raised."""
    fake = SimpleNamespace(configs=[], result=RESULT, plan=PLAN, error=None)

    def run(config: Any, *, progress: Any) -> RunResult:
        fake.configs.append(config)
        if fake.error is not None:
            raise fake.error
        progress("survey", 1, 2)
        result: RunResult = fake.result
        return result

    def plan(config: Any) -> PlanSummary:
        fake.configs.append(config)
        planned: PlanSummary = fake.plan
        return planned

    monkeypatch.setattr("anonkit.engine.coordinator.run", run)
    monkeypatch.setattr("anonkit.engine.coordinator.plan", plan)
    return fake


def identities(kind: str, number: int) -> Identities:
    tokens = tuple(f"{kind}{position}" for position in range(number))
    return Identities(
        kind=kind, tokens=tokens, text_tokens=tokens, counts=(1,) * number, valid=(True,) * number, originals=None
    )


RESULT = RunResult(
    rows_of_input=206874,
    preset="fife, by default",
    output_dir="out",
    outputs=(
        OutputInfo(name="tally.json", size=1_234_567, sha256="0", reporter="tally", garbled=True),
        OutputInfo(name="a" * 120 + "\x1b.txt", size=12, sha256="0", reporter="tally", garbled=True),
    ),
    rows=206_874,
    identities={"user": identities("UR", 3), "ip": identities("IP", 2)},
    highlights=(("busiest users", "UR1 [bold]x[/bold]"),),
    audit=AuditResult(files=2, bytes=1_234_579, identities=5, patterns=1_070),
)

PLAN = PlanSummary(
    files=6,
    rows=206_874,
    rows_taken=206_874,
    bytes=250_000_000,
    preset="slurm, found by the columns",
    columns=("User", "Cmd"),
    identity_columns={"user": ("User",), "experiment": ()},
    text_columns=("Cmd",),
    anonymizers=("user", "experiment"),
    reporters=("tally", "quiet"),
    raw_reporters=("quiet",),
    workers=4,
    skipped=("file 3: damaged",),
    warnings=("no column Iwd",),
)
