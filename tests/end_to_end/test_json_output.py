"""`--json` of every command: one document on standard output, with the keys that docs/reference/json.md explains."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import Any

import click
import pytest
from command import Command, run_command

from anonkit.cli.lazy import LazyGroup
from anonkit.cli.main import commands

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "json.md"
SILENT = ("anonkit init", "anonkit completion", "anonkit restore", "anonkit config schema", "anonkit plugins new")
"""Commands that print a file, a script, or the path of what they wrote."""
ELSEWHERE = ("anonkit risk", "anonkit attack", "anonkit diff", "anonkit config show")
"""Commands of which other pages explain the document."""


def explained() -> dict[str, list[str]]:
    """The keys of each command's document, as the page has them."""
    sections = re.findall(r"^## `([^`\n]+)`\n(.*?)(?=^## |\Z)", PAGE.read_text(), re.MULTILINE | re.DOTALL)
    cells = {title: re.findall(r"^\| (`[^|\n]+) \|", text, re.MULTILINE) for title, text in sections}
    return {title: [key for cell in found for key in re.findall(r"`(\w+)`", cell)] for title, found in cells.items()}


@pytest.fixture(scope="module")
def workplace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which a run with a mapping was made; `run.json` is its document."""
    folder = tmp_path_factory.mktemp("json")
    run_command("demo", "data", "--rows", "60", "--files", "1", cwd=folder)
    flags = ("--mapping", "mapping.json", "--json", "--verbose")
    (folder / "run.json").write_text(run_command("run", "data", "out", *flags, cwd=folder).stdout)
    return folder


CALLS = {
    "anonkit run --dry-run": ("run", "data", "other", "--dry-run"),
    "anonkit audit": ("audit", "out", "--mapping", "mapping.json"),
    "anonkit mapping merge": ("mapping", "merge", "mapping.json", "mapping.json", "--output", "merged.json", "--force"),
    "anonkit mapping rekey": ("mapping", "rekey", "mapping.json", "--plain"),
    "anonkit reveal": ("reveal", "UR1", "--mapping", "mapping.json"),
    "anonkit package": ("package", "out", "release.zip"),
    "anonkit demo": ("demo", "more", "--rows", "5"),
    "anonkit preview": ("preview", "data", "--rows", "20"),
    "anonkit catalogue": ("catalogue", "User"),
    "anonkit plugins": ("plugins",),
    "anonkit plugins show": ("plugins", "show", "coarsen"),
}


@pytest.mark.parametrize("command", CALLS)
def test_document_has_the_keys_that_the_page_explains(command: str, workplace: Path) -> None:
    document = json.loads(run_command(*CALLS[command], "--json", cwd=workplace).stdout)
    assert keys_of(document) == explained()[command]


def test_document_of_a_run(workplace: Path) -> None:
    document = json.loads((workplace / "run.json").read_text())
    assert list(document) == explained()["anonkit run"]
    manifest = json.loads((workplace / "out/manifest.json").read_bytes())
    assert document["rows"] == manifest["rows"] == 60
    assert {output["name"] for output in document["outputs"]} == {output["name"] for output in manifest["outputs"]}
    assert document["audit"]["clean"] is True
    assert list(document["plan"]) == explained()["anonkit run --dry-run"]


def test_documents_of_forgetting_and_of_looking_up(workplace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    revealed = json.loads(run_command("reveal", "UR2", "--mapping", "mapping.json", "--json", cwd=workplace).stdout)
    monkeypatch.setattr("sys.stdin", TextIOWrapper(BytesIO(revealed[0]["identity"].encode())))
    found = json.loads(run_command("lookup", "--mapping", "mapping.json", "--json", cwd=workplace).stdout)
    assert (keys_of(found), found[0]["token"]) == (explained()["anonkit lookup"], "UR_2")
    (workplace / "copy.json").write_bytes((workplace / "mapping.json").read_bytes())
    forgotten = json.loads(run_command("mapping", "forget", "copy.json", "UR2", "--json", cwd=workplace).stdout)
    assert (keys_of(forgotten), forgotten["forgotten"]) == (explained()["anonkit mapping forget"], ["UR_2"])


def test_document_of_an_audit_that_finds_somebody(workplace: Path) -> None:
    [revealed] = json.loads(run_command("reveal", "UR1", "--mapping", "mapping.json", "--json", cwd=workplace).stdout)
    (workplace / "leak.txt").write_text(f"user: {revealed['identity']}\n")
    done = run_command("audit", "leak.txt", "--mapping", "mapping.json", "--json", cwd=workplace, status=1)
    document = json.loads(done.stdout)
    assert (document["clean"], document["total"]) == (False, 1)
    assert list(document["findings"][0]) == ["output", "offset", "kind", "variant", "token"]
    assert revealed["identity"] not in done.stdout


def test_of_a_command_that_fails_the_output_is_empty(anonkit: Command) -> None:
    done = anonkit("run", "nowhere", "out", "--json", status=1)
    assert done.stdout == ""
    assert "nowhere" in done.stderr


def test_every_command_prints_json_or_no_table() -> None:
    with_json = {
        name for name, command in every_command() if any("--json" in parameter.opts for parameter in command.params)
    }
    documented = {title.partition(" --")[0] for title in explained()}
    assert with_json == documented | set(ELSEWHERE)
    assert {name for name, _ in every_command()} == with_json | set(SILENT)


def every_command() -> Iterator[tuple[str, click.Command]]:
    """All commands, of shipped plugins too; a group that does something of itself is one."""
    yield from _below("anonkit", commands)


def _below(name: str, group: LazyGroup) -> Iterator[tuple[str, click.Command]]:
    context = click.Context(group)
    for word in group.list_commands(context):
        command = group.get_command(context, word)
        assert command is not None
        if not isinstance(command, LazyGroup) or command.invoke_without_command:
            yield f"{name} {word}", command
        if isinstance(command, LazyGroup):
            yield from _below(f"{name} {word}", command)


def keys_of(document: Any) -> list[str]:
    return list(document[0] if isinstance(document, list) else document)
