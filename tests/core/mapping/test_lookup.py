"""From a person to the token: by standard input, logged, without a name in messages."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

import anonkit
from anonkit.cli import main
from anonkit.errors import ConfigError

MAPPING = {
    "format": "anonkit-mapping-2",
    "domain": "0" * 32,
    "kinds": {
        "user": {"prefix": "UR", "text_prefix": "UR_", "identities": [["annak", 1], [None, 2], ["bertram", 3]]},
        "experiment": {"prefix": "EX_", "text_prefix": "EX_", "identities": [["annak", 1]]},
    },
}


@pytest.fixture
def mapping(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "mapping.json"
    path.write_text(json.dumps(MAPPING))
    return path


def asked(names: str, monkeypatch: pytest.MonkeyPatch, *flags: str) -> int:
    monkeypatch.setattr("sys.stdin", io.StringIO(names))
    return main(["lookup", "--mapping", "mapping.json", *flags])


def test_names_by_standard_input(
    mapping: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert asked("Bertram@example.org\n\nannak\n", monkeypatch) == 0
    assert capsys.readouterr().out == "1\tUR_3\tuser\tbertram\n3\tUR_1\tuser\tannak\n3\tEX_1\texperiment\tannak\n"
    line = json.loads(mapping.with_name("mapping.json.access.log").read_text())
    assert (line["command"], line["tokens"], line["count"]) == ("lookup", ["UR_3", "UR_1", "EX_1"], 2)


def test_a_name_that_the_mapping_lacks(
    mapping: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert asked("bertram\ncarlotta\n", monkeypatch, "--json") == 1
    said = capsys.readouterr()
    assert json.loads(said.out) == [{"line": 1, "token": "UR_3", "kind": "user", "identity": "bertram"}]
    assert "the mapping has no identity of the name in line 2 of standard input" in said.err
    assert "carlotta" not in said.err + mapping.with_name("mapping.json.access.log").read_text()


def test_no_name(mapping: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert asked("\n", monkeypatch) == 1
    assert "standard input has no name; give a file with a name in each line" in capsys.readouterr().err


def test_from_python(mapping: Path) -> None:
    config = {"run": {"mapping": str(mapping)}}
    assert [one.token for (one,) in anonkit.lookup(["annak", "BERTRAM"], config, kinds=["user"])] == ["UR_1", "UR_3"]
    with pytest.raises(ConfigError, match="host: the mapping has no such kind; it has user, experiment"):
        anonkit.lookup(["annak"], config, kinds=["host"])
    with pytest.raises(ConfigError, match="no mapping is named"):
        anonkit.lookup(["annak"], {})
