"""The code in the documents: Python compiles, commands and their flags exist, the tutorial prints what it shows.

Tables of TOML are checked against the schema of the configuration in `tests/core/config/test_json_schema.py`, and the
smallest plugins run in `test_documentation.py`.
"""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
import pytest

from anonkit.cli import main
from anonkit.cli.lazy import LazyGroup
from anonkit.cli.main import commands as program
from tests.docs.blocks import DOCUMENTS, ROOT, commands, indented_blocks, python_blocks

COMMANDS = sorted({line for document in DOCUMENTS for line in commands((ROOT / document).read_text(encoding="utf-8"))})
TUTORIAL = ROOT / "docs" / "tutorial.md"


WRITTEN = [path for path in DOCUMENTS if path.name not in ("api.md", "python.md") or path.parent.name != "reference"]
"""Those that are not made from the code."""


@pytest.mark.parametrize("document", WRITTEN, ids=str)
def test_python_compiles(document: Path) -> None:
    for block in python_blocks((ROOT / document).read_text(encoding="utf-8")):
        compile(block, str(document), "exec")


def unknown_flags(line: str) -> list[str]:
    """The flags of a command line that the command does not have; the command itself when there is none."""
    words = shlex.split(line)[1:]
    command: click.Command = program
    context = click.Context(command, info_name="anonkit", **command.context_settings)
    while isinstance(command, LazyGroup) and words and not words[0].startswith("-"):
        found = command.get_command(context, words[0])
        if found is None or found.name not in (words[0], None):
            return words[:1] if command is program else []
        command = found
        context = click.Context(command, info_name=words.pop(0), parent=context)
    known = {flag for param in command.get_params(context) for flag in (*param.opts, *param.secondary_opts)}
    return [word for word in words if re.match(r"--?[a-z]", word) and word.partition("=")[0] not in known]


@pytest.mark.parametrize("line", COMMANDS)
def test_commands_and_flags_exist(line: str) -> None:
    assert unknown_flags(line) == []


def test_what_does_not_exist_is_found() -> None:
    assert len(COMMANDS) > 60
    assert unknown_flags("anonkit rnu data") == ["rnu"]
    assert unknown_flags("anonkit run data --garbel") == ["--garbel"]


def digits_hidden(text: str) -> list[str]:
    return [re.sub(r"[\d.,]+( [kM]?B)?", "0", re.sub(r"\s+", " ", line)).strip() for line in text.splitlines()]


def test_the_tutorial_prints_what_it_shows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    shown = 0
    for block in indented_blocks(TUTORIAL.read_text(encoding="utf-8")):
        for command, _, output in (part.partition("\n") for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]):
            assert main(shlex.split(command)[1:]) == 0
            printed = "\n".join(capsys.readouterr())
            lines = [line for line in output.splitlines() if line.strip() and "…" not in line]
            assert set(digits_hidden("\n".join(lines))) <= set(digits_hidden(printed))
            shown += len(lines)
    assert shown > 20
    report = digits_hidden((tmp_path / "Output" / "cmd_env_report.txt").read_text(encoding="utf-8"))
    assert "GRID_USER=UR_0" in report
