from __future__ import annotations

import json
from pathlib import Path

import pytest

from anonkit.auditing.findings import AuditResult, Finding
from anonkit.config.model import Config, RunOptions
from anonkit.engine.findings_file import check_findings_path, write_findings
from anonkit.errors import ConfigError


def test_findings_are_written_with_the_text_around_them_for_the_owner_alone(tmp_path: Path) -> None:
    found = Finding("a.txt", 7, "user", "plain", "UR_1", "by annakowal.")
    assert "annakowal" not in f"{found} {found!r}"
    write_findings(
        tmp_path / "f.json", AuditResult(files=1, bytes=9, identities=1, patterns=1, findings=(found,), total=1)
    )
    assert (tmp_path / "f.json").stat().st_mode & 0o777 == 0o600
    written = json.loads((tmp_path / "f.json").read_bytes())
    assert written["findings"] == [
        {"output": "a.txt", "byte": 7, "kind": "user", "token": "UR_1", "form": "plain", "text": "by annakowal."}
    ]


def test_the_output_folder_is_no_place_for_them(tmp_path: Path) -> None:
    options = RunOptions(output_dir=str(tmp_path), findings=str(tmp_path / "x" / "f.json"))
    with pytest.raises(ConfigError, match="handed on"):
        check_findings_path(Config(run=options))
