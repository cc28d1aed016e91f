"""The code in the documents: Python compiles, commands and their flags exist, the tutorial prints what it shows.

Tables of TOML are checked against the schema of the configuration in `tests/core/config/test_json_schema.py`, and the
smallest plugins run in `test_documentation.py`.
"""

from __future__ import annotations

import contextlib
import io
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import attrs
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


@attrs.frozen
class Tutorial:
    """A run of the tutorial: the folder of its outputs; what each command should print, and what it printed."""

    output: Path
    steps: list[tuple[str, str]]


def digits_hidden(text: str) -> list[str]:
    return [re.sub(r"[\d.,]+( [kM]?B)?", "0", re.sub(r"\s+", " ", line)).strip() for line in text.splitlines()]


def appears(line: str, found: set[str]) -> bool:
    """Whether a line was printed; of one that ends with an omission, the beginning."""
    if line.endswith("…"):
        return any(other.startswith(line[:-1]) for other in found)
    return line in found


def missing(block: str, found: str) -> list[str]:
    """The lines of a block that were not printed, whatever their numbers."""
    lines = set(digits_hidden(found))
    return [line for line in filter(None, digits_hidden(block)) if not appears(line, lines)]


def steps(text: str) -> Iterator[tuple[str, str]]:
    """Yield the commands in the blocks of a document, each with the lines that are shown after it."""
    for block in indented_blocks(text):
        for step in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, shown = step.partition("\n")
            yield command, shown


def printed(command: str) -> str:
    """What a command prints; it must end well."""
    stream = io.StringIO()
    with contextlib.redirect_stdout(stream), contextlib.redirect_stderr(stream):
        assert main(shlex.split(command)[1:]) == 0
    return stream.getvalue()


@pytest.fixture(scope="module")
def tutorial(tmp_path_factory: pytest.TempPathFactory) -> Tutorial:
    """The commands of the tutorial, as they were run."""
    folder = tmp_path_factory.mktemp("tutorial")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        shown = [(lines, printed(command)) for command, lines in steps(TUTORIAL.read_text(encoding="utf-8"))]
    return Tutorial(folder / "Output", shown)


def test_the_tutorial_prints_what_it_shows(tutorial: Tutorial) -> None:
    assert sum(shown.count("\n") for shown, _ in tutorial.steps) > 20
    assert [missing(shown, found) for shown, found in tutorial.steps] == [[] for _ in tutorial.steps]


def test_the_list_of_plugins_is_as_the_guide_for_authors_shows_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    found = list(steps((ROOT / "docs" / "authors" / "index.md").read_text(encoding="utf-8")))
    assert [command for command, _ in found] == ["anonkit plugins", "anonkit plugins dask"]
    assert [missing(shown, printed(command)) for command, shown in found] == [[], []]


def test_the_report_of_the_tutorial_is_what_it_shows(tutorial: Tutorial) -> None:
    [block] = [block for block in indented_blocks(TUTORIAL.read_text(encoding="utf-8")) if block.startswith("— Job #1")]
    assert missing(block, (tutorial.output / "cmd_env_report.txt").read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("name", ["summary.json", "failed_users.json", "jobs_at_<site>", "cmd_env_report.txt"])
def test_the_reference_shows_outputs_of_the_tutorial(tutorial: Tutorial, name: str) -> None:
    text = (ROOT / "docs" / "reference" / "outputs.md").read_text(encoding="utf-8")
    [section] = re.findall(rf"^## `{re.escape(name)}`\n(.*?)(?=^## |\Z)", text, re.M | re.S)
    [block] = indented_blocks("\n" + section)
    written = (tutorial.output / {"jobs_at_<site>": "jobs_at_FermiGrid.json"}.get(name, name)).read_text("utf-8")
    assert missing(block, written) == []


def test_a_line_that_was_not_printed_is_missing() -> None:
    assert missing('rows 12\nusers 3\n{"a":…\n{"b":…', 'rows    7\n{"a": 1}') == ["users 0", '{"b":…']
