"""Every flag of a setting reaches its setting: the command says so, with the value and the flag."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from command import run_command

from anonkit.config.schema import Schema
from anonkit.plugin.discovery import discover

TEXTS = {
    "--data-dir": "data", "--output-dir": "out", "--profile": "public", "--preset": "slurm", "--sql": "FROM jobs",
    "--where": "Cmd IS NULL", "--since": "2024-01-01", "--until": "2024-02-01", "--mapping": "map.json",
    "--findings": "found.json", "--mapping-identity": "key.txt", "--mapping-passphrase-file": "phrase.txt",
    "--user-col": "Owner", "--ip-col": "Address", "--site-col": "Site", "--cmd-col": "Args", "--env-col": "Env",
    "--starts-col": "Starts", "--completions-col": "Ends", "--user-prefix": "P_", "--ip-prefix": "A_",
    "--exp-prefix": "G_", "--risk-before": "risk.json", "--site-format": "csv", "--report-file": "jobs.txt",
    "--report-group-by": "Site", "--dataset-by": "Site", "--compress-codec": "xz", "--archive": "all.tar",
    "--dask-address": "tcp://127.0.0.1:1",
}  # fmt: skip
NUMBERS: dict[str, float] = {
    "--sample": 0.5, "--limit": 7, "--workers": 3, "--min-users": 4, "--max-risk": 0.25, "--wrap": 60,
}  # fmt: skip
LISTS = (
    "--allow", "--mapping-recipient", "--experiments", "--suppress", "--drop", "--shift-times", "--risk-columns",
    "--sensitive", "--site", "--dataset-columns",
)  # fmt: skip
SWITCHES = {
    "--force": True, "--garble": True, "--no-garble": False, "--audit": True, "--no-audit": False, "--strict": True,
    "--job-numbers": True, "--mapping-ask-passphrase": True, "--all-sites": True, "--case-insensitive": True,
    "--case-sensitive": False, "--include-meta": True, "--no-meta": False,
}  # fmt: skip
GIVEN: dict[str, tuple[list[str], Any]] = {
    **{flag: ([text], text) for flag, text in TEXTS.items()},
    **{flag: ([str(number)], number) for flag, number in NUMBERS.items()},
    **{flag: (["Alpha"], ["Alpha"]) for flag in LISTS},
    **{flag: ([], is_on) for flag, is_on in SWITCHES.items()},
    "--coarsen": (['{ QDate = "1d" }'], {"QDate": "1d"}),
}
SETTINGS = {
    flag: setting for setting in Schema.from_registry(discover()).settings.values() for flag in setting.info.flags
}


def test_the_flags_are_these() -> None:
    assert set(GIVEN) == {flag for flag, setting in SETTINGS.items() if setting.package == "anonkit"}


@pytest.mark.parametrize("flag", GIVEN)
def test_a_flag_sets_its_setting(tmp_path: Path, flag: str) -> None:
    words, value = GIVEN[flag]
    shown = json.loads(run_command("config", "show", "--json", "--show-secrets", flag, *words, cwd=tmp_path).stdout)
    setting = SETTINGS[flag]
    assert shown[setting.section][setting.key] == {"value": value, "source": flag}
